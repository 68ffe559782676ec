import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What a release has besides the package: the Action with its bundle, the hooks for pre-commit, the documentation. */
const BESIDES = ['action.yml', 'dist-action', '.pre-commit-hooks.yaml', 'docs']

/**
 * Lays out in an empty folder what a release consists of: the files of the npm package, whose manifest has lost what only those who
 * build need, and `BESIDES`. Everything has to be built already; the same build gives the same bytes.
 */
export function layOut(root, folder) {
  const missing = BESIDES.filter((name) => !existsSync(join(root, name)))
  if (missing.length > 0) throw new Error(`not there, so there is nothing to release: ${missing.join(', ')}`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const path of packaged(root)) copy(join(root, path), join(folder, path))
  for (const name of BESIDES) cpSync(join(root, name), join(folder, name), { recursive: true })
  const { scripts, devDependencies, ...manifest } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  if (!scripts || !devDependencies) throw new Error('package.json is not that of the sources')
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** The paths that npm puts into the package. */
function packaged(root) {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const said = JSON.parse(
    execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  )
  // npm 11 answers with the packages by name where those before it had a list.
  const [{ files }] = Object.values(said)
  return files.map(({ path }) => path)
}

function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to)
  chmodSync(to, /^#!/.test(readFileSync(to, 'latin1').slice(0, 2)) ? 0o755 : 0o644)
}
