// Compares what rehearsals say of public revisions with labels of what up, down and up again did with them: see CONTRIBUTING.
// Needs a build (`npm run build`). Of a clone only the SQL of its migrations is executed, and that in the sandbox.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { rehearse } from '../dist/rehearsal/rehearse.js'
import { providerOf } from '../dist/sandbox/choose.js'
import { loadParsers } from '../dist/sql/parse.js'
import { inBatches } from './rollback/batches.mjs'
import { cloneOf, treeAt } from './rollback/clone.mjs'
import { figures } from './rollback/compare.mjs'
import { readLabels } from './rollback/labels.mjs'
import { plansOf } from './rollback/plans.mjs'
import { detailsOf, tableOf } from './rollback/print.mjs'

const USAGE = `Usage: npm run eval:rollback -- <folder of clones> [options]

  --labels FILE    labelled revisions, one JSON object a line (default: labels.jsonl in the folder)
  --repo NAME      only this repository, as owner/name; may be given several times
  --sandbox NAME   where to rehearse: pglite (the default) or local
  --json FILE      write every case with its rehearsal
`
const POSTGRES = 18
/** Rehearsals that share a sandbox, and the time that they have. */
const BATCH = { size: 60, seconds: 1200 }

const { folder, ...options } = asked()
const provider = providerOf(options.sandbox, { path: process.env.PATH })
if (provider?.id !== options.sandbox) fail(`There is no sandbox called ${options.sandbox}.`)
const wanted = labelled().filter(({ repo }) => options.repo === undefined || options.repo.includes(repo))
if (wanted.length === 0) fail('No label is of a repository that was asked for.')

await loadParsers({ majors: [POSTGRES], second: true })
const results = []
for (const group of wanted) {
  const cases = await casesOf(group)
  progress('')
  if (typeof cases === 'string') {
    console.log(`\n${group.repo}: passed over, ${cases}`)
    continue
  }
  results.push({ name: group.repo, commit: group.commit, others: group.others, cases, figures: figures(cases) })
  print(results.at(-1))
  // After each, since a long run may be ended by hand.
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results.map(detailed))}\n`)
}
const total = { name: 'total', figures: figures(results.flatMap(({ cases }) => cases)) }
console.log(`\n${tableOf([...results, total]).join('\n')}`)
process.exitCode = results.length > 0 ? 0 : 1

function asked() {
  const string = { type: 'string' }
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        labels: string,
        repo: { ...string, multiple: true },
        sandbox: { ...string, default: 'pglite' },
        json: string,
      },
    })
    if (positionals.length !== 1) fail(USAGE)
    return { folder: positionals[0], ...values }
  } catch (error) {
    return fail(`${error.message}\n\n${USAGE}`)
  }
}

function labelled() {
  try {
    return readLabels(readFileSync(options.labels ?? join(folder, 'labels.jsonl'), 'utf8'))
  } catch (error) {
    return fail(error.message)
  }
}

function fail(message) {
  process.stderr.write(`${message.trimEnd()}\n`)
  process.exit(2)
}

/** Every labelled revision of a repository with what became of it; a string says why none was looked at. */
async function casesOf({ repo, commit, labels }) {
  progress(`${repo}: reading`)
  const repository = await cloneOf(folder, repo, process.env)
  if (typeof repository === 'string') return repository
  const tree = await treeAt(repository, commit)
  if (typeof tree === 'string') return tree
  const { plans, notUnderstood } = await plansOf(tree, labels, POSTGRES)
  const rehearsals = new Map()
  for (const plan of plans) for (const seen of await rehearsed(repo, plan)) rehearsals.set(seen.revision.path, seen)
  return [...labels.values()].map(({ path, label, cause, miss, extra }) => {
    const outcome = notUnderstood.has(path)
      ? { notUnderstood: notUnderstood.get(path) }
      : { rehearsal: rehearsals.get(path) }
    return { path, label, detail: { cause, miss, extra }, ...outcome }
  })
}

function rehearsed(repo, plan) {
  const total = plan.filter(({ role }) => role === 'rehearse').length
  let done = 0
  const settings = {
    postgres: POSTGRES,
    seconds: BATCH.seconds,
    signal: new AbortController().signal,
    onProgress: (text) => progress(`${repo}: ${done} of ${total} done. ${text}`),
    // The labels were made on empty tables.
    rows: 0,
  }
  return inBatches(
    plan,
    BATCH.size,
    (batch) => rehearse(batch, provider, settings),
    (count) => {
      done = count
      if (!process.stderr.isTTY) process.stderr.write(`${repo}: ${done} of ${total} done\n`)
    },
  )
}

function detailed({ name, commit, cases }) {
  return { name, commit, cases }
}

function print(result) {
  console.log(`\n${tableOf([result]).join('\n')}`)
  for (const line of detailsOf(result)) console.log(`  ${line}`)
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text.slice(0, (process.stderr.columns ?? 100) - 1)}`)
}
