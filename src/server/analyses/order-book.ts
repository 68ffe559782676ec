import type { Queryable } from '../database.js'

/*
 * The orders that brokers place and analysers fill, as rows. A broker may do all with them; the login of an analyser reads them
 * and changes `ANALYSER_COLUMNS`, so that what analysers ask is limited to that.
 */

/** What orders take and last, in milliseconds; the database's clock decides. */
export interface OrderTiming {
  /** How long an order outlives the broker that placed it. */
  readonly wanted: number
  /** How often the broker looks when it has heard nothing. */
  readonly look: number
  /** How long an analyser that is gone keeps others from its order. */
  readonly lasting: number
  readonly renewEvery: number
  /** How often an analyser looks when it has heard nothing. */
  readonly poll: number
  /** How long an order waits for an analyser when there is none at work. */
  readonly nobody: number
  /** From its placing to its answer. */
  readonly longest: number
}

export const ORDERS: OrderTiming = {
  wanted: 30_000,
  look: 2_000,
  lasting: 15_000,
  renewEvery: 5_000,
  poll: 1_000,
  nobody: 60_000,
  longest: 600_000,
}

/** An order that was tried so often without a word is what ends its analysers: it is not tried again. */
export const MOST_TRIES = 2
/** What an analyser may change. */
export const ANALYSER_COLUMNS = ['tries', 'lease_holder', 'lease_until', 'answer', 'reason'] as const

/** Where it is told that an order was placed, answered or withdrawn. What is said there is a hint, and may be missed. */
export const CHANNEL = 'dba_orders'
/** SQL: tells it of each order of a list (`id`); put at the end of a statement that changed them. */
const tell = (what: Told['what'], list: string): string =>
  `SELECT pg_catalog.pg_notify('${CHANNEL}', '${what} ' || id) FROM ${list}`

export interface Told {
  readonly what: 'placed' | 'answered' | 'withdrawn'
  readonly id: string
}

/** What was told; null for what nobody here has said. */
export function toldIn(payload: string): Told | null {
  const found = /^(placed|answered|withdrawn) ([0-9a-f-]{36})$/.exec(payload)
  return found === null ? null : { what: found[1] as Told['what'], id: found[2] as string }
}

export interface NewOrder {
  /** A UUID that nobody guesses. */
  readonly id: string
  readonly installation: number
  readonly version: string
  readonly input: string
}

/** Places an order. */
export async function place(database: Queryable, order: NewOrder, wanted: number): Promise<void> {
  await database.query(
    `WITH placed AS (
       INSERT INTO dba.orders (id, installation_id, version, input, wanted_until)
       VALUES ($1, $2, $3, $4, pg_catalog.clock_timestamp() + $5::int * interval '1 ms') RETURNING id)
     ${tell('placed', 'placed')}`,
    [order.id, order.installation, order.version, order.input, wanted],
  )
}

/** How an order stands. */
export interface Standing {
  readonly answer: string | null
  /** Why there is no answer, and will be none. */
  readonly reason: string | null
  readonly tries: number
  /** Whether an analyser is at it. */
  readonly held: boolean
  /** Whether an analyser of its version is at any. */
  readonly attended: boolean
}

/** Looks how it stands, and keeps it wanted; null when it is gone. */
export async function look(database: Queryable, id: string, wanted: number): Promise<Standing | null> {
  const [row] = await database.query<Standing>(
    `WITH moment AS MATERIALIZED (SELECT pg_catalog.clock_timestamp() AS now)
     UPDATE dba.orders AS o SET wanted_until = now + $2::int * interval '1 ms' FROM moment WHERE id = $1
     RETURNING answer, reason, tries, coalesce(lease_until > now, false) AS held,
       EXISTS (SELECT FROM dba.orders AS any_order WHERE version = o.version AND any_order.lease_until > now) AS attended`,
    [id, wanted],
  )
  return row ?? null
}

