import type { Blob } from '../model/open-snapshot.js'
import { LARGEST_FILE, tooLarge } from '../source/source-text.js'
import type { Api } from './api.js'
import type { SnapshotCache } from './cache.js'
import { failedWith, GitHubError } from './errors.js'
import { objectId } from './object-id.js'
import { pooled } from './pool.js'
import { shapeOf } from './shape.js'
import type { ListedFile } from './trees.js'

/** Reads contents by their ids. */
export interface BlobReader {
  read(files: readonly ListedFile[]): Promise<ReadonlyMap<string, Blob>>
}

/** What one review may read: far more than migrations have, far less than a repository can hold. */
const MOST_BYTES = 64 << 20
/** So many at a time; GitHub frowns on more than a few. */
const WIDTH = 6
/** More are asked for in batches. */
const FEW = 1

/**
 * Opens the contents of a repository. What is too large is known from the listing and not downloaded; every content is proven
 * by its id, and kept.
 */
export function openBlobs(api: Api, cache: SnapshotCache): BlobReader {
  const key = (sha: string): string => `${api.repository.id}/${sha}`
  let spent = 0
  return {
    read: async (files) => {
      const blobs = new Map<string, Blob>()
      const missing: ListedFile[] = []
      for (const file of new Map(files.map((file) => [file.sha, file])).values()) {
        const size = file.size ?? 0
        const kept = cache.blobs.get(key(file.sha))
        if (size > LARGEST_FILE) blobs.set(file.sha, tooLarge(size))
        else if (kept !== undefined) blobs.set(file.sha, kept)
        else if (spent + size > MOST_BYTES) blobs.set(file.sha, TOO_MUCH)
        else {
          spent += size
          missing.push(file)
        }
      }
      const batched = missing.length > FEW ? await readBatches(api, missing) : new Map<string, Buffer>()
      const single = missing.filter(({ sha }) => !batched.has(sha))
      const read = await pooled(single, WIDTH, async ({ sha }) => [sha, await readBlob(api, sha)] as const)
      for (const [sha, bytes] of [...batched, ...read]) {
        cache.blobs.set(key(sha), bytes)
        blobs.set(sha, bytes)
      }
      return blobs
    },
  }
}

const TOO_MUCH = { reason: `more than ${MOST_BYTES >> 20} MiB of files were asked for, and this one is not read` }

const BLOB = 'GET /repos/{owner}/{repo}/git/blobs/{file_sha}'

async function readBlob(api: Api, sha: string): Promise<Buffer> {
  const shape = shapeOf(BLOB)
  const { content, encoding } = shape.members((await api.request(BLOB, { file_sha: sha }, { exists: true })).data)
  const text = shape.text(content)
  const bytes = Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8')
  if (objectId('blob', bytes, sha) === sha) return bytes
  throw new GitHubError('garbled', `${BLOB}: the content of ${sha.slice(0, 7)} is another`, { status: 200 })
}

/** GraphQL gives many texts in one answer, which takes longer the more there are. */
const BATCH = { blobs: 50, bytes: 1 << 20, largest: 256 << 10, width: 3 }

/**
 * The contents that GraphQL gives exactly; it cuts long ones short and knows only text, so that each must prove itself, and
 * what does not is left to be read on its own.
 */
async function readBatches(api: Api, files: readonly ListedFile[]): Promise<ReadonlyMap<string, Buffer>> {
  const batches: ListedFile[][] = []
  let room = 0
  for (const file of files) {
    const size = file.size ?? 0
    if (size > BATCH.largest) continue
    const last = batches.at(-1)
    if (last === undefined || last.length === BATCH.blobs || size > room) {
      batches.push([file])
      room = BATCH.bytes - size
    } else {
      last.push(file)
      room -= size
    }
  }
  const found = await pooled(batches, BATCH.width, (batch) => readBatch(api, batch))
  return new Map(found.flat())
}

async function readBatch(api: Api, batch: readonly ListedFile[]): Promise<readonly (readonly [string, Buffer])[]> {
  const names = batch.map((_, i) => `$o${i}: GitObjectID!`).join(', ')
  const asked = batch.map((_, i) => `o${i}: object(oid: $o${i}) { ... on Blob { text } }`).join('\n')
  const query = `query ($owner: String!, $name: String!, ${names}) {
    repository(owner: $owner, name: $name) { ${asked} }
  }`
  const { owner, name } = api.repository
  const ids = Object.fromEntries(batch.map(({ sha }, i) => [`o${i}`, sha]))
  try {
    const shape = shapeOf('POST /graphql')
    const data = shape.members(await api.graphql(query, { owner, name, ...ids }, { repeatable: false }))
    const objects = shape.members(data['repository'])
    return batch.flatMap(({ sha }, i) => {
      const text = (objects[`o${i}`] as { text?: unknown } | null | undefined)?.text
      const bytes = typeof text === 'string' ? Buffer.from(text) : null
      return bytes !== null && objectId('blob', bytes, sha) === sha ? [[sha, bytes] as const] : []
    })
  } catch (error) {
    // A shortcut that is closed; the long way says why, if that is closed as well.
    if (failedWith(error, 'garbled', 'transient', 'unprocessable', 'forbidden', 'not-found')) return []
    throw error
  }
}
