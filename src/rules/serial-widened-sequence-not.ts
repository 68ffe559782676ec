import { keyOf, quote, show, type QualifiedName } from '../model/names.js'
import { isRead, operationsOf } from '../model/migration.js'
import type { Operation } from '../model/operation.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'serial-widened-sequence-not',
    code: 'F11',
    family: 'failure',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A serial column becomes wider, and its sequence does not',
    why:
      'The sequence of a serial column keeps the type that it was made with: ALTER COLUMN … TYPE bigint changes the column alone, and ' +
      'nextval() still fails after 2147483647, the very number from which the change was to save. The sequence of an identity column ' +
      'follows its column.',
    instead: 'Widen the sequence in the same migration; that is a change of its bounds and takes no time.',
    messages: {
      narrow: '{{column}} of {{table}} becomes bigint, and its sequence {{sequence}} still ends where {{from}} ends',
    },
  },
  check: {
    'set-column-type'({ table, column, type, span }, { catalog, script, pull }) {
      const known = catalog.column(table, column)
      if (known === undefined || known.identity !== null || type.name !== 'bigint') return
      if (known.type.name !== 'integer' && known.type.name !== 'smallint') return
      const sequence = sequenceOf(known.default?.text)
      if (sequence === null || !isRead(script)) return
      const all = pull.flatMap(({ up }) => operationsOf(up))
      if ([...operationsOf(script), ...all].some((each) => widens(each, sequence))) return
      return {
        message: 'narrow',
        at: span,
        data: { table: show(table), column, sequence: show(sequence), from: known.type.name },
        fix: `ALTER SEQUENCE ${quote(sequence)} AS bigint;`,
      }
    },
  },
})

function widens(operation: Operation, sequence: QualifiedName): boolean {
  if (operation.kind !== 'alter-sequence' && operation.kind !== 'create-sequence') return false
  return operation.type === 'bigint' && keyOf(operation.sequence) === keyOf(sequence)
}

/** The sequence of a default such as `nextval('t_id_seq'::regclass)`. */
function sequenceOf(text: string | undefined): QualifiedName | null {
  const name = /^nextval\('((?:[a-z_][\w$]*\.)?[a-z_][\w$]*)'/i.exec(text ?? '')?.[1]
  if (name === undefined) return null
  const [first = '', second] = name.split('.')
  return second === undefined ? { schema: '', name: first } : { schema: first, name: second }
}
