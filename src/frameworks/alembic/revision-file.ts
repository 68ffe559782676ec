import type { SourceText } from '../../source/source-text.js'
import { readModule, type Module } from './python/module.js'
import type { Value } from './python/value.js'

/** What the top of a revision file says of its place in the history. */
export interface RevisionFile {
  readonly path: string
  /** null when the file has no `revision`: then it is no revision file. */
  readonly id: string | null
  readonly parents: readonly string[]
  readonly dependsOn: readonly string[]
  readonly labels: readonly string[]
  readonly title: string
  /** Names whose value cannot be told without running the file. */
  readonly unknown: readonly string[]
}

const modules = new WeakMap<SourceText, Module>()

/** The module of a file, parsed once. */
export function moduleOf(source: SourceText): Module {
  const known = modules.get(source)
  if (known !== undefined) return known
  const module = readModule(source.text, source.path)
  modules.set(source, module)
  return module
}

/** Reads `revision`, `down_revision`, `branch_labels` and `depends_on`. */
export function revisionFile(source: SourceText): RevisionFile {
  const module = moduleOf(source)
  const unknown: string[] = []
  const read = (name: string): readonly string[] => {
    const value = module.names.get(name)
    const strings = value === undefined ? [] : stringsOf(value)
    if (strings === null) unknown.push(name)
    return strings ?? []
  }
  const [id] = read('revision')
  return {
    path: source.path,
    id: id ?? null,
    parents: read('down_revision'),
    dependsOn: read('depends_on'),
    labels: read('branch_labels'),
    title: titleOf(module, source.path),
    unknown,
  }
}

/** A string, None, or a tuple or list of strings. */
function stringsOf(value: Value): readonly string[] | null {
  if (value.kind === 'none') return []
  if (value.kind === 'string') return [value.text]
  if (value.kind !== 'list') return null
  const items = value.items.map((item) => (item.kind === 'string' ? item.text : null))
  return items.some((item) => item === null) ? null : items.filter((item) => item !== null)
}

/** The first line of the file's docstring; without one, the file's name. */
function titleOf({ block: [first] }: Module, path: string): string {
  const docstring = first?.kind === 'expression' && first.value.kind === 'string' ? first.value.text : ''
  const line = docstring.trim().split('\n', 1)[0]
  return (
    line ||
    path
      .replace(/^.*\//, '')
      .replace(/\.py$/, '')
      .replace(/^[0-9a-f]+_/, '')
      .replaceAll('_', ' ')
  )
}
