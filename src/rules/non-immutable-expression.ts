import { asksTheMoment } from '../model/moment.js'
import { show, type QualifiedName } from '../model/names.js'
import type { ColumnDefinition } from '../model/operations/table.js'
import type { Span } from '../source/span.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'non-immutable-expression',
    code: 'F9',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'An index or a generated column is built on an expression that is not immutable',
    why:
      'What is kept in an index or a generated column must stay what the expression would give again. PostgreSQL refuses functions that ' +
      'ask the clock, the time zone or the session; among them are to_char and date_trunc of a timestamptz ' +
      '(https://www.postgresql.org/docs/current/xfunc-volatility.html).',
    instead:
      "Fix what it depends on: `(at AT TIME ZONE 'UTC')` instead of `at::date`, or a function of your own that is truly IMMUTABLE.",
    messages: {
      index: 'The index on {{table}} needs an immutable expression, and this one is {{volatility}}: {{expression}}',
      generated:
        'Generated column {{column}} of {{table}} needs an immutable expression, and this one is {{volatility}}: {{expression}}',
    },
  },
  check: {
    'create-index'({ table, keys, where, span }) {
      const expressions = [...keys.flatMap(({ expression }) => expression ?? []), ...(where === null ? [] : [where])]
      return expressions.filter(asksTheMoment).map(({ text, volatility }) => ({
        message: 'index' as const,
        at: span,
        data: { table: show(table), expression: text, volatility },
      }))
    },
    'add-column'({ table, column, span }) {
      return ofColumn(table, column, span)
    },
    'create-table'({ table, columns }) {
      return columns.flatMap((column) => ofColumn(table, column, column.span))
    },
  },
})

function ofColumn(
  table: QualifiedName,
  { name, generated }: ColumnDefinition,
  at: Span,
): readonly Problem<'generated'>[] {
  if (generated === null || !asksTheMoment(generated.expression)) return []
  const { text, volatility } = generated.expression
  return [{ message: 'generated', at, data: { table: show(table), column: name, expression: text, volatility } }]
}
