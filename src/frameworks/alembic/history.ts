import type { History, Project, Revision, Stray } from '../../model/migration.js'
import type { Note } from '../../model/note.js'
import type { FileSet } from '../../model/pull-request.js'
import { startOf, type Span } from '../../source/span.js'
import { nameOf } from '../folders.js'
import { configurationOf, isLoaded, locationsOf, settled, versionFiles } from './detect.js'
import { environmentOf, type AlembicEnvironment } from './environment.js'
import { headsOf, ordered, takenLabels, tied, type Node } from './graph.js'
import { surroundingsOf } from './surroundings.js'
import { revisionFile, type RevisionFile, type Said } from './revision-file.js'

type Known = RevisionFile & { readonly id: Said }

/** The revisions of a project as Alembic would load them, in an order in which they can be applied. */
export function alembicHistory(detected: Project, files: FileSet): History {
  const project = withEnvironment(settled(detected, files), files)
  const known: Known[] = []
  const strays: Stray[] = []
  const notes: Note[] = []
  const withhold = (at: Span, message: string): void => {
    notes.push({ message, at, bearing: 'withholds' })
  }
  for (const path of versionFiles(project, files)) {
    const source = files.read(path)
    const name = nameOf(path)
    if (source === undefined) {
      if (!isLoaded(project, path)) continue
      // Its place is not known, but it is a revision for all that its name says.
      known.push(unread(path))
      withhold(startOf(path), `${name} cannot be read, so its place in the history is not known`)
      continue
    }
    const file = revisionFile(source)
    const { id, unknown, faults } = file
    if (!isLoaded(project, path)) {
      if (id !== null && faults.length === 0) strays.push({ path, reason: IN_SUBFOLDER })
      continue
    }
    if (unknown.length > 0) {
      const names = unknown.map((said) => said.name).join(' and ')
      withhold(unknown[0]?.at ?? startOf(path), `${names} of ${name} cannot be told without running it`)
    }
    for (const { reason, at } of faults) withhold(at, `${name} ${reason}, and Alembic stops at it`)
    if (id !== null) known.push({ ...file, id })
    else if (unknown.every((said) => said.name !== 'revision'))
      strays.push({ path, reason: 'it has no `revision`', stops: true })
  }
  const nodes = tied(known)
  for (const { reason, at } of takenLabels(nodes)) withhold(at, `${nameOf(at.path)} ${reason}, and Alembic stops at it`)
  const order = ordered(nodes)
  for (const { path, id } of order.circle)
    withhold(startOf(path), `revision ${id.name} is its own ancestor, or follows one that is`)
  const all = [...order.nodes, ...order.circle]
  // A folder that only looks like one of Alembic's: nothing in it is a revision.
  const foreign = all.length === 0 && locationsOf(project).recursive === 'unknown'
  return {
    project,
    revisions: all.map(revisionOf),
    heads: headsOf(all),
    strays: foreign ? [] : strays,
    surroundings: surroundingsOf(project, files),
    notes: [...(all.length === 0 ? [] : faultsOf(project, files)), ...notes],
  }
}

/** The project with what `env.py` makes of Alembic's conventions. */
function withEnvironment(project: Project, files: FileSet): Project {
  const { settings, versionTable, transaction, outer } = environmentOf(project, files)
  const bookkeeping = 'unknown' in versionTable ? project.conventions.bookkeeping : [versionTable.value]
  const made = settings.map(({ name, value, local }) => ({ name, value, local }))
  const together = 'value' in transaction && transaction.value === 'run' ? { together: apart(outer) } : {}
  return { ...project, conventions: { ...project.conventions, bookkeeping, settings: made, ...together } }
}

/** How each revision gets a transaction of its own. */
function apart(outer: AlembicEnvironment['outer']): string {
  return 'value' in outer && outer.value
    ? 'commit in `env.py` before `context.configure`, and give that `transaction_per_migration=True`'
    : 'give `transaction_per_migration=True` to `context.configure` in `env.py`'
}

const IN_SUBFOLDER = 'it lies in a subfolder of the version location, and `recursive_version_locations` is not set'

function faultsOf(project: Project, files: FileSet): readonly Note[] {
  const configuration = configurationOf(project, files)
  return (configuration?.faults ?? []).map(({ message, line }) => {
    const start = { line, column: 1 }
    return { message, at: { path: configuration?.file ?? '', start, end: start }, bearing: 'withholds' }
  })
}

function unread(path: string): Known {
  const at = startOf(path)
  return {
    path,
    id: { name: nameOf(path).replace(/(_.*)?\.py$/, ''), at },
    parents: [],
    parentsAt: at,
    dependsOn: [],
    labels: [],
    title: nameOf(path),
    unknown: [],
    faults: [],
  }
}

function revisionOf({ id, parents, parentsAt, links, labels, path, title }: Node): Revision {
  return {
    id: id.name,
    parents: parents.map(({ name }) => name),
    path,
    downPath: null,
    title,
    repeatable: false,
    told: { id: id.at, parents: parentsAt, links, labels: labels.map(({ name }) => name) },
  }
}
