import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'non-deterministic-migration',
    code: 'G28',
    family: 'hygiene',
    weight: 'notice',
    confidence: 'likely',
    tables: 'any',
    directions: 'up',
    once: 'script',
    summary: 'A row that the migration inserts has another key on every server',
    why:
      'A key that is drawn at random, or read off the clock, is another one in each environment and again after down and up. What ' +
      'refers to the row by its key, in code, in a later migration or in a test, works on one server alone.',
    instead: 'Write the key as a constant; or find the row by a column that is the same everywhere.',
    messages: { drawn: '{{table}}.{{column}} is a key, and this row gets another value on every server' },
  },
  check: {
    insert({ table, columns, source, drawn, span }, { catalog }) {
      if (source !== 'values' || drawn.length === 0) return
      const known = catalog.table(table)
      const key = known?.constraints.find(({ type }) => type === 'primary-key')?.columns ?? []
      const names = columns ?? known?.columns.map(({ name }) => name) ?? []
      const column = drawn.map((place) => names[place]).find((name) => name !== undefined && key.includes(name))
      return column === undefined ? undefined : { message: 'drawn', at: span, data: { table: show(table), column } }
    },
  },
})
