import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { dirname, join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { answerer, reasonOf, type Keep } from './answerer.js'
import { backend, type Exchange } from './backend.js'
import { isCopyable, recall, shelve, unpacked, type Shelf } from './baseline-file.js'
import { EXTENSIONS, KEEPER, promoteWith } from './keeper.js'
import type { Question, Report } from './messages.js'
import type { PgliteBoot } from './pglite-boot.js'
import { recipe, START_PARAMS, template } from './pglite-template.js'
import { encodeStatement, replyReader } from './wire.js'

/* The engine's thread: boots a hardened PGlite and answers one question after the other. */

const tell = (report: Report): void => parentPort?.postMessage(report)

async function boot({ cache, extensions, baseline: wish }: PgliteBoot): Promise<void> {
  const shelf: Shelf = { cache, recipe: recipe() }
  const kept = await recall(shelf, wish)
  const { tarball, secret } = kept ?? (await template(cache, (text) => tell({ kind: 'progress', text })))
  const database = await PGlite.create({
    startParams: [...START_PARAMS],
    loadDataDir: new Blob([kept === null ? tarball : await unpacked(kept)]),
    extensions: await bundles(extensions),
  })
  const exchange: Exchange = (sql, keepRows) => {
    const reader = replyReader(keepRows)
    // It has run to its end when the call returns; if it threw, what is missing from the reply says so.
    database
      .execProtocolRawStream(encodeStatement(sql), { syncToFs: false, onRawData: (chunk) => reader.push(chunk) })
      .catch(() => undefined)
    return reader.reply()
  }
  const server = backend(exchange, {
    promotion: promoteWith(secret),
    adoption: `SELECT ${KEEPER}.adopt()`,
    extensions: new Set(EXTENSIONS),
    cast: { keeper: KEEPER, migrator: 'postgres', made: 'true' },
  })
  const keep: Keep = async (baseline, hint) => {
    if (!(await isCopyable(server))) return
    if ((await server.run(`SELECT ${KEEPER}.settle()`, 'ignored')).kind !== 'done') return
    const copy = await database.dumpDataDir('none')
    await shelve(shelf, baseline, hint, { secret, tarball: new Uint8Array(await copy.arrayBuffer()) })
  }
  const ask = answerer(server, tell, keep)
  parentPort?.on('message', (question: Question) => ask(question))
  tell({ kind: 'ready', version: await server.version(), baseline: kept?.baseline ?? null, address: null })
}

/** The files of extensions; by address, so that none can hook itself into the server's configuration. */
async function bundles(wanted: PgliteBoot['extensions']): Promise<Record<string, URL>> {
  const directory = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'))
  const names = (await readdir(directory)).flatMap((file) => /^(.+)\.tar\.gz$/.exec(file)?.[1] ?? [])
  const needed = wanted && new Set(wanted.flatMap((name) => [BUNDLES[name] ?? name, ...(REQUIRED[name] ?? [])]))
  const files = names.filter((name) => needed === null || needed.has(name))
  return Object.fromEntries(files.map((name) => [name, pathToFileURL(join(directory, `${name}.tar.gz`))]))
}

/** Extensions that come in a bundle of another name, and those that need another one. */
const BUNDLES: Readonly<Record<string, string>> = {
  autoinc: 'spi',
  insert_username: 'spi',
  moddatetime: 'spi',
  refint: 'spi',
}
const REQUIRED: Readonly<Record<string, readonly string[]>> = { earthdistance: ['cube'] }

try {
  await boot(workerData as PgliteBoot)
} catch (error) {
  tell({ kind: 'broken', reason: `the sandbox did not start: ${reasonOf(error)}` })
}
