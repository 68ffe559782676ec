import { operationsOf } from '../model/migration.js'
import { keyOf, quote, show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'rename-enum-value',
    code: 'D5',
    family: 'compatibility',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A value of an enum that existed before this pull request is renamed',
    why:
      'The release that is running when the migration commits goes on sending the old label, in queries and in inserts, and gets ' +
      '“invalid input value for enum”. What it reads back is a label it does not know. The statement itself takes no lock on any table.',
    instead:
      'Add the new value, release code that understands both, change the rows in batches, and leave the old value unused.',
    messages: {
      renamed:
        'Renames value {{value}} of enum {{type}} to {{to}}: code that is deployed now still sends {{value}} and fails',
    },
  },
  check: {
    'rename-enum-value'({ type, value, newValue, span }, { catalog, pull }) {
      const born = catalog.enum(type)?.born
      if (born !== undefined && born !== 'base') return
      const added = pull
        .flatMap(({ up }) => operationsOf(up))
        .some((other) => other.kind === 'add-enum-value' && other.value === value && keyOf(other.type) === keyOf(type))
      if (added) return
      const fix = `ALTER TYPE ${quote(type)} ADD VALUE ${literal(newValue)} AFTER ${literal(value)};`
      return { message: 'renamed', at: span, data: { type: show(type), value, to: newValue }, fix }
    },
  },
})

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
