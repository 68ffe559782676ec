// PostgreSQL's own work and nothing else: boots the embedded PostgreSQL from the sandbox's template and sends it, one by one,
// the statements of the JSON file named in the argument. Prints the milliseconds of booting and of the statements.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { PGlite } from '@electric-sql/pglite'
import { START_PARAMS, template } from '../dist/sandbox/pglite-template.js'
import { encodeStatement, replyReader } from '../dist/sandbox/wire.js'

const [, , file] = process.argv
const statements = JSON.parse(readFileSync(file, 'utf8'))
const start = performance.now()
const { tarball } = await template(join(tmpdir(), 'dba-bench-template'), () => {})
const database = await PGlite.create({ startParams: [...START_PARAMS], loadDataDir: new Blob([tarball]) })
const booted = performance.now()
for (const sql of statements) {
  const reader = replyReader(false)
  await database.execProtocolRawStream(encodeStatement(sql), {
    syncToFs: false,
    onRawData: (chunk) => reader.push(chunk),
  })
  const { error, tag } = reader.reply()
  if (error !== null || tag === null) throw new Error(`${sql}: ${error?.message ?? 'no answer'}`)
}
const done = performance.now()
console.log(JSON.stringify({ boot: booted - start, sql: done - booted }))
process.exit()
