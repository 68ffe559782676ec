import type { History, Project, Revision, Stray } from '../../model/migration.js'
import type { Note } from '../../model/note.js'
import { join } from '../folders.js'
import type { Dialect, Versioned } from './dialect.js'

interface Named extends Versioned {
  readonly title: string
}

/** The history that the names in a project's folder tell, in the order in which the tool applies it. */
export function historyOfNames(project: Project, dialect: Dialect, paths: readonly string[]): History {
  const ups: Named[] = []
  const downs: Named[] = []
  const strays: Stray[] = []
  const repeatables: Named[] = []
  const below = pathsBelow(project.root, paths).map((path) =>
    path.slice(project.root === '' ? 0 : project.root.length + 1),
  )
  const amiss = (dialect.amiss?.(below) ?? []).map((stray) => ({ ...stray, path: join(project.root, stray.path) }))
  const isAmiss = new Set(amiss.map(({ path }) => path))
  strays.push(...amiss)
  for (const name of below) {
    const path = join(project.root, name)
    const place = isAmiss.has(path) ? null : dialect.place(name)
    if (place === null) continue
    if (place.kind === 'stray') strays.push({ path, reason: place.reason, ...(place.stops && { stops: place.stops }) })
    else if (place.kind === 'repeatable') repeatables.push({ version: place.name, title: place.title, path })
    else (place.kind === 'up' ? ups : downs).push({ version: place.version, title: place.title, path })
  }
  ups.sort(dialect.compare)
  const downOf = pairing(ups, downs)
  const paired = new Set(downOf.values())
  for (const down of downs) {
    if (paired.has(down)) continue
    if (dialect.downAlone !== undefined && !ups.some(({ path }) => folder(path) === folder(down.path))) {
      strays.push({ path: down.path, reason: dialect.downAlone, stops: true })
      continue
    }
    const rival = ups.some(({ version }) => version === down.version)
    strays.push({
      path: down.path,
      reason: rival
        ? `version ${down.version} has another down file, or none of its up files has this name`
        : `there is no up file of version ${down.version}`,
    })
  }
  const revisions = linked(
    ups.map((up) => ({
      id: up.version,
      parents: [],
      path: up.path,
      downPath: downOf.get(up)?.path ?? null,
      title: up.title,
      repeatable: false,
    })),
  )
  const again = repeatables.map(({ version, path, title }): Revision => ({
    id: version,
    parents: [],
    path,
    downPath: null,
    title,
    repeatable: true,
  }))
  return {
    project,
    revisions: [...revisions, ...again],
    heads: revisions.slice(-1).map(({ id }) => id),
    strays,
    notes: notesOn(dialect, project, revisions),
  }
}

/** Revisions in their order, each as the child of the version before it. */
export function linked(revisions: readonly Revision[]): readonly Revision[] {
  const versions = [...new Set(revisions.map(({ id }) => id))]
  const before = new Map(versions.map((version, index) => [version, versions.slice(Math.max(0, index - 1), index)]))
  return revisions.map((revision) => ({ ...revision, parents: before.get(revision.id) ?? [] }))
}

/** The paths that lie in a folder, at any depth. */
export function pathsBelow(root: string, paths: readonly string[]): readonly string[] {
  return root === '' ? paths : paths.filter((path) => path.startsWith(`${root}/`))
}

/** Which down belongs to which up: the one of its version, and among several the one of its name. */
function pairing(ups: readonly Named[], downs: readonly Named[]): ReadonlyMap<Named, Named> {
  const pairs = new Map<Named, Named>()
  const downsOf = byVersion(downs)
  for (const [version, sameUps] of byVersion(ups)) {
    const sameDowns = downsOf.get(version) ?? []
    const [onlyUp] = sameUps
    const [onlyDown] = sameDowns
    if (onlyUp && onlyDown && sameUps.length === 1 && sameDowns.length === 1) pairs.set(onlyUp, onlyDown)
    else
      for (const up of sameUps) {
        const down = sameDowns.find(({ title, path }) => title === up.title && folder(path) === folder(up.path))
        if (down !== undefined) pairs.set(up, down)
      }
  }
  return pairs
}

function byVersion(files: readonly Named[]): ReadonlyMap<string, readonly Named[]> {
  const groups = new Map<string, Named[]>()
  for (const file of files) {
    const group = groups.get(file.version)
    if (group === undefined) groups.set(file.version, [file])
    else group.push(file)
  }
  return groups
}

function folder(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

function notesOn(dialect: Dialect, project: Project, revisions: readonly Revision[]): readonly Note[] {
  if (dialect.id !== 'sql' || revisions.length === 0) return []
  const place = project.root === '' ? 'the top folder' : project.root
  return [
    {
      message: `No migration tool was recognised for ${place}; its files are taken to run in order, each statement on its own`,
      at: null,
      bearing: 'informs',
    },
  ]
}
