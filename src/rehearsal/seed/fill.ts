import type { Answer, Outcome, Session } from '../../sandbox/sandbox.js'
import { conditions, joined, knots, nothing, question, rowsFrom, single, untied, type Block } from './blocks.js'
import { readFacts, type ColumnFacts, type Facts, type TableFacts } from './facts.js'
import { insertion, loosened, reconnection, referable, required, restored, silenced, tightened } from './insertion.js'
import { literal } from './literal.js'
import { learn } from './learn.js'
import { rounds, type Turn } from './order.js'
import { supplyOf, type Supply, type Types } from './supply.js'

/** What is asked of a filling. */
export interface FillWish {
  /** Rows a table. */
  readonly rows: number
  /** `awkward`: values that careless code does not expect are among them. */
  readonly values: 'awkward' | 'plain'
  readonly bookkeeping: readonly string[]
  readonly signal: AbortSignal
  /** Tables that get further rows beside those that they have, and no others; not given: all that are empty. */
  readonly into?: ReadonlySet<string>
}

/** A table that holds no row, and why. */
export interface Unfilled {
  readonly table: string
  readonly reason: string
}

/** More tables than that are left as they are. */
const MOST_TABLES = 300
/** Milliseconds after which no further round of tables is begun. */
const MOST_TIME = 15_000

/**
 * Puts rows that satisfy every rule into the tables that hold none. No failure of it is the migration's: a table that
 * cannot be filled is told. Throws when the sandbox is lost.
 */
export async function fill(session: Session, wish: FillWish, known?: Facts): Promise<readonly Unfilled[]> {
  if (wish.rows === 0) return []
  const started = performance.now()
  const facts = known ?? (await readFacts(session, wish.bookkeeping))
  const { into } = wish
  const unfilled = facts.hollow
    .filter((table) => into?.has(table) ?? true)
    .map((table): Unfilled => ({ table, reason: 'it is partitioned and has no partition' }))
  const empty =
    into === undefined
      ? await emptyOf(session, facts.tables, unfilled)
      : facts.tables.filter((table) => into.has(table.into))
  unfilled.push(
    ...empty.slice(MOST_TABLES).map(({ name }) => ({ table: name, reason: `only ${MOST_TABLES} tables are filled` })),
  )
  if (empty.length === 0) return unfilled
  const types = await learn(session, facts, Math.max(24, wish.rows * (into === undefined ? 3 : 6)))
  const turns = rounds(empty.slice(0, MOST_TABLES).map((table) => strict(table, types)))
  for (const round of turns) {
    if (performance.now() - started > MOST_TIME) {
      unfilled.push(...round.map(({ table }) => ({ table: table.name, reason: 'filling the tables took too long' })))
      continue
    }
    const loose = round.map((turn) => ({ ...turn, table: unbound(turn) }))
    for (const turn of round) await each(session, loosened(turn.table, circular(turn)), wish)
    unfilled.push(...(await fillRound(session, loose, types, wish)))
  }
  for (const turn of turns.flat()) {
    for (const reference of turn.postponed) {
      // Rows that were there stay as they are.
      if (into !== undefined && required(turn.table, reference.columns).length === 0) continue
      await each(session, [reconnection(turn.table, reference)], wish)
    }
    await each(session, tightened(turn.table, circular(turn)), wish, true)
  }
  return unfilled
}

async function emptyOf(
  session: Session,
  tables: readonly TableFacts[],
  unfilled: Unfilled[],
): Promise<readonly TableFacts[]> {
  const counts = await session.read(tables.map(({ name }) => `SELECT EXISTS (SELECT FROM ONLY ${name})`))
  return tables.filter((table, at) => {
    const answer = counts[at]
    if (answer !== undefined && 'error' in answer) unfilled.push({ table: table.name, reason: answer.error })
    return answer !== undefined && 'rows' in answer && answer.rows[0]?.[0] === 'f'
  })
}

/** A column of a domain that allows no NULL allows none. */
function strict(table: TableFacts, { facts }: Types): TableFacts {
  const columns = table.columns.map((column) => ({
    ...column,
    notNull: column.notNull || facts.get(column.type)?.notNull === true,
  }))
  return { ...table, columns }
}

/** Columns that allow no NULL and refer to tables that come later. */
function circular({ table, postponed }: Turn): readonly ColumnFacts[] {
  const others = postponed.filter(({ targetName }) => targetName !== table.name && targetName !== table.into)
  return required(
    table,
    others.flatMap(({ columns }) => columns),
  )
}

