import type { Catalog } from '../model/catalog.js'
import type { Effect } from '../model/effect.js'
import type { Operation, OperationKind } from '../model/operation.js'
import { columns } from './effect/columns.js'
import { constraints } from './effect/constraints.js'
import { indexes } from './effect/indexes.js'
import type { EffectContext, Ledger, Predictions } from './effect/ledger.js'
import { ledgerOf } from './effect/ledger.js'
import { objects } from './effect/objects.js'
import { rows } from './effect/rows.js'
import { tables } from './effect/tables.js'

/** Every kind of operation; a new kind does not compile until it is here. */
const predictions: Predictions<OperationKind> = {
  ...tables,
  ...columns,
  ...constraints,
  ...indexes,
  ...objects,
  ...rows,
  do: (operation, ledger) => {
    for (const inner of operation.inner) {
      predict(inner, ledger)
      if (inner.kind === 'create-table') ledger.ignore(inner.table)
      if (inner.kind === 'create-view') ledger.ignore(inner.view)
    }
  },
}

/**
 * What an operation does to tables and views that existed before its transaction: the locks it takes, the tables that are
 * written anew and those that are read in full. `catalog` is the schema just before it. Indexes and sequences are left out.
 */
export function effectOf(operation: Operation, catalog: Catalog, context: EffectContext): Effect {
  const ledger = ledgerOf(catalog, context)
  predict(operation, ledger)
  return ledger.effect()
}

function predict(operation: Operation, ledger: Ledger): void {
  const prediction = predictions[operation.kind] as (operation: Operation, ledger: Ledger) => void
  prediction(operation, ledger)
}
