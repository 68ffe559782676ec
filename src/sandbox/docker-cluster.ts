import { randomBytes } from 'node:crypto'
import { basename, join } from 'node:path'
import type { Container } from 'dockerode'
import { recall, shelve, unpacked, type Shelf } from './baseline-file.js'
import { PLACE } from './docker-container.js'
import { runInside, startInside } from './docker-program.js'
import { ownDirectory } from './own-directory.js'
import { hardening, INITDB, LIMITED, LOCALES, settingsOf, singleUser, singleUserInput } from './recipe.js'
import type { Baseline, BaselineWish } from './sandbox.js'
import { readSeed, SECRET_LENGTH, sha256, writeSeed } from './seed-file.js'

/** What a cluster in a container is made of. */
export interface ClusterInside {
  readonly name: string
  /** What the engine calls the content of the image. */
  readonly image: string
  /** Where the seed and kept states are cached. */
  readonly cache: string
  /** The kept state to begin with, when it is there. */
  readonly baseline: BaselineWish
  /** The most memory that one of its processes may take. */
  readonly megabytes: number
}

/** A server that has been started; `ended` resolves when it is gone, with what it said last. */
export interface ServerInside {
  readonly secret: string
  readonly version: string
  readonly major: number
  /** The kept state that it began with. */
  readonly baseline: Baseline | null
  /** Where its own states are kept. */
  readonly shelf: Shelf
  readonly ended: Promise<string>
}

/** Where a container has the data directory, and the directory of its server's socket. */
export const DATA = `${PLACE}/data`
export const SOCKETS = PLACE

const OLDEST = 15

/**
 * Starts a new cluster in a container that runs. Relied upon is what the official image for Debian has: the user
 * `postgres`; `postgres` and `initdb` on its path; `sh`, `cat`, `tar` and `timeout`; and the `perl` that is essential
 * to Debian. https://github.com/docker-library/postgres https://packages.debian.org/stable/perl-base
 */
export async function startServer(
  container: Container,
  plan: ClusterInside,
  onProgress: (text: string) => void,
): Promise<ServerInside> {
  const printed = (await runInside(container, ['postgres', '--version'])).toString('latin1')
  const [, version, major] = /PostgreSQL\) ((\d+)[.\w]*)/.exec(printed) ?? []
  if (version === undefined) throw new Error(`the image does not say which PostgreSQL it holds: ${printed.trim()}`)
  if (Number(major) < OLDEST) throw new Error(`the image holds PostgreSQL ${version}; the oldest to run is ${OLDEST}`)
  const shelf: Shelf = { cache: plan.cache, recipe: `docker-${version}-${recipeOf(plan.image, Number(major))}` }
  const kept = await recall(shelf, plan.baseline)
  const { secret, tarball } = kept ?? (await seed(container, shelf, Number(major), onProgress))
  const files = kept === null ? tarball : await unpacked(kept)
  if (files !== null) await runInside(container, ['tar', '-xf', '-', '-C', PLACE], files)
  const settings = settingsOf({ name: plan.name, sockets: SOCKETS, major: Number(major) })
  const limited = ['sh', '-c', LIMITED, 'postgres', String(plan.megabytes * 1024)]
  const server = await startInside(container, [...limited, '-D', DATA, ...settings])
  const ended = server.ended.then(({ said }) => said)
  return { secret, version, major: Number(major), baseline: kept?.baseline ?? null, shelf, ended }
}

/** Keeps the state of a server that has just been checkpointed and that nobody writes to. */
export async function keepInside(
  container: Container,
  { secret, shelf }: ServerInside,
  baseline: Baseline,
  hint: string | null,
): Promise<void> {
  const tarball = await packed(container).catch(() => null)
  if (tarball !== null) await shelve(shelf, baseline, hint, { secret, tarball })
}

/** The data directory without what tells of a server that runs. */
function packed(container: Container): Promise<Buffer> {
  const name = basename(DATA)
  const leave = ['postmaster.pid', 'postmaster.opts', 'pg_dynshmem/*'].map((each) => `--exclude=${name}/${each}`)
  return runInside(container, ['tar', '-cf', '-', '-C', PLACE, ...leave, name])
}

/** Whatever decides whether a data directory fits an image. */
function recipeOf(image: string, major: number): string {
  return sha256(Buffer.from(JSON.stringify([INITDB, LOCALES, hardening('', major), image]))).slice(0, 16)
}

/** The seed of this image from the cache; or one that lies in its place already and is put there: no tarball then. */
async function seed(
  container: Container,
  { cache, recipe }: Shelf,
  major: number,
  onProgress: (text: string) => void,
): Promise<{ readonly secret: string; readonly tarball: Uint8Array | null }> {
  const file = join(cache, `${recipe}.seed`)
  const trusted = await ownDirectory(cache)
  const cached = trusted ? await readSeed(file) : null
  if (cached !== null) return cached
  onProgress('preparing the sandbox; this happens once for an image')
  const secret = await plant(container, major)
  if (trusted) await writeSeed(file, { secret, tarball: await packed(container) })
  return { secret, tarball: null }
}

async function plant(container: Container, major: number): Promise<string> {
  const secret = randomBytes(SECRET_LENGTH / 2).toString('hex')
  const initdb = (locale: string): Promise<unknown> =>
    runInside(container, ['initdb', ...INITDB, `--locale=${locale}`, '-D', DATA])
  const [first, second] = LOCALES
  await initdb(first ?? 'C').catch(() => initdb(second ?? 'C'))
  const statements = singleUserInput(hardening(sha256(Buffer.from(secret)), major))
  await runInside(container, ['postgres', ...singleUser(DATA)], statements)
  return secret
}
