import { Client } from 'pg'
import { STATISTICS_STATEMENTS } from './query.js'

/** For how long a server may be silent before it counts as out of reach, in milliseconds. */
const PATIENCE = 15_000

/**
 * Measures a database on a connection of its own, in a transaction that may only read. Answers with the text of the file, or
 * says why there is none.
 */
export async function measure(url: string, signal: AbortSignal): Promise<string | { readonly problem: string }> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: PATIENCE,
    application_name: 'dba stats',
  })
  // What a broken connection says is said by the query that it breaks.
  client.on('error', () => undefined)
  const stop = (): void => void client.end().catch(() => undefined)
  signal.addEventListener('abort', stop)
  try {
    await client.connect()
    let text: unknown
    for (const statement of STATISTICS_STATEMENTS) {
      const { rows } = await client.query<{ statistics?: unknown }>(statement)
      text = rows[0]?.statistics ?? text
    }
    return typeof text === 'string' ? `${text}\n` : { problem: 'the query gave no row' }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  } finally {
    signal.removeEventListener('abort', stop)
    await client.end().catch(() => undefined)
  }
}
