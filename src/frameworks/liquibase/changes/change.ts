import type { SourceText } from '../../../source/source-text.js'
import { childrenOf, flagIn, type Node, textIn } from '../node.js'
import { type Naming, naming } from './names.js'

/** What a change lets be asked of it, and whom it asks for files. */
export interface Change {
  readonly node: Node
  readonly naming: Naming
  /** null where it is absent or empty. */
  text(name: string): string | null
  /** Untranslatable where it is absent. */
  required(name: string): string
  flag(name: string): boolean
  /** Its columns, in `columns` and of `column`; untranslatable where Liquibase takes two for one. */
  columns(): readonly Node[]
  /** The same; untranslatable where it has none. */
  someColumns(): readonly Node[]
  /** The table that it is about, with its schema. */
  table(name?: string, schema?: string): string
  column(name: string): string
  /** The text of the file that an attribute names. */
  file(attribute: string): SourceText
}

/** Why a change cannot be put into SQL. `fails`: Liquibase itself refuses it. */
export class Untranslatable extends Error {}

/** A kind of change: what is sent for it, and what undoes it. */
export interface ChangeType {
  /** Each a statement; throws Untranslatable. */
  readonly sql: (change: Change) => readonly string[]
  /** What Liquibase sends to undo it of its own accord; absent where it knows no way, null where it knows none for this one. */
  readonly inverse?: (change: Change) => readonly string[] | null
}

export type ChangeTypes = Readonly<Record<string, ChangeType>>

/** A change of a changeSet; `files` reads what it names. */
export function changeOf(
  node: Node,
  quotesAll: boolean,
  files: (name: string, relative: boolean) => SourceText | string,
): Change {
  const names = naming(quotesAll)
  const text = (name: string): string | null => textIn(node, name)
  const required = (name: string): string => {
    const value = text(name)
    if (value === null) throw new Untranslatable(`${name} is missing, and Liquibase refuses it`)
    return value
  }
  const columns = (): readonly Node[] =>
    [...childrenOf(node, 'columns'), ...childrenOf(node, 'column')].flatMap(columnsIn)
  return {
    node,
    naming: names,
    text,
    required,
    flag: (name) => flagIn(node, name) ?? false,
    columns,
    someColumns() {
      const found = columns()
      if (found.length === 0) throw new Untranslatable('columns are missing, and Liquibase refuses it')
      return found
    },
    table: (name = 'tableName', schema = 'schemaName') => names.qualified(text(schema), required(name)),
    column: names.column,
    file(attribute) {
      const found = files(required(attribute), flagIn(node, 'relativeToChangelogFile') ?? false)
      if (typeof found === 'string') throw new Untranslatable(found)
      return found
    },
  }
}

/**
 * What Liquibase takes for columns of a node that is called `column` or `columns`: those in it, or itself where there are none
 * (`liquibase.change.AbstractChange.load`).
 */
function columnsIn(node: Node): readonly Node[] {
  const inner = childrenOf(node, 'column')
  if (inner.length > 0 || node.children.length === 0) return inner
  if (childrenOf(node, 'name').length > 1) throw new Untranslatable('a column has two names, and Liquibase refuses it')
  return [node]
}
