import { columnIsNew } from '../model/catalog.js'
import { show } from '../model/names.js'
import type { TypeName } from '../model/operations/shared.js'
import { rule } from './rule.js'

type Loss = 'range' | 'length' | 'rounding' | 'time'

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
    },
  },
  check: {
    'set-column-type'({ table, column, type, span }, { catalog }) {
      const from = catalog.column(table, column)?.type
      if (from === undefined || columnIsNew(catalog, table, column)) return
      const loss = lossOf(from, type)
      if (loss === null) return
      return { message: loss, at: span, data: { table: show(table), column, from: from.text, to: type.text } }
    },
  },
})

interface Capacity {
  /** Digits before the point that the longest value has, and how many any value may have. */
  readonly needs: number
  readonly holds: number
  /** Digits after the point. */
  readonly fraction: number
  /** Binary precision. */
  readonly bits: number
}
const NUMBERS: Readonly<Record<string, Capacity>> = {
  smallint: { needs: 5, holds: 4, fraction: 0, bits: 15 },
  integer: { needs: 10, holds: 9, fraction: 0, bits: 31 },
  bigint: { needs: 19, holds: 18, fraction: 0, bits: 63 },
  real: { needs: 39, holds: Infinity, fraction: Infinity, bits: 24 },
  'double precision': { needs: 309, holds: Infinity, fraction: Infinity, bits: 53 },
}
const TEXTS = ['text', 'character varying', 'character']
const TIMESTAMPS = ['timestamp without time zone', 'timestamp with time zone']
const OF_A_TIMESTAMP = ['date', 'time without time zone', 'time with time zone']

function lossOf(from: TypeName, to: TypeName): Loss | null {
  if (from.arrays !== to.arrays) return null
  if (TEXTS.includes(from.name) && TEXTS.includes(to.name)) return lengthOf(to) < lengthOf(from) ? 'length' : null
  if (TIMESTAMPS.includes(from.name)) {
    if (OF_A_TIMESTAMP.includes(to.name)) return 'time'
    return TIMESTAMPS.includes(to.name) && (to.modifiers[0] ?? 6) < (from.modifiers[0] ?? 6) ? 'rounding' : null
  }
  return lossOfNumber(from, to)
}

function lengthOf({ name, modifiers }: TypeName): number {
  return modifiers[0] ?? (name === 'character' ? 1 : Infinity)
}

function lossOfNumber(from: TypeName, to: TypeName): Loss | null {
  const before = capacityOf(from)
  const after = capacityOf(to)
  if (before === undefined || after === undefined || from.text === to.text) return null
  // Rounding is named first: it is the loss that raises no error.
  if (after.fraction < before.fraction) return 'rounding'
  if (after.holds < before.needs) return 'range'
  return after.bits < before.bits ? 'rounding' : null
}

function capacityOf({ name, modifiers: [precision, scale = 0] }: TypeName): Capacity | undefined {
  if (name !== 'numeric') return NUMBERS[name]
  if (precision === undefined) return { needs: Infinity, holds: Infinity, fraction: Infinity, bits: Infinity }
  const digits = precision - scale
  return { needs: digits, holds: digits, fraction: scale, bits: Math.ceil(precision * Math.log2(10)) }
}
