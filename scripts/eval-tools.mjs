// Runs the real migration tools over public histories, and compares the schemas with those of our replay: see CONTRIBUTING. Needs
// a build (`npm run build`). Of a clone only data is written to disk: SQL, and the XML, YAML and JSON that a tool reads. It is run
// as a role without power, on a throw-away server.
import { writeFileSync } from 'node:fs'
import { register } from 'node:module'
import { parseArgs } from 'node:util'
import { serverAccount } from '../dist/sandbox/account.js'
import { findBinaries } from '../dist/sandbox/binaries.js'
import { service } from '../dist/sandbox/service.js'
import { loadParsers } from '../dist/sql/parse.js'
import { historiesIn } from './histories.mjs'
import { verdictOf } from './frameworks/verdict.mjs'
import { cloneOf, treeAt } from './rollback/clone.mjs'

register('./typescript-hooks.mjs', import.meta.url)
const { startServer } = await import('../test/support/postgres-server.ts')
const { besideTool } = await import('./frameworks/beside-tool.mjs')
const { toolOf } = await import('./frameworks/tools.mjs')

const REPOSITORIES = [
  'bcgov/mds',
  'DataBiosphere/jade-data-repo',
  'DataBiosphere/terra-workspace-manager',
  'e2b-dev/infra',
  'element-hq/matrix-authentication-service',
  'folio-org/mod-source-record-storage',
  'hatchet-dev/hatchet',
  'langfuse/langfuse',
  'MarquezProject/marquez',
  'mindersec/minder',
  'rust-lang/bors',
  'rust-lang/crates.io',
  'rust-lang/docs.rs',
  'simstudioai/sim',
  'umami-software/umami',
]
const USAGE = `Usage: npm run eval:tools -- <folder of clones> [options]

  --repo NAME        only this repository, as owner/name; may be given several times (default: ${REPOSITORIES.length} known ones)
  --commit REV       which commit of it (default: HEAD)
  --root FOLDER      only the project in this folder; may be given several times
  --downs N          how many of the last migrations are undone again, where the tool can (default: 20)
  --programs FOLDER  PostgreSQL's programs of 16 or later (default: the newest of this machine)
  --json FILE        write every difference
`
/** How many differences of a project are shown. */
const SHOWN = 10

const { folder, ...options } = asked()
const programs = await programsHere()
await loadParsers({ majors: [programs.major], second: true })
const server = await startServer(programs.folder)
const provider = service({ url: `${server.url()}?dba=disposable` })
const bench = { provider, postgres: programs.major, url: server.url }
const all = []
try {
  console.log(`on PostgreSQL ${programs.version}`)
  for (const repo of options.repo ?? REPOSITORIES) await look(repo)
} finally {
  await server.stop()
}
const [equal, both] = ['equal', 'both stop'].map(
  (wanted) => all.filter(({ seen }) => verdictOf(seen) === wanted).length,
)
console.log(
  `\n${all.length} histories: ${equal} come out equal, at ${both} both stop, ${all.length - equal - both} differ`,
)
process.exitCode = all.length > 0 && equal + both === all.length ? 0 : 1

