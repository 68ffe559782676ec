import { quote, show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'enum-value-without-position',
    code: 'D27',
    family: 'compatibility',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'An enum value is added without BEFORE or AFTER',
    why:
      'Values of an enum are compared and sorted in the order in which they stand in the type, and a new one without a position goes ' +
      'to the end. The order is permanent. Where two environments got their values in different orders, it differs between them ' +
      'for good. It is off by default: most enums are never sorted by.',
    instead: 'Say BEFORE or AFTER which value it goes, also where that is the last one.',
    messages: {
      last: 'Value {{value}} goes to the end of enum {{type}}, wherever that is in each environment; the order is permanent',
    },
  },
  check: {
    'add-enum-value'({ type, value, neighbour, span }, { catalog }) {
      const known = catalog.enum(type)
      if (neighbour !== null || (known !== undefined && known.born !== 'base') || known?.values.includes(value)) return
      const last = known?.values.at(-1)
      const fix =
        last === undefined
          ? {}
          : { fix: `ALTER TYPE ${quote(type)} ADD VALUE ${literal(value)} AFTER ${literal(last)};` }
      return { message: 'last', at: span, data: { type: show(type), value }, ...fix }
    },
  },
})

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
