import type { Blob } from '../model/open-snapshot.js'
import { LARGEST_FILE, tooLarge } from '../source/source-text.js'
import { type Environment, runGit } from './command.js'

/** Reads blobs by object id, thousands with two processes: one that tells sizes, one that gives the bytes of what is not too large. */
export async function readBlobs(
  root: string,
  environment: Environment,
  objects: readonly string[],
): Promise<ReadonlyMap<string, Blob>> {
  const blobs = new Map<string, Blob>()
  const wanted = [...new Set(objects)]
  if (wanted.length === 0) return blobs

  const sizes = await catFile(root, environment, '--batch-check', wanted)
  for (const line of sizes.toString('latin1').split('\n')) {
    const [object = '', type, size] = line.split(' ')
    if (type === 'blob' && Number(size) > LARGEST_FILE) blobs.set(object, tooLarge(Number(size)))
  }
  const bytes = await catFile(
    root,
    environment,
    '--batch',
    wanted.filter((object) => !blobs.has(object)),
  )
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(10, start)
    if (end < 0) break
    const [object = '', type, text] = bytes.toString('latin1', start, end).split(' ')
    const size = type === 'blob' ? Number(text) : 0
    const from = end + 1
    // The process was ended in the middle of a blob.
    if (from + size > bytes.length) break
    if (type === 'blob') blobs.set(object, bytes.subarray(from, from + size))
    start = type === 'blob' ? from + size + 1 : from
  }
  for (const object of wanted) if (!blobs.has(object)) blobs.set(object, MISSING)
  return blobs
}

const MISSING = {
  reason:
    'its content is not in this clone, and nothing is fetched here; complete a partial clone with git fetch --refetch',
}

/** What git says until it ends; in a partial clone it gives up at the first object that it lacks. */
async function catFile(
  root: string,
  environment: Environment,
  mode: '--batch' | '--batch-check',
  objects: readonly string[],
): Promise<Buffer> {
  if (objects.length === 0) return Buffer.alloc(0)
  const answer = await runGit(root, environment, ['cat-file', mode], objects.map((object) => `${object}\n`).join(''))
  return answer.out
}
