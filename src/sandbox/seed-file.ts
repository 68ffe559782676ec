import { createHash, randomUUID } from 'node:crypto'
import { readFile, rename, unlink, writeFile } from 'node:fs/promises'

/** A data directory to boot from, and the word that lets the sandbox (and nobody inside) lend power. */
export interface Seed {
  readonly secret: string
  readonly tarball: Uint8Array
}

/** How many characters a secret has. */
export const SECRET_LENGTH = 64
const HASH_LENGTH = 64

/** Reads a seed; null when there is none or it is damaged. A file is the hash of the rest, the secret, the tarball. */
export async function readSeed(file: string): Promise<Seed | null> {
  const bytes = await readFile(file).catch(() => null)
  if (bytes === null) return null
  const rest = bytes.subarray(HASH_LENGTH)
  if (sha256(rest) !== bytes.toString('latin1', 0, HASH_LENGTH)) return null
  return { secret: rest.toString('latin1', 0, SECRET_LENGTH), tarball: rest.subarray(SECRET_LENGTH) }
}

/** Keeps a seed; readers see the whole of it or nothing. */
export async function writeSeed(file: string, { tarball, secret }: Seed): Promise<void> {
  const rest = Buffer.concat([Buffer.from(secret, 'latin1'), tarball])
  const draft = `${file}.${randomUUID()}`
  try {
    await writeFile(draft, Buffer.concat([Buffer.from(sha256(rest), 'latin1'), rest]), { mode: 0o600 })
    await rename(draft, file)
  } catch {
    // A full disk costs the next start some seconds, no more.
    await unlink(draft).catch(() => undefined)
  }
}

/** The hash as 64 hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
