import { show } from '../model/names.js'
import type { Condition, Update } from '../model/operations/data.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'update-from-without-binding',
    code: 'B13',
    family: 'data-loss',
    weight: 'error',
    confidence: 'likely',
    tables: 'existing',
    directions: 'up',
    summary: 'UPDATE … FROM does not say which row of the other table belongs to which',
    why:
      'Without a condition that names both tables every row is joined with every row. Each target row is written once, with the ' +
      'values of whichever joined row comes first, so the table fills with the values of one arbitrary row. No error is raised. ' +
      'It speaks instead of `update-without-where`.',
    instead: 'Tie the two tables together in WHERE, as in `WHERE target.id = source.target_id`.',
    messages: {
      unbound:
        'Updates {{table}} from {{sources}} without tying their rows together: every row gets the values of an arbitrary one',
    },
  },
  check: {
    update(operation) {
      const { table, from, where, span } = operation
      if (from.length === 0 || isBound(operation)) return
      const confidence = where === null || where.tautology ? 'certain' : 'likely'
      return { message: 'unbound', at: span, data: { table: show(table), sources: from.join(', ') }, confidence }
    },
  },
})

/** Whether WHERE may tie the target to one of the other tables: it names both, or holds columns that could be either's. */
function isBound({ where, alias, from }: Update): boolean {
  if (where === null || where.tautology) return false
  const sides = [where.qualifiers.includes(alias), where.qualifiers.some((name) => from.includes(name))]
  if (sides.every(Boolean)) return true
  // One side named and a bare column besides, or two bare columns, may be a join.
  const bare = where.columns.filter((column) => isBare(column, where)).length
  return bare >= (sides.some(Boolean) ? 1 : 2)
}

/** Whether a column is mentioned without a qualifier somewhere in the condition. */
function isBare(column: string, { text }: Condition): boolean {
  const code = text.replace(/'(?:[^']|'')*'/g, "''")
  const name = column.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\w."])"?${name}"?(?![\\w"(]|\\s*\\.)`, 'i').test(code)
}
