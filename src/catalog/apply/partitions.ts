import { inheritFromParent } from '../constraints.js'
import { attachIndex } from '../indexes.js'
import { changedTable, changeTable, current, findTable, place } from '../relations.js'
import type { Handlers } from './handlers.js'

export const partitions: Handlers<'attach-partition' | 'detach-partition'> = {
  'attach-partition': (operation, scene) => {
    const { state } = scene
    const parent = changedTable(scene, operation.table)
    const partition = changedTable(scene, operation.partition)
    if (partition === undefined) return
    changeTable(state, partition, {
      partitionOf: parent?.name ?? place(state, operation.table),
      defaultPartition: operation.isDefault,
      columns: partition.columns.map((column) => ({
        ...column,
        local: false,
        identity: parent?.columns.find(({ name }) => name === column.name)?.identity ?? column.identity,
      })),
      constraints: partition.constraints.map((constraint) => {
        const above = parent?.constraints.find(({ type, name }) => type === 'check' && name === constraint.name)
        return above === undefined ? constraint : { ...constraint, parent: above.id }
      }),
    })
    if (parent !== undefined) inheritFromParent(scene, partition, parent)
  },

  // What the partition has stays with it; only the ties are cut.
  'detach-partition': (operation, scene) => {
    const { state } = scene
    const partition = findTable(state, operation.partition)
    if (partition === undefined) return
    for (const index of partition.indexes) attachIndex(state, partition, index.id, null)
    changeTable(state, partition, {
      partitionOf: null,
      defaultPartition: false,
      columns: partition.columns.map((column) => ({
        ...column,
        local: true,
        identity: column.sequence === null ? null : column.identity,
      })),
      constraints: (current(state, partition) ?? partition).constraints.map((each) => ({ ...each, parent: null })),
    })
  },
}
