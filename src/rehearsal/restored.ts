import type { RowCount } from '../model/evidence.js'
import { difference, type RowDifference, type Snapshot } from './snapshot.js'

/** What up changed of the rows that were there, and down brought back. */
export function restored(before: Snapshot, raised: Snapshot, after: RowDifference): readonly RowCount[] {
  const changed = difference(before, raised)
  const left = [...after.lost, ...after.filled]
  return summed([...changed.lost, ...changed.filled]).flatMap((each) => {
    // Rows of a table that is gone take their values along.
    const still = left.filter(
      ({ table, column }) => table === each.table && (column === null || column === each.column),
    )
    const rows = each.rows - still.reduce((sum, other) => sum + other.rows, 0)
    return rows > 0 ? [{ ...each, rows }] : []
  })
}

function summed(counts: readonly RowCount[]): readonly RowCount[] {
  const sums = new Map<string, RowCount>()
  for (const each of counts) {
    const key = JSON.stringify([each.table, each.column])
    sums.set(key, { ...each, rows: each.rows + (sums.get(key)?.rows ?? 0) })
  }
  return [...sums.values()]
}
