import { Pool, types, type PoolClient } from 'pg'
import { digestOf } from './digest.js'

/** Somewhere to ask. Text is always written here and values are always parameters: no caller builds SQL. */
export interface Queryable {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>
}

/** The App's own database. */
export interface Database extends Queryable {
  /** Commits what the work did when it ends, and takes it back when it throws; throws what the work threw. */
  transaction<Result>(work: (inside: Queryable) => Promise<Result>): Promise<Result>
  /** For the queue, which brings its own queries. */
  readonly pool: Pool
  close(): Promise<void>
}

export interface DatabaseOptions {
  readonly url: string
  /** Who connects, as the server's views show it. */
  readonly name: string
  /** The most connections; what needs one waits. */
  readonly connections?: number
  /** How long one statement may take before the server ends it. */
  readonly statementMilliseconds?: number
  /** How long to wait for a connection. */
  readonly connectMilliseconds?: number
  /** Told of connections that broke while nobody used them; the next use makes another. */
  readonly onBroken?: (error: Error) => void
}

const CONNECTIONS = 10
const STATEMENT_MILLISECONDS = 30_000
const CONNECT_MILLISECONDS = 5_000

/**
 * Connects as it is asked, so that it can be opened before the server is there.
 *
 * A commit is on disk when it returns, whatever the server's configuration says: what GitHub was told is kept must be.
 * Whole numbers of eight bytes are numbers; one beyond 2^53 is an error, never a neighbour of it.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new Pool({
    connectionString: options.url,
    application_name: options.name,
    max: options.connections ?? CONNECTIONS,
    connectionTimeoutMillis: options.connectMilliseconds ?? CONNECT_MILLISECONDS,
    statement_timeout: options.statementMilliseconds ?? STATEMENT_MILLISECONDS,
    // The server's own limit is lost with the connection to it.
    query_timeout: (options.statementMilliseconds ?? STATEMENT_MILLISECONDS) + 1000,
    idle_in_transaction_session_timeout: 60_000,
    options: '-c synchronous_commit=on',
    keepAlive: true,
    types: { getTypeParser },
  })
  const broken = (error: Error): void => options.onBroken?.(error)
  pool.on('error', broken)
  // One that breaks while it is used says so here, and then in the next query.
  pool.on('connect', (client) => client.on('error', broken))
  return {
    pool,
    query: (text, values) => ask(pool, text, values),
    transaction: (work) => transaction(pool, work),
    close: () => pool.end(),
  }
}

async function ask<Row extends object>(
  place: Pool | PoolClient,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  // Under a name the server reads and plans it once a connection.
  const name = values.length === 0 ? undefined : nameOf(text)
  const { rows } = await place.query<Row>({ name, text, values: [...values] })
  return rows
}

/** The names of texts, of which there are as many as are written in the program. */
const NAMES = new Map<string, string>()

function nameOf(text: string): string {
  const known = NAMES.get(text)
  if (known !== undefined) return known
  const name = digestOf(text).slice(0, 32)
  NAMES.set(text, name)
  return name
}

async function transaction<Result>(pool: Pool, work: (inside: Queryable) => Promise<Result>): Promise<Result> {
  const client = await pool.connect()
  let failed = true
  try {
    await client.query('BEGIN')
    const result = await work({ query: (text, values) => ask(client, text, values) })
    await client.query('COMMIT')
    failed = false
    return result
  } catch (error) {
    failed = await client.query('ROLLBACK').then(
      () => false,
      () => true,
    )
    throw error
  } finally {
    client.release(failed)
  }
}

const INT8 = 20

const getTypeParser: typeof types.getTypeParser = (oid, format) =>
  oid === INT8 ? wholeNumber : types.getTypeParser(oid, format)

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new RangeError(`${text} is too large for a number`)
  return number
}
