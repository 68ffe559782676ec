import { clued, gathered } from '../frameworks/gather.js'
import { detectProjects, frameworkOf, frameworks, unreadPaths } from '../frameworks/index.js'
import type { OpenSnapshot, Side } from '../model/open-snapshot.js'
import type { FileSet } from '../model/pull-request.js'
import type { Settings } from '../model/settings.js'

/** The paths whose content or mode differs between the sides; null where contents have no names by which to tell. */
export function changedPaths({ base, head }: Pick<OpenSnapshot, 'base' | 'head'>): readonly string[] | null {
  const changed: string[] = []
  for (const path of new Set([...base.paths, ...head.paths])) {
    const [before, after] = [identityOn(base, path), identityOn(head, path)]
    if (before === null || after === null) return null
    if (before !== after) changed.push(path)
  }
  return changed
}

function identityOn(side: Side, path: string): string | null {
  return side.has(path) ? side.identity(path) : 'absent'
}

/**
 * Whether a pull request can matter to migrations at all: it changes a file of a project, one that such a file asks for, one that
 * looks like a migration, or one that tells where projects are. When in doubt it does. Reads as little as that takes.
 */
export async function touchesMigrations(
  snapshot: Pick<OpenSnapshot, 'base' | 'head'>,
  settings: Settings,
): Promise<boolean> {
  const changed = changedPaths(snapshot)
  if (changed === null) return true
  if (changed.length === 0) return false
  const differs = new Set(changed)
  const sides = await Promise.all(
    [snapshot.base, snapshot.head].map(async (side) => ({ side, clues: await clued(side) })),
  )
  const { baseline } = settings
  if (baseline !== null && differs.has(baseline)) return true
  const clues = sides.flatMap(({ side }) => frameworks.flatMap((framework) => framework.clues?.(side) ?? []))
  if (clues.some((path) => differs.has(path))) return true
  for (const { side, clues } of sides) if (await touches(side, clues, changed, settings)) return true
  return false
}

async function touches(side: Side, clues: FileSet, changed: readonly string[], settings: Settings): Promise<boolean> {
  const differs = new Set(changed)
  const projects = detectProjects(clues, settings.migrations)
  const owned = projects.some(({ root }) => changed.some((path) => root !== '' && path.startsWith(`${root}/`)))
  if (owned || unreadPaths(side, projects).some((path) => differs.has(path))) return true
  const named = projects.flatMap((project) => frameworkOf(project).sources(project, clues))
  if (named.some((path) => differs.has(path))) return true
  const asking = projects.filter((project) => changed.some((path) => frameworkOf(project).mayAsk?.(path) === true))
  if (asking.length === 0) return false
  // Only the texts themselves tell which modules they import.
  const files = await gathered(side, clues, asking, [])
  return asking.flatMap((project) => frameworkOf(project).sources(project, files)).some((path) => differs.has(path))
}
