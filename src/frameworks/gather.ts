import type { Project } from '../model/migration.js'
import type { FileSet } from '../model/pull-request.js'
import type { FileIndex } from './framework.js'
import { frameworkOf, frameworks } from './index.js'

/** What a text that was read may ask for in turn: a module that a module imports. Longer chains are left. */
const MOST_ROUNDS = 6

/** One side whose texts can be read. */
export interface Source extends FileIndex {
  load(paths: readonly string[]): Promise<FileSet>
}

/** Reads the files that tell where projects are. */
export function clued(source: Source): Promise<FileSet> {
  return source.load(frameworks.flatMap((framework) => framework.clues?.(source) ?? []))
}

/** Reads what the frameworks of some projects ask for on one side, until nothing that was read makes them ask for more. */
export async function gathered(
  source: Source,
  projects: readonly Project[],
  besides: readonly string[],
): Promise<FileSet> {
  const wanted = new Set([...frameworks.flatMap((framework) => framework.clues?.(source) ?? []), ...besides])
  let files = await source.load([...wanted])
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = wanted.size
    for (const project of projects) for (const path of frameworkOf(project).sources(project, files)) wanted.add(path)
    if (wanted.size === before) break
    files = await source.load([...wanted])
  }
  return files
}
