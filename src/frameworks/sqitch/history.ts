import type { History, Project, Revision, Stray } from '../../model/migration.js'
import type { Note } from '../../model/note.js'
import type { FileSet } from '../../model/pull-request.js'
import { startOf } from '../../source/span.js'
import { isBelow, join } from '../folders.js'
import { planOf, type PlannedChange } from './plan.js'
import type { Layout } from './configuration.js'

/** The layout that detection wrote into a project. */
export function layoutIn({ config }: Project): Layout {
  const said = (name: string): string => config[name] ?? ''
  return {
    plan: said('plan'),
    deploy: said('deploy'),
    revert: said('revert'),
    verify: said('verify'),
    extension: said('extension'),
    engine: null,
  }
}

/** The history that a plan tells. A change whose deploy script is not there stops Sqitch, and is a revision that cannot be read. */
export function sqitchHistory(project: Project, files: FileSet): History {
  const layout = layoutIn(project)
  const source = files.read(layout.plan)
  const paths = new Set(files.paths)
  if (source === undefined) {
    const reason = files.refusal(layout.plan)?.reason ?? 'it is not there'
    const note: Note = { message: `the plan cannot be read: ${reason}`, at: startOf(layout.plan), bearing: 'withholds' }
    return { project, revisions: [], heads: [], strays: straysOf(layout, new Set(), files.paths), notes: [note] }
  }
  const { changes, problem } = planOf(source)
  const revisions: Revision[] = []
  const told = new Set<string>()
  const times = new Map<string, number>()
  for (const change of changes) {
    const time = (times.get(change.name) ?? 0) + 1
    times.set(change.name, time)
    const revision = revisionOf(change, time, layout, paths, revisions.at(-1)?.id)
    revisions.push(revision)
    for (const folder of [layout.deploy, layout.revert, layout.verify])
      told.add(scriptOf(change, folder, layout, paths))
  }
  const notes: readonly Note[] =
    problem === null
      ? []
      : [
          {
            message: `Sqitch stops at this line of the plan: ${problem.reason}; what follows it is not reviewed`,
            at: problem.at,
            bearing: 'withholds',
          },
        ]
  return {
    project,
    revisions,
    heads: revisions.slice(-1).map(({ id }) => id),
    strays: straysOf(layout, told, files.paths),
    notes,
  }
}

/** `time`: how often the plan has had the name, this one included. */
function revisionOf(
  change: PlannedChange,
  time: number,
  layout: Layout,
  paths: ReadonlySet<string>,
  parent: string | undefined,
): Revision {
  const down = scriptOf(change, layout.revert, layout, paths)
  return {
    id: time === 1 ? change.name : `${change.name} (${time})`,
    identity: `${change.name} (${time})`,
    parents: parent === undefined ? [] : [parent],
    path: scriptOf(change, layout.deploy, layout, paths),
    downPath: paths.has(down) ? down : null,
    title: change.name,
    repeatable: false,
  }
}

/**
 * The script of a change in a folder: of one that was reworked the first that is there under the name with one of the tags that
 * came between (App::Sqitch::Plan::Change).
 */
function scriptOf(
  { name, reworkTags }: PlannedChange,
  folder: string,
  { extension }: Layout,
  paths: ReadonlySet<string>,
): string {
  if (reworkTags.length === 0) return join(folder, `${name}.${extension}`)
  const candidates = reworkTags.map((tag) => join(folder, `${name}@${tag}.${extension}`))
  return candidates.find((path) => paths.has(path)) ?? candidates[0] ?? ''
}

/** The script that looks whether a change did what it should; null when there is none. */
export function verifyOf({ path }: Revision, layout: Layout, paths: readonly string[]): string | null {
  const verify = join(layout.verify, path.slice(layout.deploy.length + 1))
  return paths.includes(verify) ? verify : null
}

function straysOf(layout: Layout, told: ReadonlySet<string>, paths: readonly string[]): readonly Stray[] {
  const folders = [layout.deploy, layout.revert, layout.verify]
  return paths
    .filter((path) => path.endsWith(`.${layout.extension}`) && folders.some((folder) => isBelow(folder, path)))
    .filter((path) => !told.has(path))
    .map((path) => ({ path, reason: 'the plan has no change of this name' }))
}
