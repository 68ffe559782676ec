import { bornOf } from '../model/catalog.js'
import { show } from '../model/names.js'
import type { OperationKind } from '../model/operation.js'
import { operationsIn } from '../model/pulled.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'drop-sequence',
    code: 'B22',
    family: 'data-loss',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A sequence that existed before this pull request is dropped',
    why:
      'Where it stood is lost: one that a down script makes again begins at 1 and hands out numbers that are taken. Code that is ' +
      'deployed and calls nextval() on it fails at once; so does a function with a text body. PostgreSQL refuses only while a ' +
      'default uses it. With CASCADE `drop-cascade` speaks instead. A sequence whose table, column or default the same pull ' +
      'request takes away is not meant.',
    instead:
      'Let it go with the column that owns it, and drop one that stands alone when no release calls it any more.',
    messages: { dropped: 'Drops sequence {{name}} and with it the number it stood at' },
  },
  check: {
    'drop-object'({ object, name, cascade, ifExists, span }, { catalog, pull }) {
      if (object !== 'sequence' || cascade) return
      const born = bornOf(catalog, 'sequence', name)
      if ((born !== 'base' && born !== 'unknown') || (born === 'unknown' && (ifExists || catalog.complete))) return
      if (operationsIn(pull).some(({ kind }) => FREES.has(kind))) return
      return { message: 'dropped', at: span, data: { name: show(name) } }
    },
  },
})

/** After these a sequence may have no use left. */
const FREES: ReadonlySet<OperationKind> = new Set<OperationKind>([
  ...(['drop-table', 'drop-column', 'drop-default', 'set-default', 'alter-column-source', 'set-column-type'] as const),
])
