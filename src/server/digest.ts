import { createHash } from 'node:crypto'

/** What a text is told by: SHA-256 in hexadecimal. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
