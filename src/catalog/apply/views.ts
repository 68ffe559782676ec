import { keyOf, type QualifiedName } from '../../model/names.js'
import { findTable, findView, place, relationExists } from '../relations.js'
import { putView, type State } from '../state.js'
import type { Handlers } from './handlers.js'

export const views: Handlers<'create-view' | 'refresh-materialized-view'> = {
  'create-view': (operation, { state, born }) => {
    const reads = operation.reads.map(
      (name) => findTable(state, name)?.name ?? findView(state, name)?.name ?? place(state, name),
    )
    const name = place(state, operation.view, operation.temporary)
    const before = state.views.get(keyOf(name))
    const { columns } = operation
    const uses = operation.uses === 'all' ? columnsNow(state, reads) : operation.uses
    if (before !== undefined && operation.replace) return putView(state, { ...before, reads, columns, uses })
    if (relationExists(state, keyOf(name))) return
    const { materialized, withData: populated } = operation
    putView(state, { name, materialized, reads, columns, uses, populated, born, indexes: [] })
  },

  'refresh-materialized-view': (operation, { state }) => {
    const view = findView(state, operation.view)
    if (view !== undefined) putView(state, { ...view, populated: operation.withData })
  },
}

/** A star stands for the columns that the table has when the view is made; what is added later is not in it. */
function columnsNow(state: State, reads: readonly QualifiedName[]): readonly string[] | null {
  const table = reads[0] === undefined ? undefined : findTable(state, reads[0])
  return table?.complete === true ? table.columns.map(({ name }) => name) : null
}
