import type { Catalog } from '../model/catalog.js'
import { isPlain } from '../model/migration.js'
import { missingIn, type Missing } from '../model/missing.js'
import { keyOf, show } from '../model/names.js'
import type { Operation, OperationKind } from '../model/operation.js'
import { nearest } from '../source/nearest.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'unknown-object',
    code: 'F30',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    once: 'statement',
    summary: 'A statement names something that does not exist at that point',
    why:
      'PostgreSQL stops there, and with it the migration. The usual causes are a misspelt name, a name that an earlier migration ' +
      'changed, an index or constraint whose generated name was guessed, and statements in the wrong order. It is said only where ' +
      'the whole history was read and understood; names in queries, in most expressions, in functions and in DO blocks are not looked at.',
    instead:
      'Correct the name, or put the statement where the object exists. IF EXISTS is right only where it may truly be absent.',
    messages: {
      unknown: 'There is no {{what}} {{name}} at this point of the history{{hint}}',
      part: '{{of}} has no {{what}} {{name}} at this point of the history{{hint}}',
    },
  },
  check: {
    operation(operation, { catalog, statement, script, pull, conventions, elsewhere }) {
      const missing = missingIn(operation, statement.sql, catalog, conventions.bookkeeping)
      if (missing === null) return
      // Of a table that this pull request creates all is known, unless something here was not understood.
      if (!catalog.complete && ![script, ...pull.map(({ up }) => up)].every(isPlain)) return
      const earlier = script.statements.slice(0, statement.index).flatMap(({ operations }) => operations)
      if (isTakenAlong(missing, earlier) || isSaid(missing, earlier)) return
      if (missing.of === null && !canTell(missing, catalog, elsewhere)) return
      const [close] = nearest(missing.name.name, namesLike(missing, catalog), 1)
      const hint = close === undefined ? '' : `; did you mean ${close}?`
      const { what, name, of } = missing
      if (of !== null)
        return { message: 'part', at: operation.span, data: { what, name: show(name), of: show(of), hint } }
      // A history may have begun on a database that was not empty: then a name like no other is not certainly wrong.
      const doubt =
        close === undefined ? ({ confidence: 'likely', weight: 'warning' } as const) : { confidence: 'likely' as const }
      return { message: 'unknown', at: operation.span, data: { what, name: show(name), hint }, ...doubt }
    },
  },
})

/** Whether the history holds what existed before this pull request, and no other project creates it. */
function canTell({ name }: Missing, catalog: Catalog, elsewhere: ReadonlySet<string>): boolean {
  return !elsewhere.has(name.name) && [...catalog.tables].some(({ born }) => born === 'base')
}

/** Whether a foreign key may have gone with what it pointed to, which PostgreSQL refuses: then that is what is wrong. */
function isTakenAlong({ what, of }: Missing, earlier: readonly Operation[]): boolean {
  if (what !== 'constraint' || of === null) return false
  return earlier.some(
    (each) => (each.kind === 'drop-table' || each.kind === 'drop-constraint') && keyOf(each.table) !== keyOf(of),
  )
}

/** Whether an earlier statement of the script already stumbles over the same table. */
function isSaid({ name, of }: Missing, earlier: readonly Operation[]): boolean {
  const isOn = (each: Operation): boolean => 'table' in each && each.table !== null && keyOf(each.table) === keyOf(name)
  const last = of === null ? earlier.findLast(isOn) : undefined
  return last !== undefined && !MOVES.has(last.kind)
}

/** After these a table is not there any more under its name. */
const MOVES: ReadonlySet<OperationKind> = new Set(['drop-table', 'rename-table', 'set-schema', 'drop-object'] as const)

/** What could be meant instead. */
function namesLike({ what, of }: Missing, catalog: Catalog): readonly string[] {
  const table = of === null ? undefined : catalog.table(of)
  const tables = [...catalog.tables]
  switch (what) {
    case 'column':
      return table?.columns.map(({ name }) => name) ?? []
    case 'constraint':
      return table?.constraints.map(({ name }) => name) ?? []
    case 'value':
      return of === null ? [] : (catalog.enum(of)?.values ?? [])
    case 'index':
      return tables.flatMap(({ indexes }) => indexes.map(({ name }) => keyOf(name)))
    case 'table':
    case 'view':
      return [...tables, ...catalog.views].map(({ name }) => keyOf(name))
    case 'type':
      return [...catalog.enums, ...ofKinds(['type', 'domain'], catalog)].map(({ name }) => keyOf(name))
    case 'sequence':
      return ofKinds(['sequence'], catalog).map(({ name }) => keyOf(name))
    case 'trigger':
    case 'policy':
      return ofKinds([what], catalog)
        .filter((each) => each.table !== null && of !== null && keyOf(each.table) === keyOf(of))
        .map(({ name }) => name.name)
  }
}

function ofKinds(kinds: readonly string[], { objects }: Catalog) {
  return [...objects].filter(({ kind }) => kinds.includes(kind))
}
