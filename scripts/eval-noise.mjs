// Counts what the rules say of merged migrations, which people took for good: see CONTRIBUTING. Needs a build
// (`npm run build`). Nothing of a clone is executed.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DEFAULTS } from '../dist/config/schema.js'
import { loadParsers } from '../dist/sql/parse.js'
import { figures, noisy, spread } from './noise/figures.mjs'
import { judged } from './noise/judged.mjs'
import { cloneOf, treeAt } from './rollback/clone.mjs'
import { readLabels } from './rollback/labels.mjs'

const USAGE = `Usage: npm run eval:noise -- <folder of clones> [options]

  --labels FILE    labelled revisions, one JSON object a line (default: labels.jsonl in the folder)
  --repo NAME      only this repository, as owner/name; may be given several times
  --top N          how many of the noisiest rules are shown with samples (default: 20)
  --rule ID        show all findings of this rule
  --json FILE      write every migration with its findings
`
/** What is aimed at, of all migrations: with an error though not broken; spoken of by one rule at warning or above. */
const [ERRORS, ONE_RULE] = [0.1, 0.15]
const TODAY = '2026-01-01'

const { folder, ...options } = asked()
const settings = DEFAULTS
await loadParsers({ majors: [settings.postgres], second: true })
const all = []
for (const { repo, commit, labels } of labelled()) {
  const repository = await cloneOf(folder, repo, process.env)
  const tree = typeof repository === 'string' ? repository : await treeAt(repository, commit)
  if (typeof tree === 'string') {
    console.log(`${repo}: passed over, ${tree}`)
    continue
  }
  const begun = performance.now()
  const found = await judged(tree, settings, TODAY, (path) => progress(`${repo}: ${path}`))
  progress('')
  const migrations = found.map((one) => ({ repo, ...one, label: labels.get(one.path)?.label ?? null }))
  all.push(...migrations)
  print(repo, figures(migrations), `${((performance.now() - begun) / 1000).toFixed(1)} s`)
}
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(all)}\n`)
if (all.length === 0) fail('No migration was found.')
summarise(figures(all))

function asked() {
  const string = { type: 'string' }
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        labels: string,
        repo: { ...string, multiple: true },
        top: { ...string, default: '20' },
        rule: string,
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
    const groups = readLabels(readFileSync(options.labels ?? join(folder, 'labels.jsonl'), 'utf8'))
    return groups.filter(({ repo }) => options.repo === undefined || options.repo.includes(repo))
  } catch (error) {
    return fail(error.message)
  }
}

function fail(message) {
  process.stderr.write(`${message.trimEnd()}\n`)
  process.exit(2)
}

function percent(part, whole) {
  return `${((100 * part) / whole).toFixed(1)} %`
}

function print(name, { migrations, levels, silent, calm, calmErrors }, time) {
  const shares = Object.entries(levels).map(([level, count]) => `${level} ${percent(count, migrations)}`)
  console.log(
    `${name}: ${migrations} migrations, ${shares.join(', ')}, nothing ${percent(silent, migrations)}; errors on ${calmErrors} of ${calm} that are not broken (${percent(calmErrors, calm)})${time === undefined ? '' : `; ${time}`}`,
  )
}

function summarise(total) {
  console.log('')
  print('all', total)
  console.log(`  aimed at: errors on at most ${percent(ERRORS, 1)} of those that are not broken`)
  const loud = noisy(total, ONE_RULE)
  console.log(
    `  rules at warning or above on more than ${percent(ONE_RULE, 1)}: ${loud.length === 0 ? 'none' : loud.map(({ rule }) => rule).join(', ')}`,
  )
  console.log('\nThe noisiest rules, and the migrations they speak of')
  for (const { rule, migrations, findings, severities, samples } of total.rules.slice(0, Number(options.top))) {
    const levels = Object.entries(severities).map(([level, count]) => `${level} ${count}`)
    console.log(
      `\n${percent(migrations, total.migrations).padStart(7)}  ${rule}: ${migrations} migrations, ${findings} findings (${levels.join(', ')})`,
    )
    for (const sample of spread(samples, 3)) console.log(`           ${sample}`)
  }
  const rest = total.rules.slice(Number(options.top))
  if (rest.length > 0)
    console.log(`\nThe others: ${rest.map(({ rule, migrations }) => `${rule} ${migrations}`).join(', ')}`)
  const wanted = total.rules.find(({ rule }) => rule === options.rule)
  if (options.rule !== undefined)
    console.log(`\n${options.rule}\n${(wanted?.samples ?? ['says nothing']).map((line) => `  ${line}`).join('\n')}`)
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text.slice(0, (process.stderr.columns ?? 100) - 1)}`)
}
