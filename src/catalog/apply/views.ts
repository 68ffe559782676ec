import { keyOf } from '../../model/names.js'
import { findTable, findView, place, relationExists } from '../relations.js'
import { putView } from '../state.js'
import type { Handlers } from './handlers.js'

export const views: Handlers<'create-view' | 'refresh-materialized-view'> = {
  'create-view': (operation, { state, born }) => {
    const reads = operation.reads.map(
      (name) => findTable(state, name)?.name ?? findView(state, name)?.name ?? place(state, name),
    )
    const name = place(state, operation.view, operation.temporary)
    const before = state.views.get(keyOf(name))
    const { columns } = operation
    if (before !== undefined && operation.replace) return putView(state, { ...before, reads, columns })
    if (relationExists(state, keyOf(name))) return
    const { materialized, withData: populated } = operation
    putView(state, { name, materialized, reads, columns, populated, born, indexes: [] })
  },

  'refresh-materialized-view': (operation, { state }) => {
    const view = findView(state, operation.view)
    if (view !== undefined) putView(state, { ...view, populated: operation.withData })
  },
}
