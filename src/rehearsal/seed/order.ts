import type { ReferenceFacts, TableFacts } from './facts.js'

/** A table to be filled, with the foreign keys that cannot be satisfied yet when its turn comes. */
export interface Turn {
  readonly table: TableFacts
  readonly postponed: readonly ReferenceFacts[]
}

/**
 * Tables in rounds: each refers only to rounds before its own, save by what is postponed. Tables in a circle come
 * where postponing hurts least: at foreign keys whose columns may be empty.
 */
export function rounds(tables: readonly TableFacts[]): readonly (readonly Turn[])[] {
  const names = new Map(
    tables.flatMap(
      (table) =>
        [
          [table.name, table],
          [table.into, table],
        ] as const,
    ),
  )
  let left = [...tables]
  const result: Turn[][] = []
  const waits = (table: TableFacts): readonly ReferenceFacts[] =>
    table.references.filter(
      ({ targetName }) =>
        names.has(targetName) && left.some(({ name, into }) => name === targetName || into === targetName),
    )
  while (left.length > 0) {
    const free = left.filter((table) => waits(table).every(({ targetName }) => refersToItself(table, targetName)))
    const next =
      free.length > 0 ? free : [...left].sort((a, b) => weight(a, waits(a)) - weight(b, waits(b))).slice(0, 1)
    result.push(next.map((table) => ({ table, postponed: waits(table) })))
    left = left.filter((table) => !next.includes(table))
  }
  return result
}

function refersToItself({ name, into }: TableFacts, target: string): boolean {
  return target === name || target === into
}

function weight(table: TableFacts, references: readonly ReferenceFacts[]): number {
  const required = references.flatMap(({ columns }) =>
    columns.filter((number) => table.columns.find((column) => column.number === number)?.notNull),
  )
  return references.length + 100 * required.length
}
