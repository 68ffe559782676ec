import { quote } from '../../model/names.js'
import { literal } from '../seed/literal.js'
import { constraintFacts, type ConstraintFacts } from './constraint-facts.js'
import { because, beforehand, brief, parts, rowsOf, type Explain } from './failing.js'
import { called, relationOf } from './relation.js'
import { look, NOT_SEEN, telling } from './seen-rows.js'

/** A foreign key that rows break: those that refer to nothing, or those that still refer to what should go. */
export const orphans: Explain = async (failing, session) => {
  const { message, detail } = failing.failure
  const still = parts(message, /^update or delete on table "(.+?)" violates .*?"(.+)" on table "(.+)"$/s)
  if (still !== undefined) return referring(failing, session)
  const [relation, name] = parts(message, /on table "(.+?)" violates foreign key constraint "(.+)"$/s) ?? []
  if (relation === undefined || name === undefined) return null
  const facts = await constraintFacts(failing, session, relation, name)
  const key = parts(detail, /^Key (\(.+\)=\(.*\)) is not present in table "(.+)"\.$/s)
  if (facts === null || !facts.asked || facts.target === null) {
    return key === undefined
      ? null
      : because(`the statement writes a row of ${relation} with ${brief(key[0] ?? '')}, which ${key[1]} does not have`)
  }
  const table = await relationOf(session, facts.table)
  const target = await relationOf(session, facts.target)
  const { columns } = facts
  const mine = called(table, facts.table)
  const theirs = called(target, facts.target)
  const from = orphansOf(facts, mine, theirs)
  if (from === null) return because(`rows of ${mine} refer to rows of ${theirs} that are not there`)
  const exact = orphansOf(facts, table?.name ?? '', target?.name ?? '') ?? ''
  const seen =
    table === null || target === null
      ? NOT_SEEN
      : await look(
          session,
          telling(table, columns, 'c.'),
          exact,
          table.key.map((column) => `c.${column}`),
        )
  const where = from.slice(from.indexOf(' WHERE ') + 1)
  const optional = table?.columns.some(({ name: column, notNull }) => columns.includes(column) && !notNull) ?? false
  const emptied = columns.filter((column) => table?.columns.some((each) => each.name === column && !each.notNull))
  return because(
    `${rowsOf(seen.total)} of ${mine} ${seen.total === 1 ? 'refers' : 'refer'} to rows of ${theirs} that are not there`,
    {
      remedy: `clear these rows ${beforehand(failing)}, or add the constraint NOT VALID and validate it later`,
      ...seen,
      query: `SELECT * ${from}`,
      cleanup: optional
        ? `UPDATE ${mine} c SET ${emptied.map((column) => `${column} = NULL`).join(', ')} ${where}`
        : `DELETE FROM ${mine} c ${where}`,
    },
  )
}

function orphansOf({ columns, targetColumns }: ConstraintFacts, table: string, target: string): string | null {
  if (columns.length === 0 || targetColumns.length !== columns.length) return null
  const present = columns.map((column) => `c.${column} IS NOT NULL`).join(' AND ')
  const equal = columns.map((column, at) => `p.${targetColumns[at]} = c.${column}`).join(' AND ')
  return `FROM ${table} c WHERE ${present} AND NOT EXISTS (SELECT FROM ${target} p WHERE ${equal})`
}

const referring: Explain = async (failing, session) => {
  const { message, detail } = failing.failure
  const [gone = '', name = '', relation = ''] =
    parts(message, /^update or delete on table "(.+?)" violates .*?"([^"]+|.+)" on table "(.+)"$/s) ?? []
  const facts = await constraintFacts(failing, session, relation, name)
  const table = facts === null ? null : await relationOf(session, facts.table)
  const values = parts(detail, /^Key \(.+?\)=\((.*)\) is (?:still )?referenced from table /s)?.[0]
  const cause = `rows of ${called(table, relation)} still refer to rows of ${quote(gone)} that the statement takes away`
  const remedy = `say what becomes of the rows of ${called(table, relation)} first`
  const condition = facts === null || values === undefined ? null : keyIs(facts.columns, values)
  if (table === null || condition === null) return because(cause, { remedy })
  const seen = await look(
    session,
    telling(table, facts?.columns ?? []),
    `FROM ${table.name} WHERE ${condition}`,
    table.key,
  )
  return because(cause, { remedy, ...seen, query: `SELECT * FROM ${table.shown} WHERE ${condition}` })
}

/** That columns have the values which a message lists; null when it cannot be told which is which. */
export function keyIs(columns: readonly string[], listed: string): string | null {
  const values = columns.length === 1 ? [listed] : listed.split(', ')
  if (columns.length === 0 || values.length !== columns.length) return null
  return columns.map((column, at) => `${column} = ${literal(values[at] ?? '')}`).join(' AND ')
}
