// Shows how much of public histories of SQL migrations is read, and whether it replays: see CONTRIBUTING. Needs a build
// (`npm run build`). Of a clone only the SQL of its migrations is executed, and that in the sandbox.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { providerOf } from '../dist/sandbox/choose.js'
import { loadParsers } from '../dist/sql/parse.js'
import { measured, replayedOn } from './frameworks/measured.mjs'
import { cloneOf, treeAt } from './rollback/clone.mjs'

const REPOSITORIES = [
  'bcgov/mds',
  'Cap-go/capgo',
  'DataBiosphere/terra-workspace-manager',
  'e2b-dev/infra',
  'element-hq/matrix-authentication-service',
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
const USAGE = `Usage: npm run eval:frameworks -- <folder of clones> [options]

  --repo NAME      only this repository, as owner/name; may be given several times (default: ${REPOSITORIES.length} known ones)
  --commit REV     which commit of it (default: HEAD)
  --sandbox NAME   where to replay: pglite (the default), local, or none
  --json FILE      write all figures
`
const POSTGRES = 18
/** How many reasons, notes and left out statements of a project are shown. */
const SHOWN = 8

const { folder, ...options } = asked()
const provider = options.sandbox === 'none' ? null : providerOf(options.sandbox, { path: process.env.PATH })
if (provider !== null && provider?.id !== options.sandbox) fail(`There is no sandbox called ${options.sandbox}.`)
await loadParsers({ majors: [POSTGRES], second: true })
const all = []
for (const repo of options.repo ?? REPOSITORIES) {
  const repository = await cloneOf(folder, repo, process.env)
  const tree = typeof repository === 'string' ? repository : await treeAt(repository, options.commit)
  if (typeof tree === 'string') {
    console.log(`\n${repo}: passed over, ${tree}`)
    continue
  }
  const { projects, others } = await measured(tree, POSTGRES)
  console.log(`\n${repo}`)
  if (projects.length === 0) console.log('  no project')
  for (const project of projects) {
    print(project)
    const onProgress = (text) => progress(`${repo}: ${text}`)
    const end = provider === null ? null : await replayedOn(provider, project, POSTGRES, onProgress)
    progress('')
    if (end !== null) printReplay(project, end)
    all.push({ repo, ...project, plan: undefined, replay: end })
  }
  for (const message of others) console.log(`  not read: ${message}`)
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`)
}
if (all.length === 0) fail('No migration was found.')
const sum = (of) => all.reduce((total, one) => total + of(one), 0)
console.log(
  `\nall: ${all.length} projects, ${sum(({ files }) => files)} files, of which ${sum(({ silent }) => silent.length)} in silence; ` +
    `${sum(({ revisions }) => revisions)} revisions, ${sum(({ understood }) => understood)} understood`,
)

function asked() {
  const string = { type: 'string' }
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        repo: { ...string, multiple: true },
        commit: { ...string, default: 'HEAD' },
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

function fail(message) {
  process.stderr.write(`${message.trimEnd()}\n`)
  process.exit(2)
}

function print({ tool, root, files, silent, strays, notes, revisions, up, down, understood, gaps }) {
  const counts = (tally) => Object.entries(tally).map(([kind, count]) => `${kind} ${count}`)
  console.log(
    `  ${tool} in ${root === '' ? '.' : root}: ${files} files, ${strays} strays, ${revisions} revisions, ${understood} understood`,
  )
  console.log(`    up ${counts(up).join(', ')}; down ${counts(down).join(', ')}`)
  list('in no revision, stray or note', silent)
  list('gap', counts(gaps))
  list('note', notes)
}

function printReplay({ plan }, { verdict, reason, skipped, seconds }) {
  const whole = skipped.length === 0 ? 'to the end' : `${skipped.length} statements left out`
  const ending = `${verdict}${reason === null ? '' : `: ${reason}`}`
  console.log(`    replay of ${plan.length}: ${whole}; the last one ${ending} (${seconds.toFixed(1)} s)`)
  list('left out', skipped)
}

function list(what, lines) {
  for (const line of lines.slice(0, SHOWN)) console.log(`    ${what}: ${line}`)
  if (lines.length > SHOWN) console.log(`    … and ${lines.length - SHOWN} more`)
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text.slice(0, (process.stderr.columns ?? 100) - 1)}`)
}
