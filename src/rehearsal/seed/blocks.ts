import type { ColumnFacts, ReferenceFacts, TableFacts } from './facts.js'
import { hints } from './hints.js'
import type { Supply } from './supply.js'

/** Columns whose values belong together, and the combinations that they may take, the preferred ones first. */
export interface Block {
  readonly columns: readonly number[]
  readonly tuples: readonly (readonly string[])[]
}

/** No value, of a type. */
export function nothing(typeName: string): string {
  return `NULL::${typeName}`
}

/** The values of one column, in the order in which rows take them. */
export function single(column: ColumnFacts, { plain, awkward }: Supply, table: TableFacts, sparse: boolean): Block {
  const distinct = table.uniques.some((columns) => columns.includes(column.number))
  const none = column.notNull ? [] : [nothing(column.typeName)]
  const conditions = conditionsOn(column, table)
  const hinted = conditions.flatMap((condition) => hints(condition, column.typeName))
  const [first, ...others] = plain
  const head = first === undefined ? [] : [first]
  if (sparse) {
    const spare = conditions.length > 0 || plain.length === 0 ? none : []
    return of(column, [...head, ...hinted, ...spare, ...others])
  }
  if (conditions.length > 0) return of(column, [...head, ...hinted, ...none, ...awkward, ...others])
  if (distinct) return of(column, [...head, ...none, ...awkward, ...others])
  // From the second row on nothing, the extremes and a repetition, each column beginning at another of them.
  const list = [...none, ...awkward.slice(0, 2), ...head, ...awkward.slice(2), ...others]
  const turn = list.slice(0, 4)
  const from = column.number % Math.max(1, turn.length)
  const values = [...head, ...turn.slice(from), ...turn.slice(0, from), ...list.slice(4)]
  return { columns: [column.number], tuples: values.map((value) => [value]) }
}

function of(column: ColumnFacts, values: readonly string[]): Block {
  return { columns: [column.number], tuples: [...new Set(values)].map((value) => [value]) }
}

/** Every condition that a row of the table must satisfy, with the columns that it speaks of. */
export function conditions({ checks, bound, columns }: TableFacts): TableFacts['checks'] {
  if (bound === null || bound === '') return checks
  const words = new Set(bound.match(/"(?:[^"]|"")*"|[\w$\u0080-\uffff]+/g))
  return [
    ...checks,
    { expression: bound, columns: columns.filter(({ name }) => words.has(name)).map(({ number }) => number) },
  ]
}

function conditionsOn(column: ColumnFacts, table: TableFacts): readonly string[] {
  return conditions(table).flatMap(({ expression, columns }) => (columns.includes(column.number) ? [expression] : []))
}

/** The combinations that all foreign keys on some columns allow together, from the rows that they may refer to. */
export function joined(
  references: readonly { readonly reference: ReferenceFacts; readonly rows: readonly (readonly string[])[] }[],
  columns: readonly ColumnFacts[],
): readonly Block[] {
  const blocks: Block[] = []
  for (const { reference, rows } of references) {
    const mine = reference.columns.map((number) => columns.find((column) => column.number === number))
    const nullable = mine.every((column) => column !== undefined && !column.notNull)
    const none = nullable ? [mine.map((column) => nothing(column?.typeName ?? 'text'))] : []
    let block: Block = { columns: reference.columns, tuples: [...rows.slice(0, 1), ...none, ...rows.slice(1)] }
    for (const other of blocks.filter((each) => each.columns.some((number) => reference.columns.includes(number)))) {
      blocks.splice(blocks.indexOf(other), 1)
      block = join(other, block)
    }
    blocks.push(block)
  }
  return blocks
}

/** The most combinations that are looked at. */
const MOST = 3000

function join(a: Block, b: Block): Block {
  const shared = b.columns.flatMap((number, at) =>
    a.columns.includes(number) ? [[a.columns.indexOf(number), at] as const] : [],
  )
  const added = b.columns.flatMap((number, at) => (a.columns.includes(number) ? [] : [at]))
  const tuples = a.tuples.flatMap((left) =>
    b.tuples
      .filter((right) => shared.every(([i, j]) => left[i] === right[j]))
      .map((right) => [...left, ...added.map((at) => right[at] ?? 'NULL')]),
  )
  return { columns: [...a.columns, ...added.map((at) => b.columns[at] ?? 0)], tuples: tuples.slice(0, MOST) }
}

