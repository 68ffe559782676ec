import type { SourceText } from '../../source/source-text.js'
import { startOf, type Span } from '../../source/span.js'
import { nameOf } from '../folders.js'
import { asPython } from './loading.js'
import { readModule, type Module } from './python/module.js'
import type { Expression } from './python/tree.js'
import type { Value } from './python/value.js'

/** A name with the place where it is written. */
export interface Said {
  readonly name: string
  readonly at: Span
}

/** What the top of a revision file says of its place in the history. */
export interface RevisionFile {
  readonly path: string
  /** null when the file does not tell its id. */
  readonly id: Said | null
  readonly parents: readonly Said[]
  /** Where `down_revision` is given its value. */
  readonly parentsAt: Span
  readonly dependsOn: readonly Said[]
  readonly labels: readonly Said[]
  readonly title: string
  /** Variables whose value cannot be told without running the file. */
  readonly unknown: readonly Said[]
  /** What makes Alembic stop when it loads the file, as a sentence without its subject. */
  readonly faults: readonly { readonly reason: string; readonly at: Span }[]
}

const modules = new WeakMap<SourceText, Module>()

/** The module of a file, parsed once. */
export function moduleOf(source: SourceText): Module {
  const known = modules.get(source)
  if (known !== undefined) return known
  const module = readModule(asPython(source.text), source.path)
  modules.set(source, module)
  return module
}

/**
 * Reads `revision`, `down_revision`, `branch_labels` and `depends_on` as Alembic takes them from the loaded module
 * (https://github.com/sqlalchemy/alembic/blob/rel_1_20_1/alembic/script/base.py, `Script`).
 */
export function revisionFile(source: SourceText): RevisionFile {
  const module = moduleOf(source)
  const { path } = source
  const unknown: Said[] = []
  const faults: { reason: string; at: Span }[] = []
  const spanOf = (written: Expression | undefined): Span =>
    written === undefined ? startOf(path) : source.spanOfUnits(written.from, written.to)
  const read = (variable: string): readonly Said[] => {
    const value = module.names.get(variable)
    const written = writtenFor(variable, module)
    const strings = value === undefined ? [] : stringsOf(value)
    if (strings === null) unknown.push({ name: variable, at: spanOf(written) })
    const items = written?.kind === 'sequence' && written.items.length === strings?.length ? written.items : []
    return (strings ?? []).map((name, index) => ({ name, at: spanOf(items[index] ?? written) }))
  }
  const [written] = read('revision')
  const id = written ?? (module.names.has('revision') ? null : idInName(path))
  const parents = read('down_revision')
  const isRooted = module.names.has('down_revision')
  if (id !== null && !isRooted) faults.push({ reason: 'has no `down_revision`', at: startOf(path) })
  const [illegal] = /[@:+-]/.exec(id?.name ?? '') ?? []
  if (id !== null && illegal !== undefined)
    faults.push({ reason: `has the character ${illegal} in its \`revision\``, at: id.at })
  return {
    path,
    id,
    parents,
    parentsAt: spanOf(writtenFor('down_revision', module)),
    dependsOn: read('depends_on'),
    labels: read('branch_labels'),
    title: titleOf(module, path),
    unknown,
    faults,
  }
}

/** What a variable is last given at the top of the file. */
function writtenFor(variable: string, { block }: Module): Expression | undefined {
  const last = block.findLast(
    (statement) =>
      statement.kind === 'assign' &&
      statement.targets.some((target) => target.kind === 'name' && target.id === variable),
  )
  return last?.kind === 'assign' ? last.value : undefined
}

/** Without `revision`, the name of a file is its id where it is all hexadecimal, as in Alembic 0.1. */
function idInName(path: string): Said | null {
  const name = /^([a-f0-9]+)\.py$/.exec(nameOf(path))?.[1]
  return name === undefined ? null : { name, at: startOf(path) }
}

/** A string, None, or a tuple or list of strings; null for anything else. */
function stringsOf(value: Value): readonly string[] | null {
  if (value.kind === 'none') return []
  if (value.kind === 'string') return [value.text]
  if (value.kind !== 'list') return null
  const items = value.items.flatMap((item) => (item.kind === 'string' ? [item.text] : []))
  return items.length < value.items.length ? null : items
}

/** The first line of the file's docstring; without one, the file's name. */
function titleOf({ block: [first] }: Module, path: string): string {
  const docstring = first?.kind === 'expression' && first.value.kind === 'string' ? first.value.text : ''
  const line = docstring.trim().split('\n', 1)[0]
  return (
    line ||
    nameOf(path)
      .replace(/\.py$/, '')
      .replace(/^[0-9a-f]+_/, '')
      .replaceAll('_', ' ')
  )
}
