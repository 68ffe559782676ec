// Asks actionlint and zizmor about our workflows, the samples and action.yml; installs both once, in the system's temporary folder.
//   --where-possible  a tool that cannot be installed here is named, and that is no failure
// actionlint needs Go, zizmor Python with venv. zizmor is asked offline: what it would look up at GitHub is left out.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

const ACTIONLINT = '1.7.12'
const ZIZMOR = '1.32.0'

const wherePossible = process.argv.includes('--where-possible')
const tools = join(tmpdir(), `dba-lint-workflows-${userInfo().uid}`)
mkdirSync(tools, { recursive: true, mode: 0o700 })

const inFolder = (folder) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /\.ya?ml$/.test(name))
        .sort()
        .map((name) => join(folder, name))
    : []
const workflows = [...inFolder('.github/workflows'), ...inFolder('fixtures/workflows')]
const actions = ['action.yml'].filter(existsSync)

let failed = false
for (const { name, install, args } of [
  { name: 'actionlint', install: actionlint, args: workflows },
  {
    name: 'zizmor',
    install: zizmor,
    args: ['--offline', '--no-progress', '--quiet', '--config', '.github/zizmor.yml', ...workflows, ...actions],
  },
]) {
  const installed = install()
  if ('missing' in installed) {
    console.log(`${name}: not run: ${installed.missing}`)
    failed ||= !wherePossible
    continue
  }
  const { status } = spawnSync(installed.program, args, { stdio: 'inherit' })
  console.log(`${name}: ${status === 0 ? `nothing to say about ${workflows.length} workflows` : 'see above'}`)
  failed ||= status !== 0
}
process.exitCode = failed ? 1 : 0

function actionlint() {
  const folder = join(tools, `actionlint-${ACTIONLINT}`)
  const program = join(folder, 'actionlint')
  if (existsSync(program)) return { program }
  const module = `github.com/rhysd/actionlint/cmd/actionlint@v${ACTIONLINT}`
  return made(program, [['go', ['install', module], { GOBIN: folder }]])
}

function zizmor() {
  const folder = join(tools, `zizmor-${ZIZMOR}`)
  const program = join(folder, 'bin', 'zizmor')
  if (existsSync(program)) return { program }
  return made(program, [
    ['python3', ['-m', 'venv', folder], {}],
    [join(folder, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', `zizmor==${ZIZMOR}`], {}],
  ])
}

function made(program, steps) {
  for (const [command, args, environment] of steps) {
    const { error, status, stderr } = spawnSync(command, args, {
      encoding: 'utf8',
      env: { ...process.env, ...environment },
    })
    if (error) return { missing: `${command} is not here` }
    if (status !== 0) return { missing: `${command} ${args.join(' ')} failed: ${stderr.trim().split('\n').at(-1)}` }
  }
  return { program }
}
