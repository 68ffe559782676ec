import { type Node, textIn } from './node.js'
import type { Folder } from './resources.js'

/** The files of a folder that an `includeAll` asks for, in their order; a text says why nobody can tell. */
export function chosenIn({ path, files }: Folder, node: Node): readonly string[] | string {
  for (const setting of ['filter', 'resourceFilter', 'resourceComparator']) {
    if (textIn(node, setting) !== null) return `it asks a Java class (${setting}), which is not run`
  }
  const least = depthIn(node, 'minDepth', 0)
  const most = depthIn(node, 'maxDepth', Infinity)
  if (typeof least === 'string') return least
  if (typeof most === 'string') return most
  if (most < least) return 'its maxDepth is less than its minDepth, and Liquibase refuses it'
  const ending = (textIn(node, 'endsWithFilter') ?? '').trim().toLowerCase()
  return files.filter((file) => {
    // What lies in the folder itself has the depth 1 (`liquibase.resource.AbstractPathResourceAccessor#search`).
    const depth = file.slice(path.length + 1).split('/').length
    return depth >= least && depth <= most && file.toLowerCase().endsWith(ending)
  })
}

function depthIn(node: Node, name: string, otherwise: number): number | string {
  const text = textIn(node, name)?.trim() ?? null
  if (text === null) return otherwise
  return /^\d+$/.test(text) ? Number(text) : `its ${name} is no number, and Liquibase refuses it`
}
