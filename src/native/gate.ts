import { createServer, connect, type Server, type Socket } from 'node:net'

/** Who is let through, and where to. */
export interface Gate {
  /** The socket behind it. */
  readonly socket: string
  readonly user: string
  readonly database: string
  readonly password: string
  /** Whether the gate asks for the password, since the server behind it would not. */
  readonly asks: boolean
}

/**
 * Opens a port of this machine that leads to a sandbox and to nothing else of its server: for the one role and the one
 * database that were named, and for who knows the password. `onArrival` is told of each who is let through.
 */
export function openGate(
  gate: Gate,
  onArrival: () => void = () => undefined,
): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer((client) => receive(client, gate, onArrival))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (typeof address === 'object' && address !== null) resolve({ port: address.port, server })
      else reject(new Error('no port was given'))
    })
  })
}

// https://www.postgresql.org/docs/current/protocol-message-formats.html
const SSL_REQUEST = 80877103
const GSS_REQUEST = 80877104
const CANCEL_REQUEST = 80877102
const ASK_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])
const LONGEST = 20_000

function receive(client: Socket, gate: Gate, onArrival: () => void): void {
  client.on('error', () => client.destroy())
  if (!gate.asks) {
    onArrival()
    return through(client, gate, [])
  }
  let bytes: Buffer = Buffer.alloc(0)
  let startup: Buffer | null = null
  const read = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk])
    for (;;) {
      const tagged = startup === null ? 0 : 1
      if (bytes.length < tagged + 4) return
      const length = bytes.readUInt32BE(tagged) + tagged
      if (length < tagged + 4 || length > LONGEST) return void client.destroy()
      if (bytes.length < length) return
      const message = bytes.subarray(0, length)
      bytes = bytes.subarray(length)
      const next = startup === null ? greeted(message, gate) : passed(message, gate)
      if (next === 'plain') client.write('N')
      else if (next === 'ask') {
        startup = message
        client.write(ASK_PASSWORD)
      } else {
        client.off('data', read)
        if (next === 'cancel') through(client, gate, [message, bytes])
        else if (next === 'through' && startup !== null) {
          onArrival()
          through(client, gate, [startup, bytes])
        } else client.end(fatal(next))
        return
      }
    }
  }
  client.on('data', read)
}

/** What to do with a first message: `plain` for one that asks for encryption. */
function greeted(message: Buffer, { user, database }: Gate): string {
  const code = message.length < 8 ? 0 : message.readUInt32BE(4)
  if (code === SSL_REQUEST || code === GSS_REQUEST) return 'plain'
  if (code === CANCEL_REQUEST) return 'cancel'
  const words = message.subarray(8).toString('utf8').split('\0')
  const said = new Map<string, string>()
  for (let i = 0; i + 1 < words.length && words[i] !== ''; i += 2) said.set(words[i] ?? '', words[i + 1] ?? '')
  const asRole = said.get('user') ?? ''
  const inDatabase = said.get('database') ?? asRole
  if (asRole !== user) return `the sandbox knows no role "${asRole}"`
  if (inDatabase !== database) return `the sandbox has no database "${inDatabase}"`
  return said.has('replication') ? 'the sandbox is not replicated' : 'ask'
}

function passed(message: Buffer, { password }: Gate): string {
  const given = message.subarray(5, -1).toString('utf8')
  return message[0] === 0x70 && given === password ? 'through' : 'the password is not the one of the sandbox'
}

function through(client: Socket, { socket }: Gate, first: readonly Buffer[]): void {
  const server = connect(socket)
  const close = (): void => {
    client.destroy()
    server.destroy()
  }
  server.on('error', close)
  server.on('close', close)
  client.on('close', close)
  for (const bytes of first) server.write(bytes)
  client.pipe(server)
  server.pipe(client)
}

/** An error as a server says it: connection refused, with a reason. */
function fatal(reason: string): Buffer {
  const body = Buffer.from(`SFATAL\0VFATAL\0C28000\0M${reason}\0\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeUInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
