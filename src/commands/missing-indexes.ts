import type { Picture, SchemaChange } from '../model/evidence.js'
import { bare, unquoted } from '../report/schema-name.js'

/** A new foreign key that no index of its table serves. */
export interface MissingIndex {
  readonly table: string
  readonly columns: readonly string[]
  readonly sql: string
}

const NAME = '(?:"(?:[^"]|"")*"|[^\\s."(),]+)'
const LIST = `\\((${NAME}(?:, ${NAME})*)[^)]*\\)`
const FOREIGN = new RegExp(`^FOREIGN KEY ${LIST} REFERENCES `)
const KEY = new RegExp(`^(?:PRIMARY KEY|UNIQUE)(?: NULLS NOT DISTINCT)? ${LIST}`)
const INDEX = new RegExp(`^CREATE (?:UNIQUE )?INDEX ${NAME} ON .*? USING \\w+ ${LIST}(?!.*\\bWHERE )`)

/**
 * The foreign keys that a change adds and whose columns no index begins with, as PostgreSQL described the tables after up:
 * each DELETE of what they refer to reads the whole table. A partial index serves none.
 */
export function missingIndexes({ tables }: Picture): readonly MissingIndex[] {
  return tables.flatMap(({ name: table, change, parts }) => {
    const now = parts.filter(({ after }) => after !== null)
    const served = now.flatMap(({ kind, after }) => leading(kind, after ?? ''))
    return now
      .filter(({ kind, before }) => kind === 'constraint' && before === null)
      .flatMap((part) => columnsOf(FOREIGN, part.after ?? ''))
      .filter((columns) => !served.some((index) => begins(index, columns)))
      .map((columns) => ({ table, columns, sql: indexOn(table, columns, change === 'added') }))
  })
}

/** The columns of an index, or of a key, which has one. */
function leading(kind: SchemaChange['kind'], definition: string): readonly (readonly string[])[] {
  if (kind === 'index') return columnsOf(INDEX, definition)
  return kind === 'constraint' ? columnsOf(KEY, definition) : []
}

function columnsOf(pattern: RegExp, definition: string): readonly (readonly string[])[] {
  const list = pattern.exec(definition)?.[1]
  return list === undefined ? [] : [list.match(new RegExp(NAME, 'g')) ?? []]
}

/** Whether an index begins with some columns, in whatever order. */
function begins(index: readonly string[], columns: readonly string[]): boolean {
  const first = index.slice(0, columns.length)
  return first.length === columns.length && columns.every((column) => first.includes(column))
}

/** Nobody waits for an index on a table that is new. */
function indexOn(table: string, columns: readonly string[], fresh: boolean): string {
  const plain = [unquoted(table).split('.').at(-1) ?? '', ...columns.map(unquoted), 'idx'].join('_')
  const name = /^[a-z_][a-z0-9_]*$/.test(plain) && plain.length <= 63 ? ` ${plain}` : ''
  // Without a name PostgreSQL chooses one, but for IF NOT EXISTS.
  return `CREATE INDEX${fresh ? '' : ' CONCURRENTLY'}${name} ON ${bare(table)} (${columns.join(', ')});`
}
