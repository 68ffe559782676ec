// Reviews two made-up pull requests on the embedded PostgreSQL: one that should never be merged, and one that may.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { reporterOf } from '../dist/cli/write.js'
import { lookupsOf } from '../dist/report/lookups.js'
import { analyseApart } from '../dist/review/analyst.js'
import { review } from '../dist/review/review.js'
import { metaOf } from '../dist/rules/index.js'
import { providerOf } from '../dist/sandbox/choose.js'
import { loadConfig } from '../dist/config/load.js'

const PULLS = fileURLToPath(new URL('../fixtures/pulls/', import.meta.url))
const screen = { color: process.stdout.isTTY === true && !process.env.NO_COLOR, width: process.stdout.columns ?? 100 }
const progress = (message) =>
  process.stderr.isTTY && process.stderr.write(`\r\u001b[K${message === '' ? '' : `${message} …`}`)

const filesIn = (folder) =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(folder, file), { text: readFileSync(file, 'utf8') }]),
  )

const { settings } = loadConfig(undefined, '.github/dba.yml', [])
const { signal } = new AbortController()
for (const name of ['harmful', 'clean']) {
  const { title, ...pull } = JSON.parse(readFileSync(join(PULLS, name, 'pull.json'), 'utf8'))
  const files = { base: filesIn(join(PULLS, name, 'base')), head: filesIn(join(PULLS, name, 'head')) }
  const today = new Date().toISOString().slice(0, 10)
  const means = { analyse: analyseApart, sandbox: providerOf('auto', { onProgress: progress }), signal, progress }
  const result = await review({ pull, ...files, complete: true, settings, today }, means)
  progress('')
  console.log(`\n═══ ${pull.repository}#${pull.number}: ${title} ═══\n`)
  console.log(reporterOf('terminal', lookupsOf(files, metaOf), screen).render(result))
}
