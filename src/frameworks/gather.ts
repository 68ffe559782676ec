import { joined } from '../model/file-set.js'
import type { Project } from '../model/migration.js'
import type { FileSet } from '../model/pull-request.js'
import type { FileIndex } from './framework.js'
import { frameworkOf, frameworks } from './index.js'

/** What a text that was read may ask for in turn: a module that a module imports. Longer chains are left, unless a framework says otherwise. */
const MOST_ROUNDS = 6

/** One side whose texts can be read. */
export interface Source extends FileIndex {
  load(paths: readonly string[]): Promise<FileSet>
}

/** Reads the files that tell where projects are. */
export function clued(source: Source): Promise<FileSet> {
  return source.load(cluesIn(source))
}

function cluesIn(source: Source): readonly string[] {
  return frameworks.flatMap((framework) => framework.clues?.(source) ?? [])
}

/**
 * Reads what the frameworks of some projects ask for on one side, until nothing that was read makes them ask for more; `clues`
 * are its files that `clued` has read.
 */
export async function gathered(
  source: Source,
  clues: FileSet,
  projects: readonly Project[],
  besides: readonly string[],
): Promise<FileSet> {
  const asked = new Set(cluesIn(source))
  let files = clues
  let wanted = besides
  const roundsOf = (project: Project): number => frameworkOf(project).rounds ?? MOST_ROUNDS
  const most = Math.max(MOST_ROUNDS, ...projects.map(roundsOf))
  for (let round = 0; round <= most; round++) {
    const fresh = [...new Set(wanted)].filter((path) => !asked.has(path))
    if (fresh.length === 0 && round > 0) break
    for (const path of fresh) asked.add(path)
    if (fresh.length > 0) files = joined(files, await source.load(fresh))
    const going = projects.filter((project) => round < roundsOf(project))
    wanted = going.flatMap((project) => frameworkOf(project).sources(project, files))
  }
  return files
}