function unbound(turn: Turn): TableFacts {
  const loose = circular(turn)
  const columns = turn.table.columns.map((column) => (loose.includes(column) ? { ...column, notNull: false } : column))
  return { ...turn.table, columns }
}

/** Fills tables that do not refer to each other. */
async function fillRound(
  session: Session,
  round: readonly Turn[],
  types: Types,
  wish: FillWish,
): Promise<readonly Unfilled[]> {
  const plans = round.map((turn) => ({
    turn,
    references: turn.table.references.filter((each) => !turn.postponed.includes(each)),
  }))
  const rows = await inTurn(
    session,
    plans.map(({ references }) => references.map((each) => referable(each, types.many, wish.into !== undefined))),
  )
  const drafts = plans.map(({ turn, references }, at) =>
    draftOf(
      turn,
      references.map((reference, i) => ({ reference, rows: cells(turn.table, reference.columns, rows[at]?.[i]) })),
      types,
      wish,
    ),
  )
  const solved = await inTurn(
    session,
    drafts.map(({ knotted, table }) => knotted.map((knot) => question(knot, table.columns))),
  )
  const unfilled: Unfilled[] = []
  const entries: Entry[] = []
  for (const [at, draft] of drafts.entries()) {
    const blocks = [...draft.free]
    let impossible: string | null = null
    draft.knotted.forEach((knot, i) => {
      const answer = solved[at]?.[i]
      if (answer === undefined || 'error' in answer) blocks.push(...knot.blocks)
      else if (answer.rows.length > 0) blocks.push(untied(knot, answer.rows))
      else impossible = `no values were found for which ${knot.expressions.join(' AND ')}`
    })
    const lacking = blocks.find(({ tuples }) => tuples.length === 0)
    const reason = impossible ?? (lacking === undefined ? null : lack(draft.table, lacking))
    if (reason === null) entries.push(entryOf(draft, blocks, wish))
    else unfilled.push({ table: draft.table.name, reason })
  }
  const begun = await begin(session, entries, wish)
  for (const entry of entries) {
    const reason = await insert(session, entry, begun.get(entry), wish)
    if (reason !== null) unfilled.push({ table: entry.table.name, reason })
  }
  return unfilled
}

/** The rows that a table may take: more than are wanted. */
interface Entry {
  readonly table: TableFacts
  readonly rows: readonly ReadonlyMap<number, string>[]
}

function entryOf({ table, turn }: Draft, blocks: readonly Block[], wish: FillWish): Entry {
  return { table, rows: rowsFrom(blocks, table.uniques, wish.rows * 4).map((row) => selfReferring(row, turn)) }
}

/** Asks at once for the first insertion into each table that nothing has to be done to before. */
async function begin(
  session: Session,
  entries: readonly Entry[],
  { rows: most, signal }: FillWish,
): Promise<ReadonlyMap<Entry, Answered>> {
  const ready = entries.filter(({ table, rows }) => silenced(table).length === 0 && rows.length > 0)
  const statements = ready.map(({ table, rows }) => insertion(table, rows.slice(0, most)))
  const outcomes: Answered[] = []
  // A failure ends a list, and is no matter of the next table.
  while (outcomes.length < statements.length) {
    const some = await session.runAll(statements.slice(outcomes.length), signal)
    outcomes.push(...some.map(answered))
  }
  return new Map(ready.flatMap((entry, at) => (outcomes[at] === undefined ? [] : [[entry, outcomes[at]] as const])))
}

/** Asks all lists of questions in one reading. */
async function inTurn(
  session: Session,
  queries: readonly (readonly string[])[],
): Promise<readonly (readonly Answer[])[]> {
  const flat = queries.flat()
  const answers = flat.length === 0 ? [] : await session.read(flat)
  let from = 0
  return queries.map((list) => answers.slice(from, (from += list.length)))
}

function cells(
  table: TableFacts,
  columns: readonly number[],
  answer: Answer | undefined,
): readonly (readonly string[])[] {
  if (answer === undefined || 'error' in answer) return []
  const names = columns.map((number) => table.columns.find((column) => column.number === number)?.typeName ?? 'text')
  return answer.rows.map((row) => row.map((value, at) => `${literalOf(value)}::${names[at]}`))
}

const literalOf = (value: string | null): string => (value === null ? 'NULL' : literal(value))

interface Draft {
  readonly table: TableFacts
  readonly turn: Turn
  readonly free: readonly Block[]
  readonly knotted: ReturnType<typeof knots>
}

