import type { SchemaChange, SchemaDifference } from '../model/evidence.js'
import type { SchemaDump } from '../sandbox/sandbox.js'
import { escapeControls } from '../source/controls.js'
import { namesIn, objectKey, QUALIFIED } from './object-key.js'

/** More changes of one migration nobody reads, and no longer definition. */
const MOST = { changes: 300, definition: 4_000 }

/**
 * What differs between two readings of a schema, for a person who wants to see the tables: every part of a new or dropped
 * table is there, in the order of its columns. What follows from another change goes without saying: who owns a new
 * object, the sequence behind an identity column, what a partition inherits.
 */
export function changesBetween(before: SchemaDump, after: SchemaDump): readonly SchemaChange[] {
  const changed = new Set([...before.keys(), ...after.keys()].filter((key) => before.get(key) !== after.get(key)))
  return [...changed]
    .filter((key) => !follows(key, [before.get(key), after.get(key)], changed, { before, after }))
    .map((key) => ({ key, change: changeOf(key, before.get(key) ?? null, after.get(key) ?? null) }))
    .sort((a, b) => compare(placeOf(a.change, { before, after }), placeOf(b.change, { before, after })))
    .map(({ change }) => change)
}

/** The changes as evidence holds them: a limited number, and no long definition. */
export function kept(changes: readonly SchemaChange[]): SchemaDifference {
  return {
    changes: changes.slice(0, MOST.changes).map((change) => ({
      ...change,
      before: shortened(change.before),
      after: shortened(change.after),
    })),
    more: Math.max(0, changes.length - MOST.changes),
  }
}

function shortened(definition: string | null): string | null {
  if (definition === null || definition.length <= MOST.definition) return definition
  return `${definition.slice(0, MOST.definition)}… (${definition.length - MOST.definition} more characters)`
}

/** What some tables are made of, before and after, what stays as it is included; so much of it as a person reads. */
export function partsOf(
  tables: readonly string[],
  before: SchemaDump,
  after: SchemaDump,
): ReadonlyMap<string, readonly SchemaChange[]> {
  const parts = new Map(tables.map((table): [string, SchemaChange[]] => [table, []]))
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    if (!PART_OF_TABLE.test(key)) continue
    const change = changeOf(key, before.get(key) ?? null, after.get(key) ?? null)
    if (change.table !== null) parts.get(change.table)?.push(change)
  }
  const inOrder = (a: SchemaChange, b: SchemaChange): number =>
    compare(placeOf(a, { before, after }), placeOf(b, { before, after }))
  return new Map([...parts].map(([table, some]) => [table, kept(some.sort(inOrder)).changes]))
}
const PART_OF_TABLE = /^(?:column (?!order of )|constraint |index |trigger |policy |rule )/

interface Dumps {
  readonly before: SchemaDump
  readonly after: SchemaDump
}

function changeOf(key: string, before: string | null, after: string | null): SchemaChange {
  const parts = objectKey(key)
  const table = parts.kind === 'index' ? tableOfIndex(escapeControls(after ?? before ?? '')) : parts.table
  const [old, now] =
    ownerOf(before) === ownerOf(after) || before === null || after === null
      ? [unowned(before), unowned(after)]
      : [before, after]
  return { ...parts, table, before: old, after: now }
}

/** Whose an object is goes without saying while it stays theirs: it is the sandbox's own role. */
const OWNER = / ?owned by (?:"(?:[^"]|"")*"|\w+)$/

function ownerOf(definition: string | null): string {
  return OWNER.exec(definition ?? '')?.[0] ?? ''
}

function unowned(definition: string | null): string | null {
  return definition?.replace(OWNER, '') ?? null
}

/** `CREATE INDEX name ON public.orders USING btree (…)`: the name of an index has no schema there. */
function tableOfIndex(definition: string): string | null {
  return OF_INDEX.exec(definition)?.[1] ?? null
}
const OF_INDEX = new RegExp(`^CREATE (?:UNIQUE )?INDEX (?:"(?:[^"]|"")*"|\\S+) ON (?:ONLY )?(${QUALIFIED}) USING `)

function follows(
  key: string,
  definitions: readonly (string | undefined)[],
  changed: ReadonlySet<string>,
  { before, after }: Dumps,
): boolean {
  if (key.startsWith('column order of ')) return true
  const comesOrGoes = (object: string): boolean => changed.has(object) && before.has(object) !== after.has(object)
  const owned = /^owner of (.+)$/s.exec(key)?.[1]?.replace(/^foreign table /, 'table ')
  if (owned !== undefined && (comesOrGoes(owned) || sequenceFollows(owned, before.get(owned) ?? after.get(owned))))
    return true
  const definition = definitions.find((each) => each !== undefined) ?? ''
  if (sequenceFollows(key, definition)) return true
  if (key.startsWith('column ') && definitions.every((each) => each?.endsWith('(inherited)') ?? true)) {
    return !comesOrGoes(`table ${objectKey(key).table ?? ''}`)
  }
  const [, parent] = /\(partition of ([^)]+)\)/.exec(key.startsWith('index ') ? definition : '') ?? []
  return parent !== undefined && changed.has(`index ${parent}`)

  /** A sequence goes with the column that it numbers. */
  function sequenceFollows(object: string, definition = ''): boolean {
    const column = object.startsWith('sequence ')
      ? /, (?:identity of|owned by) (.+)$/s.exec(definition)?.[1]
      : undefined
    return column !== undefined && changed.has(`column ${column}`)
  }
}

type Place = readonly (number | string)[]

/** Types first, then the tables with their parts, then what is built on them. */
function placeOf({ kind, name, table, after, before }: SchemaChange, dumps: Dumps): Place {
  if (table === null) return [GROUNDS.test(kind) ? 0 : 2, kind, name]
  const columns = (dump: SchemaDump): readonly string[] =>
    namesIn(escapeControls(dump.get(`column order of table ${table}`) ?? ''))
  const position = kind === 'column' ? positionOf(name, columns(dumps.after), columns(dumps.before)) : 0
  const definition = after ?? before ?? ''
  const rank = kind === 'table' ? 0 : kind === 'column' ? 1 : kind === 'constraint' ? 2 + keyRank(definition) : 9
  return [1, table, rank, position, kind, name]
}
const GROUNDS = /^(?:extension|schema|enum|domain|range type|type|collation|role)$/

/** A dropped column stands where it stood. */
function positionOf(column: string, after: readonly string[], before: readonly string[]): number {
  return after.includes(column) ? after.indexOf(column) : before.indexOf(column) - 0.5
}

function keyRank(definition: string): number {
  const at = ['PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY', 'CHECK'].findIndex((start) => definition.startsWith(start))
  return at < 0 ? 4 : at
}

function compare(a: Place, b: Place): number {
  for (const [at, left] of a.entries()) {
    const right = b[at] ?? ''
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}
