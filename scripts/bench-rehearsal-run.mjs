// One run of `npm run bench:rehearsal`, in a process of its own. Prints its milliseconds as JSON.
//   rehearse SANDBOX CACHE PLAN ROWS: the rehearsal that a review makes.
//   alone SANDBOX CACHE STATEMENTS: the statements sent one after the other to the same server, nothing else.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { PGlite } from '@electric-sql/pglite'
import { Client } from 'pg'
import { rehearse } from '../dist/rehearsal/rehearse.js'
import { serverAccount } from '../dist/sandbox/account.js'
import { findBinaries } from '../dist/sandbox/binaries.js'
import { destroyCluster, startCluster } from '../dist/sandbox/cluster.js'
import { local } from '../dist/sandbox/local.js'
import { pglite } from '../dist/sandbox/pglite.js'
import { MIGRATOR } from '../dist/sandbox/recipe.js'
import { START_PARAMS, template } from '../dist/sandbox/pglite-template.js'
import { encodeStatement, replyReader } from '../dist/sandbox/wire.js'

// As the sandbox's own process does.
if (process.argv[2] === 'alone') setFlagsFromString('--liftoff-only')

const [, , what, sandbox, cache, file, rows] = process.argv
const given = JSON.parse(readFileSync(file, 'utf8'))
const result = what === 'rehearse' ? await rehearsed() : sandbox === 'pglite' ? await alonePglite() : await aloneLocal()
await new Promise((resolve) => process.stdout.write(JSON.stringify(result), resolve))
process.exit()

async function rehearsed() {
  const provider = sandbox === 'pglite' ? pglite({ cache }) : local({ cache, path: process.env.PATH })
  const postgres = sandbox === 'pglite' ? 18 : (await server()).major
  const begun = performance.now()
  const seen = await rehearse(given, provider, {
    ...{ postgres, rows: Number(rows), seconds: 600 },
    ...{ signal: new AbortController().signal, onProgress: () => {} },
  })
  const total = performance.now() - begun
  if (seen[0]?.verdict !== 'reversible') throw new Error(JSON.stringify(seen))
  return { total }
}

async function alonePglite() {
  const begun = performance.now()
  const { tarball } = await template(cache, () => {})
  const database = await PGlite.create({ startParams: [...START_PARAMS], loadDataDir: new Blob([tarball]) })
  const start = performance.now() - begun
  for (const sql of given) {
    const reader = replyReader(false)
    await database.execProtocolRawStream(encodeStatement(sql), {
      syncToFs: false,
      onRawData: (chunk) => reader.push(chunk),
    })
    const { error, tag } = reader.reply()
    if (error !== null || tag === null) throw new Error(`${sql}: ${error?.message ?? 'no answer'}`)
  }
  const total = performance.now() - begun
  const { rows: versions } = await database.query("SELECT current_setting('server_version') AS version")
  return { start, total, count: given.length, version: versions[0].version }
}

async function aloneLocal() {
  const binaries = await server()
  const account = await serverAccount()
  const directory = join(tmpdir(), `dba-bench-${randomBytes(6).toString('hex')}`)
  const plan = { binaries, account, directory, cache, baseline: { key: null, hint: null }, megabytes: 1500 }
  try {
    const begun = performance.now()
    await startCluster(plan, () => {})
    const client = await reach(directory)
    const start = performance.now() - begun
    for (const sql of given) await client.query(sql)
    const total = performance.now() - begun
    await client.end()
    return { start, total, count: given.length, version: binaries.version }
  } finally {
    await destroyCluster(directory)
  }
}

async function reach(host) {
  for (let tries = 0; ; tries++) {
    const client = new Client({ host, user: MIGRATOR, database: MIGRATOR })
    client.on('error', () => {})
    try {
      await client.connect()
      return client
    } catch (error) {
      if (tries > 1000) throw error
      await setTimeout(10)
    }
  }
}

async function server() {
  const [newest] = await findBinaries([], process.env.PATH, await serverAccount())
  return newest
}
