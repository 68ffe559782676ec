import { execFile } from 'node:child_process'
import { access, mkdir, stat } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { test } from '@jest/globals'

/** What is built, and nothing newer. */
const VERSION = 'v4.20.1'

const run = promisify(execFile)

/** Declares tests that need golang-migrate itself; where it cannot be had, says so aloud. */
export async function withGolangMigrate(declare: (programs: string) => void): Promise<void> {
  const found = await programs()
  if ('folder' in found) return declare(found.folder)
  process.stderr.write(`golang-migrate itself is not tested: ${found.missing}\n`)
  test.skip(`golang-migrate: ${found.missing}`, () => undefined)
}

/** The folder with `migrate`, built once by Go and kept; or why there is none. */
async function programs(): Promise<{ readonly folder: string } | { readonly missing: string }> {
  const cache = join(tmpdir(), `dba-test-go-${userInfo().username.replace(/\W/g, '_')}`)
  await mkdir(cache, { recursive: true, mode: 0o700 })
  if ((await stat(cache)).uid !== process.getuid?.()) return { missing: `${cache} belongs to somebody else` }
  const folder = join(cache, `migrate-${VERSION}`)
  try {
    await access(join(folder, 'migrate')).catch(async () => {
      const wanted = `github.com/golang-migrate/migrate/v4/cmd/migrate@${VERSION}`
      // Go puts a program in its place only once it is whole.
      const environment = { ...process.env, GOBIN: folder, GOPATH: join(cache, 'path'), GOFLAGS: '-modcacherw' }
      await run('go', ['install', '-tags', 'postgres', wanted], { cwd: cache, env: environment })
    })
    return { folder }
  } catch (error) {
    return { missing: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) }
  }
}
