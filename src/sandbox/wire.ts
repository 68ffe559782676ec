/** What PostgreSQL's reply to one statement held; everything is null or false that did not come. */
export interface Reply {
  readonly parsed: boolean
  readonly bound: boolean
  /** CommandComplete's text, such as `CREATE TABLE` or `INSERT 0 3`. */
  readonly tag: string | null
  readonly empty: boolean
  readonly error: ServerError | null
  /** ReadyForQuery's transaction status. */
  readonly status: TransactionStatus | null
  /** Text values; only kept when they were asked for. */
  readonly rows: readonly (readonly (string | null)[])[]
}

/** Idle, in a transaction, in a failed transaction. */
export type TransactionStatus = 'I' | 'T' | 'E'

/** The fields of an ErrorResponse that are of use. */
export interface ServerError {
  readonly severity: string
  readonly sqlstate: string
  readonly message: string
  readonly detail: string | null
  readonly hint: string | null
  readonly position: number | null
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/**
 * The messages that run one statement in the extended protocol, in which PostgreSQL itself refuses a second one.
 * A CopyFail goes along: without COPY FROM STDIN it is ignored, with it the statement fails instead of waiting.
 */
export function encodeStatement(sql: string): Uint8Array {
  const text = encoder.encode(sql)
  return concatenate([
    message('P', concatenate([NUL, text, NUL, int16(0)])),
    message('B', concatenate([NUL, NUL, int16(0), int16(0), int16(0)])),
    message('E', concatenate([NUL, int32(0)])),
    message('f', concatenate([encoder.encode('no data comes with this statement'), NUL])),
    message('S', new Uint8Array(0)),
  ])
}

const NUL = new Uint8Array(1)

function message(type: string, body: Uint8Array): Uint8Array {
  return concatenate([encoder.encode(type), int32(body.length + 4), body])
}

function int16(value: number): Uint8Array {
  return new Uint8Array([value >> 8, value & 0xff])
}

function int32(value: number): Uint8Array {
  return new Uint8Array([value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff])
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Collects a reply from chunks of any size; rows that nobody asked for are dropped as they come. */
export function replyReader(keepRows: boolean): { push(chunk: Uint8Array): void; reply(): Reply } {
  const { take, reply } = replyCollector(keepRows)
  return { push: messageReader(take), reply }
}

/** What one message of the server says: its type and what follows its length. */
type Take = (type: string, body: Uint8Array) => void

/** Puts messages together from chunks of any size. */
export function messageReader(take: Take): (chunk: Uint8Array) => void {
  let chunks: Uint8Array[] = []
  let held = 0
  let needed = HEAD
  return (chunk) => {
    chunks.push(chunk.slice())
    held += chunk.length
    // A long message is put together once and not again with every chunk.
    if (held < needed) return
    const pending = concatenate(chunks)
    let at = 0
    needed = HEAD
    while (pending.length - at >= HEAD) {
      const length = view(pending).getInt32(at + 1)
      needed = length + 1
      if (pending.length - at < needed) break
      take(String.fromCharCode(pending[at] ?? 0), pending.subarray(at + HEAD, at + needed))
      at += needed
      needed = HEAD
    }
    chunks = at === pending.length ? [] : [pending.slice(at)]
    held = pending.length - at
  }
}

/** Collects a reply from its messages; rows that nobody asked for are dropped as they come. */
export function replyCollector(keepRows: boolean): { readonly take: Take; reply(): Reply } {
  let parsed = false
  let bound = false
  let tag: string | null = null
  let empty = false
  let error: ServerError | null = null
  let status: TransactionStatus | null = null
  const rows: (string | null)[][] = []
  return {
    take(type, body) {
      if (type === '1') parsed = true
      else if (type === '2') bound = true
      else if (type === 'C') tag = text(body, 0).value
      else if (type === 'I') empty = true
      else if (type === 'E') error ??= serverError(body)
      else if (type === 'Z') status = String.fromCharCode(body[0] ?? 0) as TransactionStatus
      else if (type === 'D' && keepRows) rows.push(dataRow(body))
    },
    reply: () => ({ parsed, bound, tag, empty, error, status, rows }),
  }
}

/** A message begins with its type and its length. */
const HEAD = 5

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function text(bytes: Uint8Array, start: number): { readonly value: string; readonly next: number } {
  const end = bytes.indexOf(0, start)
  const stop = end < 0 ? bytes.length : end
  return { value: decoder.decode(bytes.subarray(start, stop)), next: stop + 1 }
}

function serverError(body: Uint8Array): ServerError {
  const fields = new Map<string, string>()
  for (let at = 0; at < body.length && body[at] !== 0;) {
    const { value, next } = text(body, at + 1)
    fields.set(String.fromCharCode(body[at] ?? 0), value)
    at = next
  }
  const position = Number(fields.get('P'))
  return {
    severity: fields.get('V') ?? fields.get('S') ?? 'ERROR',
    sqlstate: fields.get('C') ?? 'XX000',
    message: fields.get('M') ?? '',
    detail: fields.get('D') ?? null,
    hint: fields.get('H') ?? null,
    position: Number.isInteger(position) && position > 0 ? position : null,
  }
}

function dataRow(body: Uint8Array): (string | null)[] {
  const data = view(body)
  const values: (string | null)[] = []
  let at = 2
  for (let left = data.getInt16(0); left > 0; left--) {
    const length = data.getInt32(at)
    at += 4
    values.push(length < 0 ? null : decoder.decode(body.subarray(at, at + length)))
    at += Math.max(0, length)
  }
  return values
}
