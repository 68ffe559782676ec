import { columnIsNew } from '../model/catalog.js'
import { show } from '../model/names.js'
import type { TypeName } from '../model/operations/shared.js'
import { isNarrowing } from '../model/type-change.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'type-narrowing',
    code: 'B17',
    family: 'data-loss',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A column gets a type that cannot hold all its present values',
    why:
      'Values that do not fit stop the migration, in production and not on the few rows of a test. Values that can be rounded or cut ' +
      'are, without an error: digits after the point, the time of a timestamp, and with an explicit cast in USING also the end of a ' +
      'text. A way back to the wide type does not bring them back. The table is rewritten under ACCESS EXCLUSIVE besides.',
    instead:
      'Add a column of the new type, fill it in batches while checking the values that do not fit, and switch over.',
    messages: {
      range:
        'Type of {{column}} of {{table}} shrinks from {{from}} to {{to}}: a value outside the new range stops the migration',
      length:
        'Type of {{column}} of {{table}} shrinks from {{from}} to {{to}}: a longer value stops the migration, or is cut by a cast in USING',
      rounding:
        'Type of {{column}} of {{table}} shrinks from {{from}} to {{to}}: digits are rounded away without an error',
      time: 'Type of {{column}} of {{table}} shrinks from {{from}} to {{to}}: the rest of each timestamp is lost without an error',
      refused:
        'Type of {{column}} of {{table}} changes from {{from}} to {{to}}: a value that does not fit stops the migration',
    },
  },
  check: {
    'set-column-type'({ table, column, type, span }, { catalog }) {
      const from = catalog.column(table, column)?.type
      if (from === undefined || columnIsNew(catalog, table, column)) return
      if (!isNarrowing(from, type)) return
      return {
        message: lossOf(from, type),
        at: span,
        data: { table: show(table), column, from: from.text, to: type.text },
      }
    },
  },
})

const TEXT = /^(text|citext|name|character( varying)?)$/

/** What happens to a value that does not fit; rounding comes first, because it raises no error. */
function lossOf(from: TypeName, to: TypeName): 'range' | 'length' | 'rounding' | 'time' | 'refused' {
  if (TEXT.test(from.name) && TEXT.test(to.name)) return 'length'
  if (from.name.startsWith('timestamp') && /^(date|time )/.test(to.name)) return 'time'
  const before = fractionOf(from)
  const after = fractionOf(to)
  if (before === undefined || after === undefined) return from.name === to.name ? 'rounding' : 'refused'
  return after < before || to.name === 'real' || to.name === 'double precision' ? 'rounding' : 'range'
}

/** Digits after the point; undefined when it is no number. */
function fractionOf({ name, modifiers: [precision, scale = 0] }: TypeName): number | undefined {
  if (/^(smallint|integer|bigint)$/.test(name)) return 0
  if (name === 'real' || name === 'double precision') return Infinity
  return name === 'numeric' ? (precision === undefined ? Infinity : scale) : undefined
}
