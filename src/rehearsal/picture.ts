import type { DrawnChange, DrawnColumn, DrawnRelation, DrawnTable, Picture, SchemaChange } from '../model/evidence.js'
import type { SchemaDump } from '../sandbox/sandbox.js'
import { escapeControls } from '../source/controls.js'
import { IDENT, NAMES, namesIn, objectKey, QUALIFIED } from './object-key.js'
import { partsOf } from './schema-change.js'

/** A picture with more of it is none that a person reads. */
const MOST = { tables: 20, columns: 40 }

/**
 * The tables that changes touch, with the foreign keys and the tables at their other ends, as two readings of one
 * schema tell: what is gone as it was, all else as it is. Of a table that is no more than a neighbour only the keys.
 */
export function pictureOf(before: SchemaDump, after: SchemaDump, changes: readonly SchemaChange[]): Picture {
  const old = structureOf(before)
  const now = structureOf(after)
  const changed = [...new Set(changes.flatMap(({ table }) => table ?? []))]
  const touched = changed.filter((table) => !isPartition(table, now) && !isPartition(table, old))
  const relations = relationsOf(old, now).filter(({ from, to }) => touched.includes(from) || touched.includes(to))
  const neighbours = relations.flatMap(({ from, to }) => [to, from]).filter((table) => !touched.includes(table))
  const tables = [...new Set([...touched, ...neighbours])]
  const drawn = tables.slice(0, MOST.tables)
  const parts = partsOf(touched.slice(0, MOST.tables), before, after)
  return {
    tables: drawn.map((table) => ({
      ...drawnTable(table, touched.includes(table), old, now, changes),
      parts: parts.get(table) ?? [],
    })),
    relations: relations.filter(({ from, to }) => drawn.includes(from) && drawn.includes(to)),
    more: tables.length - drawn.length,
    partitions: changed.length - touched.length,
  }
}

interface Structure {
  /** Definitions by table: `table` or `partition of …`. */
  readonly tables: ReadonlyMap<string, string>
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, string>>
  readonly order: ReadonlyMap<string, readonly string[]>
  readonly keys: ReadonlyMap<string, readonly Key[]>
  readonly foreign: readonly {
    readonly id: string
    readonly from: string
    readonly columns: readonly string[]
    readonly to: string
  }[]
}
interface Key {
  readonly primary: boolean
  readonly columns: readonly string[]
}

const KEY = new RegExp(`^(PRIMARY KEY|UNIQUE) (?:NULLS NOT DISTINCT )?\\((${NAMES})\\)`)
const UNIQUE_INDEX = new RegExp(
  `^CREATE UNIQUE INDEX ${IDENT} ON (?:ONLY )?(${QUALIFIED}) USING \\w+ \\((${NAMES})\\)(?: INCLUDE \\(.*\\))?$`,
)
const FOREIGN = new RegExp(`^FOREIGN KEY \\((${NAMES})\\) REFERENCES (${QUALIFIED})\\(`)

function structureOf(dump: SchemaDump): Structure {
  const tables = new Map<string, string>()
  const columns = new Map<string, Map<string, string>>()
  const order = new Map<string, readonly string[]>()
  const keys = new Map<string, Key[]>()
  const foreign: Structure['foreign'][number][] = []
  const addKey = (table: string, key: Key): void => {
    keys.set(table, [...(keys.get(table) ?? []), key])
  }
  for (const [id, written] of dump) {
    if (!/^(?:table|column|column order of table|constraint|index) /.test(id)) continue
    const definition = escapeControls(written)
    const { kind, name, table } = objectKey(id)
    const unique = kind === 'index' ? UNIQUE_INDEX.exec(definition) : null
    if (unique !== null) addKey(unique[1] ?? '', { primary: false, columns: namesIn(unique[2] ?? '') })
    if (table === null) continue
    if (kind === 'table') tables.set(table, definition)
    else if (kind === 'column')
      columns.set(table, (columns.get(table) ?? new Map<string, string>()).set(name, definition))
    else if (kind === 'column order of table') order.set(table, namesIn(definition))
    else if (kind === 'constraint') {
      const key = KEY.exec(definition)
      if (key !== null) addKey(table, { primary: key[1] === 'PRIMARY KEY', columns: namesIn(key[2] ?? '') })
      const reference = FOREIGN.exec(definition)
      if (reference !== null)
        foreign.push({ id, from: table, columns: namesIn(reference[1] ?? ''), to: reference[2] ?? '' })
    }
  }
  return { tables, columns, order, keys, foreign }
}

