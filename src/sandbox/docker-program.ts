import { Duplex, type Writable } from 'node:stream'
import type { Container } from 'dockerode'

/** A program that runs in a container. */
export interface Inside {
  readonly input: Writable
  /** Resolves when it is gone, with its exit code and what it last said; the code is null when the container is gone. */
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>
}

/** Starts a program in a container that runs; it reads nothing unless `stdin` says so. */
export async function startInside(
  container: Container,
  command: readonly string[],
  onOutput: (chunk: Buffer) => void = () => undefined,
  stdin = false,
): Promise<Inside> {
  const streams = { AttachStdin: stdin, AttachStdout: true, AttachStderr: true }
  const exec = await container.exec({ ...streams, Cmd: [...command], WorkingDir: '/' })
  const stream = await exec.start({ hijack: true, stdin })
  let said = ''
  const read = frameReader((channel, chunk) => {
    if (channel !== STDERR) onOutput(chunk)
    // What an engine says of a program that it cannot start comes as its output.
    if (channel === STDERR || said === '') said = (said + chunk.toString('latin1')).slice(-2000)
  })
  stream.on('data', read)
  // Whoever writes to a program that is gone learns it from its end.
  stream.on('error', () => undefined)
  const ended = new Promise<void>((resolve) => stream.once('close', () => resolve())).then(async () => {
    const { ExitCode: code } = await exec.inspect().catch(() => ({ ExitCode: null }))
    return { code, said: said.trim().split('\n').at(-1) ?? '' }
  })
  return { input: stream, ended }
}

/** Runs a program to its end and returns what it printed. */
export async function runInside(
  container: Container,
  command: readonly string[],
  input: Uint8Array | null = null,
): Promise<Buffer> {
  const output: Buffer[] = []
  const program = await startInside(container, command, (chunk) => output.push(chunk), input !== null)
  if (input !== null) program.input.end(input)
  const { code, said } = await program.ended
  if (code === 0) return Buffer.concat(output)
  throw new Error(`${command[0]} ended with ${code ?? 'its container'}${said === '' ? '' : `: ${said}`}`)
}

/** A program's input and output as what a database driver takes for a socket. */
export function asSocket(start: (onOutput: (chunk: Buffer) => void) => Promise<Inside>): Promise<Duplex> {
  let program: Inside | null = null
  let heard = false
  const socket = new Duplex({
    allowHalfOpen: false,
    read: () => undefined,
    write: (chunk: Uint8Array, _encoding, done) => void program?.input.write(chunk, done),
    final: (done) => void program?.input.end(done),
    destroy: (error, done) => {
      program?.input.destroy()
      done(error)
    },
  })
  const hear = (chunk: Buffer): void => {
    heard = true
    socket.push(chunk)
  }
  const itself = (): Duplex => socket
  Object.assign(socket, { setNoDelay: itself, setKeepAlive: itself, ref: itself, unref: itself })
  Object.assign(socket, { connect: () => process.nextTick(() => socket.emit('connect')) })
  return start(hear).then((started) => {
    program = started
    void started.ended.then(({ said }) => {
      if (heard) socket.push(null)
      else socket.destroy(new Error(said))
    })
    return socket
  })
}

const STDERR = 2
const HEADER_LENGTH = 8

/**
 * Takes apart what an engine sends of a program without a terminal: a frame is the channel, three zeros, the length in
 * four bytes, and as much text. https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach
 */
export function frameReader(onPart: (channel: number, chunk: Buffer) => void): (chunk: Buffer) => void {
  let header = Buffer.alloc(0)
  let channel = 0
  let due = 0
  return (chunk) => {
    for (let at = 0; at < chunk.length;) {
      if (due > 0) {
        const part = chunk.subarray(at, at + due)
        at += part.length
        due -= part.length
        onPart(channel, part)
      } else {
        const part = chunk.subarray(at, at + HEADER_LENGTH - header.length)
        at += part.length
        header = Buffer.concat([header, part])
        if (header.length < HEADER_LENGTH) return
        channel = header[0] ?? 0
        due = header.readUInt32BE(4)
        header = Buffer.alloc(0)
      }
    }
  }
}
