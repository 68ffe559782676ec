import { flagIn, type Node, textIn } from './node.js'
import type { Resources } from './resources.js'

/** The attribute in which a change names a file that it runs or loads. */
const NAMES: Readonly<Record<string, string>> = {
  sqlFile: 'path',
  loadData: 'file',
  loadUpdateData: 'file',
  createProcedure: 'path',
  createFunction: 'path',
  createView: 'path',
  createTrigger: 'path',
  createPackage: 'path',
}

/** The file that a change names; null where it names none. */
export function fileOfChange(change: Node, from: string, resources: Resources) {
  const attribute = NAMES[change.name]
  const name = attribute === undefined ? null : textIn(change, attribute)
  if (name === null) return null
  return resources.file(name, from, flagIn(change, 'relativeToChangelogFile') ?? false)
}

/** The files of the repository that a change and those in it name. */
export function filesOfChange(change: Node, from: string, resources: Resources): readonly string[] {
  const found = fileOfChange(change, from, resources)
  return found !== null && 'path' in found ? [found.path] : []
}
