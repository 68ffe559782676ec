import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'no-rules',
    code: 'I42',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A rewrite rule is created',
    why: 'A rule changes the text of queries before they are planned: expressions with side effects run twice, RETURNING and counts of rows are not what the caller expects, and nobody looks for it when something goes wrong.',
    instead: 'Use a trigger, or a view that can be written to.',
    messages: { rule: 'Rule {{name}} rewrites the queries on {{table}}' },
  },
  check: {
    'create-rule'({ table, name, span }) {
      return { message: 'rule', at: span, data: { name, table: show(table) } }
    },
  },
})