function draftOf(turn: Turn, references: Parameters<typeof joined>[0], types: Types, wish: FillWish): Draft {
  const { table, postponed } = turn
  const conditional = new Set(knotColumns(table))
  const referring = joined(references, table.columns)
  const taken = new Set(referring.flatMap(({ columns }) => columns))
  const later = new Set(postponed.flatMap(({ columns }) => columns))
  const own = table.columns
    .filter(
      ({ number, source }) =>
        !taken.has(number) && (source === 'written' || (source === 'sequence' && conditional.has(number))),
    )
    .map((column): Block => {
      if (later.has(column.number) && !column.notNull)
        return { columns: [column.number], tuples: [[nothing(column.typeName)]] }
      const supply = supplyOf(column.type, column.typeName, types)
      const further = wish.into === undefined ? supply : others(supply, column, table, types, wish)
      return single(column, further, table, wish.values === 'plain')
    })
  const blocks = [...referring, ...own]
  const knotted = knots(blocks, table)
  const tied = new Set(knotted.flatMap((knot) => knot.blocks))
  return { table, turn, knotted, free: blocks.filter((block) => !tied.has(block)) }
}

/** Values for a table that has rows: others than they have, and of an enum the newest labels first. */
function others(supply: Supply, column: ColumnFacts, table: TableFacts, { facts }: Types, { rows }: FillWish): Supply {
  const { plain } = supply
  if (facts.get(column.type)?.kind === 'enum') return { ...supply, plain: [...plain].reverse() }
  const unique = table.uniques.some((columns) => columns.includes(column.number))
  const used = unique || plain.length > rows * 3 ? Math.min(rows * 2, plain.length >> 1) : 0
  return { ...supply, plain: plain.slice(used) }
}

const knotColumns = (table: TableFacts): readonly number[] => conditions(table).flatMap(({ columns }) => columns)

/** Inserts rows, all at once or else one by one; null when some are there, else why none is. */
async function insert(
  session: Session,
  { table, rows }: Entry,
  first: Answered | undefined,
  wish: FillWish,
): Promise<string | null> {
  await each(session, silenced(table), wish)
  let reason = 'it took no row'
  let filled = 0
  const count = (outcome: Answered): void => {
    if (outcome.kind === 'failed') reason = outcome.message
    else filled += Number(/^INSERT 0 (\d+)$/.exec(outcome.tag)?.[1] ?? 0)
  }
  const put = async (some: Entry['rows']): Promise<void> =>
    count(answered(await session.run(insertion(table, some), wish.signal)))
  if (first === undefined) await put(rows.slice(0, wish.rows))
  else count(first)
  for (const [at, row] of rows.entries()) {
    if (filled >= wish.rows || (filled === 0 && at >= wish.rows * 2)) break
    await put([row])
  }
  await each(session, restored(table), wish, true)
  return filled > 0 ? null : reason
}

function lack(table: TableFacts, { columns }: Block): string {
  const names = columns.flatMap((number) => table.columns.find((column) => column.number === number) ?? [])
  const reference = table.references.find((each) => each.columns.some((number) => columns.includes(number)))
  const what = names.map(({ name, typeName }) => `${name} (${typeName})`).join(', ')
  return reference === undefined ? `no value is known for ${what}` : `there is no row that ${what} could refer to`
}

/** A required reference to the table itself refers to its own row. */
function selfReferring(row: ReadonlyMap<number, string>, { table, postponed }: Turn): ReadonlyMap<number, string> {
  const own = postponed.filter(({ targetName }) => targetName === table.name || targetName === table.into)
  const changed = new Map(row)
  for (const { columns, targetColumns } of own) {
    columns.forEach((number, at) => {
      const column = table.columns.find((candidate) => candidate.number === number)
      const key = table.columns.find(({ name }) => name === targetColumns[at])
      const value = key === undefined ? undefined : row.get(key.number)
      if (column?.notNull === true && value !== undefined) changed.set(number, value)
    })
  }
  return changed
}

async function each(
  session: Session,
  statements: readonly string[],
  { signal }: FillWish,
  must = false,
): Promise<void> {
  for (const sql of statements) {
    const outcome = answered(await session.run(sql, signal))
    if (outcome.kind === 'failed' && must) throw new Error(`${sql}: ${outcome.message}`)
  }
}

type Answered = Exclude<Outcome, { kind: 'lost' }>

function answered(outcome: Outcome): Answered {
  if (outcome.kind === 'lost') throw new Error(outcome.reason)
  return outcome
}
