import { quote } from '../../model/names.js'
import type { Operation } from '../../model/operation.js'
import type { Session } from '../../sandbox/sandbox.js'
import { literal } from '../seed/literal.js'
import { because, beforehand, brief, parts, type Explain } from './failing.js'
import { called, MINE, relationOf, type Relation } from './relation.js'
import { named, NOT_SEEN, type Sight } from './seen-rows.js'

/** Rows beyond these are not tried one by one. */
const MOST_TRIED = 200

type Change = Extract<Operation, { kind: 'set-column-type' }>

/** Values that do not become those of another type. */
export const conversion: Explain = async (failing, session) => {
  const { message, sqlstate } = failing.failure
  const { operations } = failing.statement
  const changes = operations.flatMap((operation) => (operation.kind === 'set-column-type' ? [operation] : []))
  const column = parts(message, /column "(.+?)" cannot be cast automatically to type /s)?.[0]
  const change = changes.find((each) => each.column === column) ?? (changes.length === 1 ? changes[0] : undefined)
  if (change === undefined) return sqlstate === '42804' ? null : because(`a value does not convert: ${brief(message)}`)
  const { table, type, using } = change
  const relation = await relationOf(session, table)
  const name = called(relation, table)
  const what = `${change.column} of ${name}`
  if (message.startsWith('default for column')) {
    return because(`the default of ${what} does not convert to ${type.text}`, {
      remedy: `DROP DEFAULT before the type changes, and SET DEFAULT to a value of ${type.text} after it`,
    })
  }
  const values = await unconvertible(session, relation, change, sqlstate)
  const query = await queryFor(session, change, name, sqlstate)
  const some =
    values.total === null || values.total === 0 ? 'values' : values.total === 1 ? '1 value' : `${values.total} values`
  const fail = values.total === 1 ? 'does not convert' : 'do not convert'
  if (sqlstate === '42804') {
    const from = relation?.columns.find((each) => each.name === quote(change.column))?.type ?? 'its type'
    const also = values.total === null || values.total === 0 ? '' : `; ${some} of ${what} ${fail} even so`
    return because(`PostgreSQL converts ${from} to ${type.text} only when it is told how${also}`, {
      remedy:
        using === null
          ? `ALTER TABLE ${name} ALTER COLUMN ${quote(change.column)} TYPE ${type.text} USING ${quote(change.column)}::${type.text}`
          : `let USING give a value of ${type.text}`,
      ...values,
      query,
    })
  }
  return because(`${some} of ${what} ${fail} to ${type.text}`, {
    remedy: `correct these values ${beforehand(failing)}, or let USING say what becomes of them`,
    ...values,
    query,
  })
}

/** What the new values come from, where that is a plain expression: the column itself, or what USING casts. */
function source({ column, using }: Change): string | null {
  if (using === null) return quote(column)
  const plain = /^\s*((?:"(?:[^"]|"")*"|[\w$.])+(?:::[\w". ]+?(?:\([\d, ]*\))?)*?)(?:::[\w". ]+(?:\([\d, ]*\))?)?\s*$/s
  return plain.exec(using.text)?.[1] ?? null
}

async function queryFor(session: Session, change: Change, table: string, sqlstate: string): Promise<string | null> {
  const from = source(change)
  if (from === null) return null
  const select = `SELECT ${quote(change.column)} FROM ${table} WHERE`
  const [length] = change.type.modifiers
  if (sqlstate === '22001') return length === undefined ? null : `${select} length(${from}::text) > ${length}`
  // PostgreSQL 16 has it (https://www.postgresql.org/docs/16/functions-info.html).
  const [asked] = await session.read(["SELECT pg_input_is_valid('1', 'integer')"])
  if (asked === undefined || 'error' in asked) return null
  return `${select} NOT pg_input_is_valid(${from.endsWith('::text') ? from : `${from}::text`}, ${literal(change.type.text)})`
}

/** The rows whose value PostgreSQL itself refuses to convert, tried one by one; none when that cannot be asked. */
async function unconvertible(
  session: Session,
  relation: Relation | null,
  change: Change,
  sqlstate: string,
): Promise<Sight> {
  const type = await typeFor(session, change)
  if (relation === null || type === null) return NOT_SEEN
  const expression = await readable(session, relation, change, type)
  if (expression === null) return NOT_SEEN
  const shown = [...new Set([...relation.key, quote(change.column)])]
  const [rows] = await session.read([
    `SELECT ${shown.map((column) => `(${column})::text`).join(', ')}, ctid, tableoid FROM ${relation.name} ORDER BY ctid LIMIT ${MOST_TRIED}`,
  ])
  if (rows === undefined || 'error' in rows) return NOT_SEEN
  const [length] = change.type.modifiers
  const tried = await session.read(
    rows.rows.map((row) => {
      const of = `FROM ${relation.name} WHERE ctid = ${literal(row.at(-2) ?? '')}::tid AND tableoid = ${row.at(-1)}`
      // A written cast shortens a text; what the statement does refuses it.
      return sqlstate === '22001' && length !== undefined
        ? `SELECT 1 / (length((${expression})::text) <= ${length})::int ${of}`
        : `SELECT (${expression})::${type} ${of}`
    }),
  )
  const failed = rows.rows.filter((_, at) => {
    const answer = tried[at]
    return answer !== undefined && 'error' in answer
  })
  return { rows: named(shown, { rows: failed }), total: failed.length }
}

/** What the new values come from, in terms that a reading without a search path understands. */
async function readable(session: Session, relation: Relation, change: Change, type: string): Promise<string | null> {
  const candidates = [change.using?.text ?? quote(change.column), ...[source(change) ?? []].flat()]
  const plans = await session.read(
    candidates.map((expression) => `SELECT (${expression})::${type} FROM ${relation.name} WHERE false`),
  )
  return candidates.find((_, at) => 'rows' in (plans[at] ?? { error: '' })) ?? null
}

/** The type with its schema, so that it is found without a search path; null when there is none of the name. */
async function typeFor(session: Session, { type }: Change): Promise<string | null> {
  const [builtIn, own] = await session.read([
    `SELECT NULL::${type.text}`,
    `SELECT quote_ident(n.nspname) || '.' || quote_ident(t.typname) FROM pg_catalog.pg_type t
       JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typname = ${literal(type.name)} AND ${MINE}
      ORDER BY n.nspname = 'public' DESC LIMIT 1`,
  ])
  if (builtIn !== undefined && 'rows' in builtIn) return type.text
  const name = own !== undefined && 'rows' in own ? own.rows[0]?.[0] : undefined
  return typeof name === 'string' ? `${name}${'[]'.repeat(type.arrays)}` : null
}
