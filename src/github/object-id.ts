import { createHash } from 'node:crypto'

/** The id under which git keeps an object; `like` is an id of the same repository, whose length tells the kind of hash. */
export function objectId(type: 'blob' | 'tree', content: Buffer, like: string): string {
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1')
  return hash.update(`${type} ${content.length}\0`).update(content).digest('hex')
}
