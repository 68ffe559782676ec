import { Client, type ClientConfig, type Connection } from 'pg'
import { encodeStatement, messageReader, replyCollector, type Reply } from './wire.js'

/** A connection to a server; an exchange after its end answers nothing. */
export interface ServerConnection {
  /** Sends at once and answers in turn: who does not wait saves the way there and back. */
  readonly exchange: (sql: string, keepRows: boolean) => Promise<Reply>
  /** The process that serves it. */
  readonly backend: number
  close(): Promise<void>
}

/** A statement that has been sent. */
interface Sent {
  readonly collector: ReturnType<typeof replyCollector>
  readonly settle: (reply: Reply) => void
}

/** Connects, and then reads what the server sends as it is: the driver only authenticates, and says goodbye. */
export async function connect(config: ClientConfig): Promise<ServerConnection> {
  const client = new Client(config)
  const sent: Sent[] = []
  let ended = false
  client.on('error', () => undefined)
  client.on('end', () => {
    ended = true
    for (const { collector, settle } of sent.splice(0)) settle(collector.reply())
  })
  await client.connect()
  const { stream } = (client as unknown as { connection: Connection }).connection
  const read = messageReader((type, body) => {
    // What comes unasked, such as a notice, is dropped.
    const [first] = sent
    if (first === undefined) return
    first.collector.take(type, body)
    if (type !== READY) return
    sent.shift()
    first.settle(first.collector.reply())
  })
  stream.removeAllListeners('data')
  stream.on('data', read)

  const exchange = (sql: string, keepRows: boolean): Promise<Reply> =>
    new Promise((settle) => {
      const collector = replyCollector(keepRows)
      if (ended) return settle(collector.reply())
      sent.push({ collector, settle })
      stream.write(encodeStatement(sql))
    })
  const pid = await exchange('SELECT pg_catalog.pg_backend_pid()', true)
  return { exchange, backend: Number(pid.rows[0]?.[0]), close: () => client.end() }
}

/** ReadyForQuery: the last message of every reply. */
const READY = 'Z'
