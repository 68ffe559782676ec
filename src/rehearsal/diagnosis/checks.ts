import { quote } from '../../model/names.js'
import { constraintFacts } from './constraint-facts.js'
import { because, beforehand, brief, parts, rowsOf, type Explain } from './failing.js'
import { called, relationOf } from './relation.js'
import { look, NOT_SEEN, telling } from './seen-rows.js'

/** A check that rows break, or a row that no partition takes. */
export const checks: Explain = async (failing, session) => {
  const { message, detail } = failing.failure
  const [name, relation] = parts(message, /^check constraint "(.+?)" of relation "(.+?)" is violated/s) ?? []
  if (name === undefined || relation === undefined) return written(message, detail)
  const facts = await constraintFacts(failing, session, relation, name)
  const table = await relationOf(session, facts?.table ?? relation)
  const shown = called(table, facts?.table ?? relation)
  const expression = facts?.expression ?? null
  if (expression === null) return because(`rows of ${shown} break ${name}`)
  const where = `WHERE (${expression}) IS FALSE`
  const mentioned = (table?.columns ?? []).flatMap((each) => (mentions(expression, each.name) ? [each.name] : []))
  const seen =
    table === null ? NOT_SEEN : await look(session, telling(table, mentioned), `FROM ${table.name} ${where}`, table.key)
  return because(`${rowsOf(seen.total)} of ${shown} ${seen.total === 1 ? 'breaks' : 'break'} ${quote(name)}`, {
    remedy: `correct these rows ${beforehand(failing)}, or add the check NOT VALID and validate it later`,
    ...seen,
    query: `SELECT * FROM ${shown} ${where}`,
  })
}

function mentions(expression: string, column: string): boolean {
  return new Set<string>(expression.match(/"(?:[^"]|"")*"|[\w$\u0080-\uffff]+/g)).has(column)
}

function written(message: string, detail: string | null): ReturnType<Explain> {
  const [relation, name] = parts(message, /^new row for relation "(.+?)" violates check constraint "(.+)"$/s) ?? []
  const row = detail === null ? '' : `: ${brief(detail.replace(/\.$/, ''))}`
  if (name !== undefined) return because(`the statement writes a row of ${relation} that breaks ${name}${row}`)
  const root = parts(message, /^no partition of relation "(.+)" found for row$/s)?.[0]
  return root === undefined
    ? null
    : because(`no partition of ${root} takes the row${row}`, { remedy: 'create a partition for such rows first' })
}
