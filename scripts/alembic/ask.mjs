import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launch } from '../../dist/native/launch.js'
import { as } from './environment.mjs'

/** What a revision may need besides Python to be imported. */
const KINDS = /\.(?:py|ini|toml|cfg|sql|json|ya?ml|txt|csv)$/
const SCRIPTS = ['offline.py', 'stubs.py', 'conventions.py']
/** For one direction of a revision, and the most memory of the process. */
const LIMITS = { seconds: 20, bytes: 4 * 2 ** 30 }

/** The tree as a checkout for the account, and a folder that it may write to; `dispose` removes both. */
export async function checkedOut(side, account) {
  const folder = await mkdtemp(join(tmpdir(), 'dba-eval-'))
  const [tree, own, driver] = ['tree', 'own', 'driver'].map((name) => join(folder, name))
  for (const each of [tree, own, driver]) await mkdir(each)
  await chmod(folder, 0o755)
  if (account !== null) await chown(own, account.uid, account.gid)
  for (const script of SCRIPTS) await cp(fileURLToPath(new URL(script, import.meta.url)), join(driver, script))
  const wanted = side.paths.filter((path) => KINDS.test(path))
  const files = await side.load(wanted)
  for (const path of wanted) {
    const source = files.read(path)
    if (source === undefined) continue
    await mkdir(dirname(join(tree, path)), { recursive: true })
    await writeFile(join(tree, path), source.text)
  }
  return { folder, tree, own, driver, dispose: () => rm(folder, { recursive: true, force: true }) }
}

/**
 * What real Alembic sends for each of these files, by path. The process is cut off from the network, runs as the account
 * with an empty environment and limits on time and memory; one that ends early costs the revision that it was at.
 */
export async function asked({ python, account }, checkout, scripts, files) {
  const answers = new Map()
  const facts = {}
  let left = files
  while (left.length > 0) {
    const { lines, output } = await once({ python, account }, checkout, { scripts, files: left })
    let begun
    for (const line of lines) {
      if ('begun' in line) begun = line.begun
      else if ('file' in line) answers.set(line.file, line)
      else Object.assign(facts, line)
    }
    const unanswered = left.filter((file) => !answers.has(file))
    if (unanswered.length === 0) break
    if (begun === undefined || answers.has(begun)) throw new Error(`Alembic could not be asked: ${output.trim()}`)
    const failed = { failed: { kind: 'time', type: 'Ended', message: 'its process was ended' }, sent: [] }
    answers.set(begun, { file: begun, upgrade: failed, downgrade: failed })
    left = unanswered.filter((file) => file !== begun)
  }
  return { answers, facts }
}

async function once({ python, account }, { folder, tree, own, driver }, { scripts, files }) {
  const [errand, out] = [join(folder, 'errand.json'), join(own, `${Date.now()}.jsonl`)]
  await writeFile(errand, JSON.stringify({ tree, scripts, files, seconds: LIMITS.seconds, out }), { mode: 0o644 })
  const limited = ['prlimit', `--as=${LIMITS.bytes}`, '--core=0', '--nproc=256', `--fsize=${2 ** 30}`]
  const { output } = await launch(
    {
      command: () => as(account, [...limited, python, '-I', '-B', join(driver, 'offline.py'), errand]),
      folder: own,
      environment: { PATH: '/usr/bin:/bin', HOME: own, TMPDIR: own, LANG: 'C.UTF-8', PYTHONHASHSEED: '0' },
      config: null,
      sandbox: null,
      contained: true,
    },
    AbortSignal.timeout((60 + files.length * LIMITS.seconds) * 1000),
  )
  const text = await readFile(out, 'utf8').catch(() => '')
  const lines = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
  return { lines, output }
}
