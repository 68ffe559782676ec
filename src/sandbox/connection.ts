import { Client, type ClientConfig, type Connection } from 'pg'
import { encodeStatement, replyReader, type Reply } from './wire.js'

/** A connection to a server; an exchange after its end answers nothing. */
export interface ServerConnection {
  /** One statement after the other, however fast they come. */
  readonly exchange: (sql: string, keepRows: boolean) => Promise<Reply>
  /** The process that serves it. */
  readonly backend: number
  close(): Promise<void>
}

/** Connects, and reads what the server sends as it is: the driver authenticates, and knows whose turn it is. */
export async function connect(config: ClientConfig): Promise<ServerConnection> {
  const client = new Client(config)
  let ended = false
  /** What looks at the bytes that come, and at their end. */
  let notice: (chunk: Uint8Array) => void = () => undefined
  client.on('error', () => undefined)
  client.on('end', () => {
    ended = true
    notice(NOTHING)
  })
  await client.connect()
  const { stream } = (client as unknown as { connection: Connection }).connection
  stream.on('data', (chunk: Uint8Array) => notice(chunk))

  const send = async (sql: string, keepRows: boolean): Promise<Reply> => {
    const reader = replyReader(keepRows)
    await new Promise<void>((resolve) => {
      if (ended) return resolve()
      notice = (chunk) => {
        reader.push(chunk)
        if (ended || reader.reply().status !== null) resolve()
      }
      client.query({ ...IDLE, submit: () => void stream.write(encodeStatement(sql)) })
    })
    notice = () => undefined
    return reader.reply()
  }
  let last: Promise<unknown> = Promise.resolve()
  const exchange = (sql: string, keepRows: boolean): Promise<Reply> => {
    const reply = last.then(() => send(sql, keepRows))
    last = reply
    return reply
  }
  const pid = await exchange('SELECT pg_catalog.pg_backend_pid()', true)
  return { exchange, backend: Number(pid.rows[0]?.[0]), close: () => client.end() }
}

const NOTHING = new Uint8Array(0)

/** What the driver tells of a statement; the bytes have said it. */
const IDLE = Object.fromEntries(
  [
    ...['handleRowDescription', 'handleDataRow', 'handlePortalSuspended', 'handleEmptyQuery', 'handleCommandComplete'],
    ...['handleReadyForQuery', 'handleError', 'handleCopyInResponse', 'handleCopyData'],
  ].map((name) => [name, () => undefined]),
)
