import { createHmac, timingSafeEqual } from 'node:crypto'

/** A shorter one could be guessed. */
export const SHORTEST_SECRET = 32

/** What is wrong with the webhook's secrets; null when nothing is. Two are accepted while one is being replaced by the other. */
export function objectionTo(secrets: readonly string[]): string | null {
  if (secrets.length === 0) return 'no webhook secret was given'
  if (secrets.length > 2) return 'at most two webhook secrets can be in use'
  if (secrets.some((secret) => Buffer.byteLength(secret) < SHORTEST_SECRET)) {
    return `a webhook secret has to be at least ${SHORTEST_SECRET} bytes long`
  }
  return null
}

/** `X-Hub-Signature-256` as GitHub writes it: lower case, and nothing else. */
const SIGNATURE = /^sha256=([0-9a-f]{64})$/

/** Whether a header can be the signature of anything. */
export function isSignature(header: string): boolean {
  return SIGNATURE.test(header)
}

/** Whether the very bytes were signed with one of the secrets. Takes as long for a wrong signature as for a right one. */
export function signed(body: Buffer, header: string, secrets: readonly string[]): boolean {
  const [, hex] = SIGNATURE.exec(header) ?? []
  if (hex === undefined) return false
  const given = Buffer.from(hex, 'hex')
  const equal = secrets.map((secret) => timingSafeEqual(createHmac('sha256', secret).update(body).digest(), given))
  return equal.includes(true)
}
