import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What a migration tool reads and nobody runs: no code, and no configuration that is code. */
const DATA = /\.(?:sql|xml|ya?ml|json|csv|txt|toml|conf|properties|gitkeep)$/i
const REGULAR = /^100/

/**
 * Writes the data files below some folders of a commit to a place, byte for byte as they are committed, but for those left out.
 * Symbolic links and files that the clone lacks are passed over: a tool that wants them says so.
 */
export async function writeData(repository, commit, folders, leftOut, place) {
  const git = (...args) => run('git', ['-C', repository.root, ...args], { encoding: 'buffer', maxBuffer: 2 ** 28 })
  const below = folders.map((folder) => (folder === '' ? '.' : folder))
  const { stdout } = await git('ls-tree', '-r', '-z', commit, '--', ...below)
  for (const entry of stdout.toString('utf8').split('\0').filter(Boolean)) {
    const [, mode, id, path] = /^(\d+) \w+ (\w+)\t(.*)$/s.exec(entry)
    if (!REGULAR.test(mode) || !DATA.test(path) || leftOut.has(path)) continue
    const { stdout: bytes } = await git('cat-file', 'blob', id).catch(() => ({ stdout: null }))
    if (bytes === null) continue
    await mkdir(dirname(join(place, path)), { recursive: true })
    await writeFile(join(place, path), bytes)
  }
}
