// Compares the SQL that we read in public revisions with what real Alembic emits for them offline: see CONTRIBUTING.
// Needs a build (`npm run build`). It RUNS THE PYTHON of the clones, cut off from the network and as another user than root.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { providerOf } from '../dist/sandbox/choose.js'
import { loadParsers } from '../dist/sql/parse.js'
import { asked, checkedOut } from './alembic/ask.mjs'
import { compared, figures } from './alembic/compare.mjs'
import { realAlembic } from './alembic/environment.mjs'
import { historiesOf } from './alembic/ours.mjs'
import { detailsOf, schemaLinesOf, tableOf } from './alembic/print.mjs'
import { schemasOf } from './alembic/schema.mjs'
import { cloneOf, treeAt } from './rollback/clone.mjs'
import { readLabels } from './rollback/labels.mjs'

const USAGE = `Usage: npm run eval:alembic -- <folder of clones> [options]

It runs the Python of the clones: without a network, with an empty environment and limits on time and memory, and as
\`postgres\` or \`nobody\` when it is started as root. Other files that this user may read, that Python can read. Needs
Linux with \`unshare\`, \`setpriv\` and \`prlimit\`, and Python 3.10 or later with venv.

  --repo NAME      only this repository, as owner/name; may be given several times
  --labels FILE    JSON lines with repo, commit and path: which commits and histories (default: HEAD, all histories)
  --json FILE      write every case with both texts
  --set NAME=VALUE a variable in the environment of the clones' Python; may be given several times
  --schema         compare the schema after each whole history instead, on throw-away servers of this machine's PostgreSQL
`
const POSTGRES = 18

const { folder, ...options } = parsed()
const variables = options.set.map((each) => [each.split('=', 1)[0], each.slice(each.indexOf('=') + 1)])
const real = await realAlembic(Object.fromEntries(variables)).catch((error) => fail(error.message))
const wanted = repositories().filter(({ repo }) => options.repo === undefined || options.repo.includes(repo))
if (wanted.length === 0) fail('There is no repository that was asked for.')

await loadParsers({ majors: [POSTGRES], second: true })
const results = []
for (const group of wanted) {
  const result = await resultOf(group)
  if (result === null) continue
  if (typeof result === 'string') {
    console.log(`\n${group.repo}: passed over, ${result}`)
    continue
  }
  results.push(result)
  print(result)
  // After each, since a long run may be ended by hand.
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results)}\n`)
}
if (!options.schema) {
  const total = { name: 'total', figures: figures(results.flatMap(({ cases }) => cases)) }
  const rows = results.map(({ name, cases }) => ({ name, figures: figures(cases) }))
  console.log(`\n${tableOf([...rows, total]).join('\n')}`)
}
process.exitCode = results.length > 0 ? 0 : 2

function print({ name, facts, cases, schemas }) {
  if (schemas !== undefined) return console.log(`\n${schemas.flatMap((each) => schemaLinesOf(name, each)).join('\n')}`)
  const counted = { name, facts, figures: figures(cases) }
  console.log(`\n${tableOf([counted]).join('\n')}`)
  for (const line of detailsOf(counted)) console.log(`  ${line}`)
}

function parsed() {
  const string = { type: 'string' }
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        repo: { ...string, multiple: true },
        labels: string,
        json: string,
        set: { ...string, multiple: true, default: [] },
        schema: { type: 'boolean' },
      },
    })
    if (positionals.length !== 1) fail(USAGE)
    return { folder: positionals[0], ...values }
  } catch (error) {
    return fail(`${error.message}\n\n${USAGE}`)
  }
}

/** What to look at: `{ repo, commit, labels }`, the labels null for every history of the newest commit. */
function repositories() {
  if (options.labels === undefined) {
    const names = options.repo ?? (existsSync(folder) ? readdirSync(folder) : []).map((name) => name.replace('+', '/'))
    return names.sort().map((repo) => ({ repo, commit: 'HEAD', labels: null }))
  }
  try {
    return readLabels(readFileSync(options.labels, 'utf8'))
  } catch (error) {
    return fail(error.message)
  }
}

function fail(message) {
  process.stderr.write(`${message.trimEnd()}\n`)
  process.exit(2)
}

/** What is seen of a repository's histories; null when it has none of Alembic's, a string when it cannot be looked at. */
async function resultOf({ repo, commit, labels }) {
  const repository = await cloneOf(folder, repo, process.env)
  if (typeof repository === 'string') return repository
  const tree = await treeAt(repository, commit)
  if (typeof tree === 'string') return tree
  const histories = await historiesOf(tree, labels, POSTGRES)
  if (histories.length === 0) return null
  const checkout = await checkedOut(tree, real.account)
  try {
    const seen = options.schema ? await schemasIn(histories, checkout) : await casesIn(histories, checkout)
    return { name: repo, commit, ...seen }
  } catch (error) {
    return error.message
  } finally {
    await checkout.dispose()
  }
}

async function casesIn(histories, checkout) {
  const cases = []
  let facts = {}
  for (const { root, revisions } of histories) {
    const paths = revisions.map(({ revision }) => revision.path)
    const told = await asked(real, checkout, root, paths)
    facts = { ...told.facts, ...facts }
    for (const { revision, up, down } of revisions) {
      const { upgrade, downgrade } = told.answers.get(revision.path)
      cases.push({ path: revision.path, upgrade: compared(up, upgrade), downgrade: compared(down, downgrade) })
    }
  }
  return { facts, cases }
}

async function schemasIn(histories, checkout) {
  const provider = providerOf('local', { path: process.env.PATH })
  const schemas = []
  for (const history of histories) {
    const seen = await schemasOf(history, real, checkout, provider, POSTGRES).catch((error) => ({
      failed: error.message,
    }))
    schemas.push({ root: history.root, ...seen })
  }
  return { schemas }
}
