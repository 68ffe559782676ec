import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { dirname, join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { backend, type Exchange } from './backend.js'
import type { Boot, Question, Report } from './pglite-messages.js'
import { EXTENSIONS, KEEPER, START_PARAMS, template } from './pglite-template.js'
import { encodeStatement, replyReader } from './wire.js'

/* The engine's thread: boots a hardened PGlite and answers one question after the other. */

const tell = (report: Report): void => parentPort?.postMessage(report)

async function boot({ cache, extensions }: Boot): Promise<void> {
  const { dataDir, secret } = await template(cache, (text) => tell({ kind: 'progress', text }))
  const database = await PGlite.create({
    startParams: [...START_PARAMS],
    loadDataDir: dataDir,
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
  const promotion = (superuser: boolean): string => `SELECT ${KEEPER}.promote('${secret}', ${superuser})`
  const server = backend(exchange, {
    promotion,
    adoption: `SELECT ${KEEPER}.adopt()`,
    extensions: new Set(EXTENSIONS),
    keeper: KEEPER,
  })
  parentPort?.on('message', (question: Question) => tell(answer(server, question)))
  tell({ kind: 'ready', version: server.version() })
}

function answer(server: ReturnType<typeof backend>, question: Question): Report {
  const { id } = question
  try {
    if (question.kind === 'run') return { kind: 'ran', id, outcome: server.run(question.sql) }
    if (question.kind === 'dump') return { kind: 'dumped', id, entries: server.dump(question.bookkeeping) }
    server.reset()
    return { kind: 'was-reset', id }
  } catch (error) {
    return { kind: 'broken', reason: reasonOf(error) }
  }
}

/** The files of extensions; by address, so that none can hook itself into the server's configuration. */
async function bundles(wanted: Boot['extensions']): Promise<Record<string, URL>> {
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

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

try {
  await boot(workerData as Boot)
} catch (error) {
  tell({ kind: 'broken', reason: `the sandbox did not start: ${reasonOf(error)}` })
}