function isPartition(table: string, { tables }: Structure): boolean {
  return /(?:^|, )partition of /.test(tables.get(table) ?? '')
}

function relationsOf(old: Structure, now: Structure): readonly DrawnRelation[] {
  const before = new Set(old.foreign.map(({ id }) => id))
  const after = new Set(now.foreign.map(({ id }) => id))
  const relation = (
    { from, columns, to }: Structure['foreign'][number],
    structure: Structure,
    change: DrawnChange,
  ): DrawnRelation => ({
    from,
    columns,
    to,
    optional: columns.some((column) => isNullable(from, column, structure)),
    unique: (structure.keys.get(from) ?? []).some((key) => key.columns.every((column) => columns.includes(column))),
    change,
  })
  // A partition refers to what its parent refers to.
  return [
    ...now.foreign.map((key) => relation(key, now, before.has(key.id) ? null : 'added')),
    ...old.foreign.filter(({ id }) => !after.has(id)).map((key) => relation(key, old, 'dropped')),
  ].filter(({ from, to }) => !isPartition(from, now) && !isPartition(to, now))
}

function isNullable(table: string, column: string, { columns, keys }: Structure): boolean {
  const primary = (keys.get(table) ?? []).some((key) => key.primary && key.columns.includes(column))
  return !primary && !/ NOT NULL\b/.test(columns.get(table)?.get(column) ?? '')
}

function drawnTable(
  table: string,
  whole: boolean,
  old: Structure,
  now: Structure,
  changes: readonly SchemaChange[],
): Omit<DrawnTable, 'parts'> {
  const gone = !now.tables.has(table)
  const there = now.order.get(table) ?? []
  const names = [...there, ...(old.order.get(table) ?? []).filter((column) => !there.includes(column))]
  const altered = new Map(
    changes.flatMap((change) => (change.kind === 'column' && change.table === table ? [[change.name, change]] : [])),
  )
  const columns = names.map((name): DrawnColumn => {
    const here = there.includes(name) ? now : old
    return {
      name,
      type: typeOf(here.columns.get(table)?.get(name) ?? ''),
      keys: keysOf(table, name, here),
      change: changeIn(altered.get(name)),
    }
  })
  const wanted = columns.filter(({ keys, change }) => keys.length > 0 || change !== null)
  const shown = !whole || columns.length > MOST.columns ? wanted.slice(0, MOST.columns) : columns
  const change = gone ? 'dropped' : !old.tables.has(table) ? 'added' : whole ? 'altered' : null
  return { name: table, change, columns: shown, more: columns.length - shown.length }
}

function changeIn(change: SchemaChange | undefined): DrawnChange {
  if (change === undefined) return null
  return change.before === null ? 'added' : change.after === null ? 'dropped' : 'altered'
}

/** A definition of a column without what comes after its type. */
function typeOf(definition: string): string {
  return (
    /^(?:"(?:[^"]|"")*"|[^"])*?(?= (?:COLLATE|NOT NULL|GENERATED|DEFAULT|STORAGE|COMPRESSION|STATISTICS|OPTIONS|\(inherited\))|$)/.exec(
      definition,
    )?.[0] ?? definition
  )
}

function keysOf(table: string, column: string, { keys, foreign }: Structure): DrawnColumn['keys'] {
  const own = keys.get(table) ?? []
  return [
    ...(own.some(({ primary, columns }) => primary && columns.includes(column)) ? ['PK' as const] : []),
    ...(foreign.some(({ from, columns }) => from === table && columns.includes(column)) ? ['FK' as const] : []),
    ...(own.some(({ primary, columns }) => !primary && columns.length === 1 && columns[0] === column)
      ? ['UK' as const]
      : []),
  ]
}