/** Blocks that conditions tie together, with those conditions. */
export interface Knot {
  readonly blocks: readonly Block[]
  readonly expressions: readonly string[]
}

/** Ties the blocks that one condition speaks of; blocks that no condition speaks of are in no knot. */
export function knots(blocks: readonly Block[], table: TableFacts): readonly Knot[] {
  let tied: Knot[] = []
  for (const { expression, columns } of conditions(table)) {
    const touches = (block: Block): boolean => block.columns.some((number) => columns.includes(number))
    const meeting = tied.filter((knot) => knot.blocks.some(touches))
    const all = new Set([...meeting.flatMap((knot) => knot.blocks), ...blocks.filter(touches)])
    if (all.size === 0) continue
    const expressions = [...meeting.flatMap((knot) => knot.expressions), expression]
    tied = [...tied.filter((knot) => !meeting.includes(knot)), { blocks: [...all], expressions }]
  }
  return tied
}

/** The query that tells which combinations of a knot satisfy its conditions: one place in each block a column. */
export function question({ blocks, expressions }: Knot, columns: readonly ColumnFacts[]): string {
  const each = Math.max(2, Math.floor(MOST ** (1 / blocks.length)))
  const name = (number: number): string => columns.find((column) => column.number === number)?.name ?? 'x'
  const lists = blocks.map(({ columns: numbers, tuples }, at) => {
    const rows = tuples.slice(0, each).map((tuple, place) => `(${[place, ...tuple].join(', ')})`)
    return `(VALUES ${rows.join(', ')}) AS "block ${at}" ("at ${at}", ${numbers.map(name).join(', ')})`
  })
  const places = blocks.map((_, at) => `"at ${at}"`)
  return `SELECT ${places.join(', ')} FROM ${lists.join(', ')}
    WHERE ${expressions.map((expression) => `(${expression}) IS NOT FALSE`).join(' AND ')}
    ORDER BY ${places.join(' + ')}, ${places.join(', ')} LIMIT 400`
}

/** The block of a knot once PostgreSQL has told which combinations go. */
export function untied({ blocks }: Knot, places: readonly (readonly (string | null)[])[]): Block {
  return {
    columns: blocks.flatMap(({ columns }) => columns),
    tuples: spread(places.map((row) => row.flatMap((place, at) => blocks[at]?.tuples[Number(place)] ?? []))),
  }
}

/** The first, then from everywhere in the list, so that few rows see much of it. */
function spread<Each>(list: readonly Each[]): readonly Each[] {
  const step = Math.max(1, Math.floor(list.length / 7))
  return Array.from({ length: step }, (_, from) => list.filter((_each, at) => at % step === from)).flat()
}

/** Rows that take their values from blocks, no two alike in what must be unique as far as that can be had. */
export function rowsFrom(
  blocks: readonly Block[],
  uniques: TableFacts['uniques'],
  count: number,
): readonly ReadonlyMap<number, string>[] {
  if (blocks.some(({ tuples }) => tuples.length === 0)) return []
  const seen = uniques.map(() => new Set<string>())
  const rows: ReadonlyMap<number, string>[] = []
  for (let at = 0, tries = 0; rows.length < count && tries < count * 40; tries++) {
    const row = new Map(
      blocks.flatMap(({ columns, tuples }, turn) => {
        // Each block in turn moves on by one, so that a clash in any of them ends.
        const extra = tries <= at ? 0 : turn === tries % blocks.length ? Math.ceil((tries - at) / blocks.length) : 0
        const tuple = tuples[(at + extra) % tuples.length] ?? []
        return columns.map((number, place) => [number, tuple[place] ?? 'NULL'] as const)
      }),
    )
    const keys = uniques.map((columns) => columns.map((number) => row.get(number) ?? `own ${rows.length}`))
    const clash = keys.some((key, i) => !key.some((value) => value.startsWith('NULL')) && seen[i]?.has(key.join('\n')))
    if (clash) continue
    keys.forEach((key, i) => seen[i]?.add(key.join('\n')))
    rows.push(row)
    at++
  }
  return rows
}
