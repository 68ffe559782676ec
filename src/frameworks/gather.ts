import { joined } from '../model/file-set.js'
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
  const first = [...frameworks.flatMap((framework) => framework.clues?.(source) ?? []), ...besides]
  const asked = new Set(first)
  let files = await source.load([...asked])
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const wanted = new Set(projects.flatMap((project) => frameworkOf(project).sources(project, files)))
    const fresh = [...wanted].filter((path) => !asked.has(path))
    if (fresh.length === 0) break
    for (const path of fresh) asked.add(path)
    files = joined(files, await source.load(fresh))
  }
  return files
}
