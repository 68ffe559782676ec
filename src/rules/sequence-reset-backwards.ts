import { bornOf, type Catalog } from '../model/catalog.js'
import type { Migration } from '../model/migration.js'
import { quote, show, type QualifiedName } from '../model/names.js'
import { operationsIn } from '../model/pulled.js'
import { rule, type Problem } from './rule.js'

type Key = 'restarted' | 'set'

export default rule({
  meta: {
    id: 'sequence-reset-backwards',
    code: 'B30',
    family: 'data-loss',
    weight: 'warning',
    confidence: 'likely',
    tables: 'existing',
    directions: 'up',
    summary: 'A sequence that existed before this pull request is set to a number that is written in the migration',
    why:
      'Nobody knows where the sequence stands on the server that counts. If the number is below what it handed out, the next INSERT ' +
      'collides with a row that is there, and every one after it until the sequence has passed them all; without a unique key two ' +
      'rows get the same number in silence. A sequence is not set back by a rollback. A number that is computed from the rows is ' +
      'not meant, nor one that is set after the table was emptied.',
    instead:
      'Compute the number: setval(sequence, (SELECT max(id) FROM table)), in the migration that inserts the rows.',
    messages: {
      restarted: 'Sequence {{name}} begins anew: the next numbers may be taken',
      set: 'Sequence {{name}} is set to {{number}}: if it stands higher, the next numbers are taken',
    },
  },
  check: {
    'alter-sequence'({ sequence, restart, span }, { catalog, pull }) {
      if (!restart || !isOld(sequence, catalog) || empties(pull)) return
      return { message: 'restarted', at: span, data: { name: show(sequence) } }
    },
    select({ functions, span }, { statement, catalog, pull }) {
      if (!functions.includes('setval') || empties(pull)) return
      return [...statement.sql.matchAll(SETVAL)].flatMap(([, text = '', number = '']): readonly Problem<Key>[] => {
        const name = namedBy(text)
        if (!isOld(name, catalog)) return []
        const fix = `SELECT setval('${quote(name)}', greatest(last_value, ${number})) FROM ${quote(name)};`
        return [{ message: 'set', at: span, data: { name: show(name), number }, fix }]
      })
    },
  },
})

/** A call with a name and a number that are both written out. */
const SETVAL = /\bsetval\s*\(\s*'([^']+)'(?:\s*::\s*regclass)?\s*,\s*(\d+)\s*[,)]/gi

function namedBy(text: string): QualifiedName {
  const parts = text.split('.').map((part) => (/^".*"$/.test(part) ? part.slice(1, -1) : part.toLowerCase()))
  return { schema: parts.length > 1 ? (parts[0] ?? '') : '', name: parts.at(-1) ?? '' }
}

function isOld(sequence: QualifiedName, catalog: Catalog): boolean {
  const born = bornOf(catalog, 'sequence', sequence)
  return born === 'base' || (born === 'unknown' && !catalog.complete)
}

function empties(pull: readonly Migration[]): boolean {
  return operationsIn(pull).some(
    (each) => each.kind === 'truncate' || (each.kind === 'delete' && (each.where === null || each.where.tautology)),
  )
}
