import type { QualifiedName } from '../../model/names.js'
import { quote } from '../../model/names.js'
import type { Operation } from '../../model/operation.js'
import type { Session } from '../../sandbox/sandbox.js'
import { literal } from '../seed/literal.js'
import { because, beforehand, brief, parts, type Explain } from './failing.js'
import { keyIs } from './orphans.js'
import { called, MINE, relationOf, type Relation } from './relation.js'
import { look, NOT_SEEN, telling } from './seen-rows.js'

/** A unique rule that rows break: those that are alike, or the one that has the key already. */
export const duplicates: Explain = async (failing, session) => {
  const { message, detail } = failing.failure
  const index = parts(message, /^could not create unique index "(.+)"$/s)?.[0]
  if (index === undefined) return taken(failing, session)
  const rule = failing.statement.operations.flatMap((operation) => ruleOf(operation))[0]
  if (rule === undefined) return null
  const table = await relationOf(session, rule.table)
  const name = called(table, rule.table)
  const keys = splitKeys(parts(detail, /^Key \((.+?)\)=\(/s)?.[0]) ?? rule.keys
  const list = keys.join(', ')
  const nullable = rule.nullsAlike ? [] : keys.filter((key) => !isRequired(table, key))
  const conditions = [
    ...(rule.where === null ? [] : [`(${rule.where})`]),
    ...nullable.map((key) => `${key} IS NOT NULL`),
  ]
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
  const groups = (from: string): string => `FROM ${from}${where} GROUP BY ${list} HAVING count(*) > 1`
  const seen =
    table === null
      ? NOT_SEEN
      : await look(
          session,
          [...keys, 'count(*)'],
          groups(table.name),
          keys.map((_, at) => String(at + 1)),
        )
  const row = table !== null && table.key.length > 0 ? table.key.join(', ') : 'ctid'
  const kept = table !== null && table.key.length > 0 ? row : 'ctid'
  return because(`several rows of ${name} have the same ${list}`, {
    remedy: `settle which row of each is kept ${beforehand(failing)}`,
    ...seen,
    query: `SELECT ${list}, count(*) ${groups(name)}`,
    cleanup: `DELETE FROM ${name} WHERE (${row}) IN (SELECT ${row} FROM (SELECT ${row}, row_number() OVER (PARTITION BY ${list} ORDER BY ${kept}) AS n FROM ${name}${where}) d WHERE n > 1)`,
  })
}

interface UniqueRule {
  readonly table: QualifiedName
  readonly keys: readonly string[]
  readonly where: string | null
  readonly nullsAlike: boolean
}

function ruleOf(operation: Operation): readonly UniqueRule[] {
  const rule = (table: QualifiedName, columns: readonly string[], nullsAlike: boolean): UniqueRule => ({
    table,
    keys: columns.map((column) => quote(column)),
    where: null,
    nullsAlike,
  })
  switch (operation.kind) {
    case 'create-index': {
      if (!operation.unique) return []
      const keys = operation.keys.map(({ column, expression }) =>
        column === null ? `(${expression?.text ?? ''})` : quote(column),
      )
      const { table, where, nullsNotDistinct } = operation
      return [{ table, keys, where: where?.text ?? null, nullsAlike: nullsNotDistinct }]
    }
    case 'add-constraint': {
      const { table, constraint } = operation
      if (constraint.type !== 'unique' && constraint.type !== 'primary-key') return []
      return [rule(table, constraint.columns, constraint.nullsNotDistinct)]
    }
    case 'add-column': {
      const { table, column } = operation
      const some = column.constraints.some(({ type }) => type === 'unique' || type === 'primary-key')
      return some ? [rule(table, [column.name], false)] : []
    }
    default:
      return []
  }
}

function isRequired(table: Relation | null, key: string): boolean {
  return table?.columns.some(({ name, notNull }) => name === key && notNull) ?? false
}

/** The keys that a message lists; a comma within brackets parts none. */
function splitKeys(listed: string | undefined): readonly string[] | undefined {
  if (listed === undefined) return undefined
  const keys = listed.split(', ')
  return keys.every((key) => key.split('(').length === key.split(')').length) ? keys : undefined
}

const taken: Explain = async ({ failure: { message, detail } }, session) => {
  const name = parts(message, /^duplicate key value violates unique constraint "(.+)"$/s)?.[0]
  const [list, values] = parts(detail, /^Key \((.+?)\)=\((.*)\) already exists\.$/s) ?? []
  if (name === undefined || list === undefined || values === undefined) return null
  const table = await tableOfIndex(session, name)
  const cause = `the statement writes a second row with ${brief(`(${list})=(${values})`)}`
  const keys = splitKeys(list)
  const condition = keys === undefined ? null : keyIs(keys, values)
  if (table === null || condition === null) return because(cause)
  const from = `FROM ${table.name} WHERE ${condition}`
  const seen = await look(session, telling(table, keys ?? []), from, table.key)
  return because(`${cause} into ${table.shown}`, { ...seen, query: `SELECT * FROM ${table.shown} WHERE ${condition}` })
}

async function tableOfIndex(session: Session, index: string): Promise<Relation | null> {
  const [answer] = await session.read([
    `SELECT n.nspname, t.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
       JOIN pg_catalog.pg_class t ON t.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
      WHERE x.relname = ${literal(index)} AND ${MINE}`,
  ])
  const [schema, name] = answer !== undefined && 'rows' in answer ? (answer.rows[0] ?? []) : []
  return typeof schema === 'string' && typeof name === 'string' ? relationOf(session, { schema, name }) : null
}
