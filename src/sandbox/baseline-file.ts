import { randomUUID } from 'node:crypto'
import { readdir, readFile, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Backend } from './backend.js'
import { ownDirectory } from './own-directory.js'
import type { Baseline, BaselineWish } from './sandbox.js'
import { readSeed, sha256, writeSeed, type Seed } from './seed-file.js'

/** Where states are kept, and of which engine they are: no other can begin with them. */
export interface Shelf {
  readonly cache: string
  /** Whatever decides whether a data directory fits: engine, version, settings of its making. */
  readonly recipe: string
}

/** For those who begin with an empty database. */
export const NO_BASELINE: BaselineWish = { key: null, hint: null }

/** Whether a copy of the files would be the same state: what is not logged is empty after a restart. */
export async function isCopyable(server: Pick<Backend, 'read'>): Promise<boolean> {
  const [unlogged] = await server.read(["SELECT FROM pg_catalog.pg_class WHERE relpersistence = 'u' LIMIT 1"])
  return unlogged !== undefined && 'rows' in unlogged && unlogged.rows.length === 0
}

/** States that are kept of all engines together; the ones used longest ago make room. */
const MOST_FILES = 40
const MOST_BYTES = 512 * 2 ** 20
const FOLDER = 'baselines'
/** Compressing more would take longer than it saves. */
const LEVEL = 1

/**
 * The state that is wished for, by its key or by the hint that led to it last, its tarball compressed with gzip; null when
 * it is not there or damaged.
 */
export async function recall(
  { cache, recipe }: Shelf,
  wish: BaselineWish,
): Promise<(Seed & { readonly baseline: Baseline }) | null> {
  if (wish.key === null && wish.hint === null) return null
  const folder = join(cache, FOLDER)
  if (!(await ownDirectory(cache)) || !(await ownDirectory(folder))) return null
  const key = wish.key ?? (wish.hint === null ? null : await named(join(folder, hintOf(recipe, wish.hint))))
  if (key === null) return null
  const file = join(folder, fileOf(recipe, key))
  const seed = await readSeed(file)
  if (seed === null) return null
  try {
    const bytes = Buffer.from(seed.tarball)
    const length = bytes.readUInt32BE(0)
    const note = bytes.toString('utf8', 4, 4 + length)
    const now = new Date(performance.timeOrigin + performance.now())
    await utimes(file, now, now)
    return { secret: seed.secret, tarball: bytes.subarray(4 + length), baseline: { key, note } }
  } catch {
    return null
  }
}

/** A tarball as it was before it was kept. */
export async function unpacked({ tarball }: Pick<Seed, 'tarball'>): Promise<Uint8Array> {
  return promisify(gunzip)(tarball)
}

/** Keeps a state under its key, and the key under the hint. Fails without a word: the next review takes longer, no more. */
export async function shelve(
  { cache, recipe }: Shelf,
  { key, note }: Baseline,
  hint: string | null,
  { secret, tarball }: Seed,
): Promise<void> {
  const folder = join(cache, FOLDER)
  if (!(await ownDirectory(cache)) || !(await ownDirectory(folder))) return
  const said = Buffer.from(note)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(said.length)
  const packed = await promisify(gzip)(tarball, { level: LEVEL })
  await writeSeed(join(folder, fileOf(recipe, key)), { secret, tarball: Buffer.concat([length, said, packed]) })
  if (hint !== null) await name(join(folder, hintOf(recipe, hint)), key)
  await makeRoom(folder)
}

const fileOf = (recipe: string, key: string): string => `${digest(recipe, key)}.baseline`
const hintOf = (recipe: string, hint: string): string => `${digest(recipe, hint)}.hint`

function digest(...parts: readonly string[]): string {
  return sha256(Buffer.from(JSON.stringify(parts))).slice(0, 40)
}

async function named(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null)
}

async function name(file: string, key: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`
  try {
    await writeFile(draft, key, { mode: 0o600 })
    await rename(draft, file)
  } catch {
    await unlink(draft).catch(() => undefined)
  }
}

async function makeRoom(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const files = await Promise.all(
    names.map(async (each) => {
      const { size = 0, mtimeMs = 0 } = (await stat(join(folder, each)).catch(() => null)) ?? {}
      return { path: join(folder, each), size, mtimeMs }
    }),
  )
  let [count, bytes] = [0, 0]
  for (const { path, size } of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
    count += 1
    bytes += size
    if (count > MOST_FILES || bytes > MOST_BYTES) await unlink(path).catch(() => undefined)
  }
}