/** Takes an order back: nobody is to begin with it, and whoever is at it may stop. */
export async function withdraw(database: Queryable, id: string): Promise<void> {
  await database.query(
    `WITH withdrawn AS (DELETE FROM dba.orders WHERE id = $1 RETURNING id) ${tell('withdrawn', 'withdrawn')}`,
    [id],
  )
}

/** Takes back what brokers have left that are gone. Returns how many there were. */
export async function sweepOrders(database: Queryable): Promise<number> {
  const swept = await database.query(
    `WITH withdrawn AS (DELETE FROM dba.orders WHERE wanted_until <= pg_catalog.clock_timestamp() RETURNING id)
     ${tell('withdrawn', 'withdrawn')}`,
  )
  return swept.length
}

/** An order that an analyser is at. */
export interface TakenOrder {
  readonly id: string
  readonly holder: string
  /** How often it was taken, this time included. */
  readonly tries: number
}

/** One that was taken just now. */
export type NextOrder = TakenOrder & Pick<NewOrder, 'installation' | 'input'>

/** Leases the order that comes next, or null when there is none: first what was not tried before, then what waits longest. */
export async function take(
  database: Queryable,
  { version, holder, lasting }: { readonly version: string; readonly holder: string; readonly lasting: number },
): Promise<NextOrder | null> {
  const [row] = await database.query<Omit<NextOrder, 'holder'>>(
    `WITH moment AS MATERIALIZED (SELECT pg_catalog.clock_timestamp() AS now),
     next AS (
       SELECT o.id, now FROM dba.orders AS o, moment
       WHERE version = $1 AND answer IS NULL AND reason IS NULL AND wanted_until > now AND tries < $4::int
         AND (lease_until IS NULL OR lease_until <= now)
       ORDER BY tries, placed_at LIMIT 1 FOR UPDATE OF o SKIP LOCKED)
     UPDATE dba.orders AS o SET tries = tries + 1, lease_holder = $2, lease_until = now + $3::int * interval '1 ms'
     FROM next WHERE o.id = next.id RETURNING o.id, o.tries, o.installation_id AS installation, o.input`,
    [version, holder, lasting, MOST_TRIES],
  )
  return row === undefined ? null : { ...row, holder }
}

const HELD = `id = $1 AND lease_holder = $2 AND tries = $3 AND lease_until > pg_catalog.clock_timestamp()
  AND answer IS NULL AND reason IS NULL AND wanted_until > pg_catalog.clock_timestamp()`
const key = ({ id, holder, tries }: TakenOrder): readonly unknown[] => [id, holder, tries]

/** Renews the lease; false when it is lost, or nobody wants the order any more. */
export async function renewOrder(database: Queryable, order: TakenOrder, lasting: number): Promise<boolean> {
  const renewed = await database.query(
    `UPDATE dba.orders SET lease_until = pg_catalog.clock_timestamp() + $4::int * interval '1 ms'
     WHERE ${HELD} RETURNING id`,
    [...key(order), lasting],
  )
  return renewed.length > 0
}

/** Answers, or says why there is no answer; false when nobody wants it from here any more. */
export async function answer(
  database: Queryable,
  order: TakenOrder,
  said: { readonly answer: string } | { readonly reason: string },
): Promise<boolean> {
  const answered = await database.query(
    `WITH answered AS (UPDATE dba.orders SET answer = $4, reason = $5 WHERE ${HELD} RETURNING id)
     ${tell('answered', 'answered')}`,
    [...key(order), 'answer' in said ? said.answer : null, 'reason' in said ? said.reason : null],
  )
  return answered.length > 0
}

/** Gives an order back, to be tried elsewhere at once. `unused`: nothing is wrong with it, so that the try does not count. */
export async function giveBack(database: Queryable, order: TakenOrder, unused: boolean): Promise<void> {
  await database.query(
    `WITH given AS (
       UPDATE dba.orders SET tries = tries - $4::int, lease_holder = NULL, lease_until = NULL WHERE ${HELD} RETURNING id)
     ${tell('placed', 'given')}`,
    [...key(order), unused ? 1 : 0],
  )
}