/** Compares the histories of a repository; what cannot be compared is said and not counted. */
async function look(repo) {
  const repository = await cloneOf(folder, repo, process.env)
  const tree = typeof repository === 'string' ? repository : await treeAt(repository, options.commit)
  console.log(`\n${repo}`)
  if (typeof tree === 'string') return console.log(`  passed over, ${tree}`)
  for (const history of await historiesIn(tree, programs.major)) {
    const { project, revisions } = history
    if (project.framework === 'alembic' || revisions.length === 0) continue
    if (options.root !== undefined && !options.root.includes(project.root)) continue
    const tool = await toolOf(project)
    if (typeof tool === 'string') {
      console.log(`  ${project.conventions.tool} in ${project.root}: not run, ${tool}`)
      continue
    }
    const onProgress = (text) => progress(`${repo}: ${text}`)
    const errand = { repository, commit: options.commit, history, tool, bench, downs: options.downs, onProgress }
    const seen = await besideTool(errand).catch((error) => ({ failed: error.message }))
    progress('')
    if (seen.revisions === 0) {
      console.log(
        `  ${tool.name} in ${project.root}: nothing is run, since ${seen.cut.id} cannot be read (${seen.cut.reason})`,
      )
      continue
    }
    print(`${tool.name} ${tool.version} in ${project.root}`, seen)
    all.push({ repo, root: project.root, tool: tool.name, version: tool.version, seen })
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`)
  }
}

function print(title, seen) {
  const { failed, cut, stopped, fails, revisions, objects, tables, skipped, differences, rows, downs } = seen
  if (failed !== undefined) return console.log(`  ${title}: ${failed}`)
  const until = cut === null ? '' : ` of ${cut.of}, before ${cut.id} (${cut.reason})`
  console.log(`  ${title}: ${revisions} revisions${until}: ${verdictOf(seen)}`)
  if (stopped !== null) console.log(`    it stopped: ${stopped}`)
  if (objects === undefined) return
  if (fails !== null) console.log(`    our replay fails at ${fails.id}: ${fails.reason}`)
  const counted = tables === null ? 'rows are not counted' : `${tables} tables, rows differ in ${rows.length}`
  console.log(`    ${objects} objects, ${differences.length} differ; ${counted}`)
  list(
    'differs',
    differences.map(({ key, before, after }) => `${key}: ours ${before ?? 'none'}, the tool’s ${after ?? 'none'}`),
  )
  list(
    'rows of',
    rows.map(({ table, ours, theirs }) => `${table}: ours ${ours}, the tool’s ${theirs}`),
  )
  list('left out of ours', skipped)
  if (downs.length === 0) return
  const count = (wanted) => downs.filter(({ verdict }) => verdict === wanted).length
  console.log(
    `    ${downs.length} undone: ${count('equal')} equal, ${count('wrong')} wrong, ${count('neither can')} neither can`,
  )
  for (const { id, verdict, its, ours, differences: found = [] } of downs) {
    if (verdict === 'equal' || (verdict === 'neither can' && its === null)) continue
    console.log(`    down of ${id}: ${verdict}; ours: ${ours ?? 'done'}; the tool: ${its ?? 'done'}`)
    list(
      '  differs',
      found.map(({ key, before, after }) => `${key}: ours ${before ?? 'none'}, the tool’s ${after ?? 'none'}`),
    )
  }
}

async function programsHere() {
  const account = await serverAccount()
  if (account !== null && 'unavailable' in account) fail(account.unavailable)
  const { programs: named } = options
  const found = await findBinaries(named === undefined ? [] : [named], process.env.PATH ?? '', account)
  const wanted = named === undefined ? found[0] : found.find((each) => each.folder === named)
  return wanted ?? fail(`PostgreSQL's programs are not ${named === undefined ? 'on this machine' : `in ${named}`}.`)
}

function asked() {
  const string = { type: 'string' }
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        repo: { ...string, multiple: true },
        root: { ...string, multiple: true },
        commit: { ...string, default: 'HEAD' },
        downs: { ...string, default: '20' },
        programs: string,
        json: string,
      },
    })
    const downs = Number(values.downs)
    if (positionals.length !== 1 || !Number.isInteger(downs) || downs < 0) fail(USAGE)
    return { folder: positionals[0], ...values, downs }
  } catch (error) {
    return fail(`${error.message}\n\n${USAGE}`)
  }
}

function fail(message) {
  process.stderr.write(`${message.trimEnd()}\n`)
  process.exit(2)
}

function list(what, lines) {
  for (const line of lines.slice(0, SHOWN)) console.log(`    ${what} ${line.replace(/\s+/g, ' ').slice(0, 300)}`)
  if (lines.length > SHOWN) console.log(`    … and ${lines.length - SHOWN} more`)
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text.slice(0, (process.stderr.columns ?? 100) - 1)}`)
}
