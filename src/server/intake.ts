import type { IncomingMessage, ServerResponse } from 'node:http'
import { within } from './bell.js'
import type { Database } from './database.js'
import { keep, type Kept } from './inbox.js'
import type { Log } from './log.js'
import { readBody } from './request-body.js'
import { isSignature, objectionTo, signed } from './signature.js'

export interface IntakeParts {
  readonly database: Database
  /** One, or two while the old one is being replaced; each of 32 bytes or more. */
  readonly secrets: readonly string[]
  readonly log: Log
  /** Milliseconds that only go forward. */
  readonly now: () => number
  /** Told when something was kept, so that it need not be looked for. */
  readonly onKept?: (kept: Kept) => void
  /** Told of every answer. */
  readonly onAnswer?: (status: number, milliseconds: number) => void
  readonly limits?: Partial<IntakeLimits>
}

export interface IntakeLimits {
  /** GitHub delivers nothing above 25 MiB; a little more for what is around it. */
  readonly bodyBytes: number
  /** The bytes of all bodies that are being received or kept. */
  readonly bytesInFlight: number
  /** GitHub waits for ten seconds: what has not been kept by then is refused, not answered late. */
  readonly milliseconds: number
}

const LIMITS: IntakeLimits = {
  bodyBytes: 25 * 1024 * 1024 + 64 * 1024,
  bytesInFlight: 96 * 1024 * 1024,
  milliseconds: 7_000,
}

const DELIVERY = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const EVENT = /^[a-z][a-z_]{0,63}$/

/** What is answered. */
interface Answer {
  readonly status: number
  readonly message: string
}

/**
 * Receives webhooks. 202 means that the delivery is on disk; whatever hinders that is 503, and GitHub has it on its list of
 * failures. Throws when the secrets are missing or weak: without them anybody could speak for GitHub.
 */
export function intake(parts: IntakeParts): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const objection = objectionTo(parts.secrets)
  if (objection !== null) throw new Error(objection)
  const limits = { ...LIMITS, ...parts.limits }
  const flight = { bytes: 0 }
  return async (request, response) => {
    const begun = parts.now()
    const answer = await receive(parts, limits, flight, request, begun).catch((error: unknown): Answer => {
      parts.log.error('a delivery could not be kept', { delivery: one(request, 'x-github-delivery'), error })
      return { status: 503, message: 'the delivery could not be kept' }
    })
    parts.onAnswer?.(answer.status, parts.now() - begun)
    reply(request, response, answer)
  }
}

async function receive(
  { database, secrets, log, now, onKept }: IntakeParts,
  limits: IntakeLimits,
  flight: { bytes: number },
  request: IncomingMessage,
  begun: number,
): Promise<Answer> {
  const refusal = refuse(request, limits)
  if (refusal !== null) return refusal
  const delivery = one(request, 'x-github-delivery')
  const event = one(request, 'x-github-event')
  const signature = one(request, 'x-hub-signature-256')
  const left = (): number => Math.max(0, limits.milliseconds - (now() - begun))
  const body = await readBody(request, { ...limits, milliseconds: left() }, flight)
  if (!Buffer.isBuffer(body)) return body
  try {
    if (!signed(body, signature, secrets)) return { status: 401, message: 'the signature is wrong' }
    const about = { delivery, event }
    const kept = await within(keep(database, { delivery, event, body }), left(), () => null)
    if (kept === null) {
      log.error('the database is too slow to keep a delivery', about)
      return { status: 503, message: 'the delivery could not be kept in time' }
    }
    if (kept === 'differs') log.error('a delivery came again with another body', about)
    onKept?.(kept)
    return { status: 202, message: kept === 'new' ? 'kept' : 'kept before' }
  } finally {
    flight.bytes -= body.length
  }
}

/** What can be refused before the body is read. */
function refuse(request: IncomingMessage, limits: IntakeLimits): Answer | null {
  const type = one(request, 'content-type').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') return { status: 415, message: 'the content type has to be application/json' }
  if (request.headers['content-encoding'] !== undefined) return { status: 415, message: 'the body must not be encoded' }
  if (request.headers['transfer-encoding'] !== undefined) return { status: 411, message: 'the length has to be said' }
  const length = one(request, 'content-length')
  if (!/^\d{1,15}$/.test(length)) return { status: 411, message: 'the length has to be said' }
  if (Number(length) > limits.bodyBytes) return { status: 413, message: 'the body is too long' }
  if (!EVENT.test(one(request, 'x-github-event'))) return { status: 400, message: 'there is no such event' }
  if (!DELIVERY.test(one(request, 'x-github-delivery')))
    return { status: 400, message: 'the delivery id has to be a UUID' }
  if (!isSignature(one(request, 'x-hub-signature-256'))) return { status: 401, message: 'there is no signature' }
  return null
}

/** The value of a header that is there once; else nothing that anything accepts. */
function one(request: IncomingMessage, name: string): string {
  const values = request.headersDistinct[name]
  return values?.length === 1 ? (values[0] ?? '') : ''
}

function reply(request: IncomingMessage, response: ServerResponse, { status, message }: Answer): void {
  if (response.destroyed || response.headersSent) return
  const body = JSON.stringify({ message })
  const headers: Record<string, string | number> = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  }
  // What was not read would be taken for the next request.
  if (!request.complete) headers.connection = 'close'
  response.writeHead(status, headers)
  response.end(body)
}
