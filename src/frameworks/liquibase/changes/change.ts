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
  /** Its columns, of `column` or in `columns`. */
  columns(): readonly Node[]
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
  return {
    node,
    naming: names,
    text,
    required,
    flag: (name) => flagIn(node, name) ?? false,
    columns: () => [
      ...childrenOf(node, 'column'),
      ...childrenOf(node, 'columns').flatMap((each) => childrenOf(each, 'column')),
    ],
    table: (name = 'tableName', schema = 'schemaName') => names.qualified(text(schema), required(name)),
    column: names.column,
    file(attribute) {
      const found = files(required(attribute), flagIn(node, 'relativeToChangelogFile') ?? false)
      if (typeof found === 'string') throw new Untranslatable(found)
      return found
    },
  }
}
