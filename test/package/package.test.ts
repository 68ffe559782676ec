import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { install, npx, pack, type Packed } from '../support/packed.js'
import { scratch } from '../support/scratch.js'

let folder: string
let packed: Packed
let installed: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dba-packed-'))
  packed = pack(folder)
  installed = join(folder, 'installed')
  const { offline } = install(packed, installed)
  const size = (bytes: number): string => `${Math.round(bytes / 1000)} kB`
  process.stderr.write(
    `packed ${size(packed.size)}, unpacked ${size(packed.unpackedSize)}, ${packed.files.length} files; ` +
      `${offline ? 'installed from the cache' : 'the cache lacked something, which was fetched'}\n`,
  )
}, 240_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the package', () => {
  test('has these files and folders and no others', () => {
    const tops = new Set(packed.files.map(({ path }) => path.split('/')[0]))
    expect([...tops].sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'app.yml',
      'bin',
      'dist',
      'fixtures',
      'package.json',
      'schema',
      'templates',
    ])
  })

  test('has of the rules what `dba explain` shows', () => {
    const shown = /^fixtures\/(rules\/[a-z0-9-]+\/(bad|good)\.(sql|py|txt)|claims\/locks\.json)$/
    const fixtures = packed.files.map(({ path }) => path).filter((path) => path.startsWith('fixtures/'))
    expect(fixtures.filter((path) => !shown.test(path))).toEqual([])
    expect(fixtures.length).toBeGreaterThan(200)
  })

  test('holds what a source of ours compiles to, and nothing else that is compiled', () => {
    const strangers = packed.files
      .map(({ path }) => path)
      .filter((path) => path.startsWith('dist/'))
      .filter((path) => !existsSync(path.replace(/^dist\//, 'src/').replace(/\.js$/, '.ts')))
    expect(strangers).toEqual([])
  })

  test('is small', () => {
    expect(packed.size).toBeLessThan(1_500_000)
    expect(packed.unpackedSize).toBeLessThan(5_000_000)
  })

  test('says where it comes from, as the App does', () => {
    const { homepage, bugs, repository } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      homepage: string
      bugs: string
      repository: { url: string }
    }
    const { url } = parse(readFileSync('app.yml', 'utf8')) as { url: string }
    expect([homepage, bugs, repository.url]).toEqual([`${url}#readme`, `${url}/issues`, `git+${url}.git`])
  })
})

describe('installed in an empty folder, without a network', () => {
  test.each(['dba', 'dba-bot'])('npx %s --help', (name) => {
    const { code, out } = npx(installed, installed, [name, '--help'])
    expect(code).toBe(0)
    expect(out).toContain('Usage: dba [options] [command]')
  })

  test('npx dba explain shows the examples of a rule', () => {
    const { code, out } = npx(installed, installed, ['dba', 'explain', 'drop-column'])
    expect(code).toBe(0)
    expect(out).toMatch(/drop column/i)
  })

  test('npx dba-bot looks at a clone, and rehearses the migration of a branch', () => {
    const repository = scratch()
    try {
      repository.write('go.mod', 'module example.com/shop\n')
      repository.write('migrations/000001_users.up.sql', 'CREATE TABLE users (id bigint PRIMARY KEY, name text);\n')
      repository.write('migrations/000001_users.down.sql', 'DROP TABLE users;\n')
      repository.git('add', '-A')
      repository.git('commit', '-qm', 'users')
      repository.git('checkout', '-qb', 'change')
      const review = (): ReturnType<typeof npx> =>
        npx(installed, repository.folder, ['dba-bot', 'review', '--sandbox', 'pglite', '--format', 'json'])

      const { code, out } = npx(installed, repository.folder, ['dba-bot', 'init', '--dry-run'])
      expect([code, out]).toEqual([0, expect.stringContaining('\n--- .github/workflows/dba.yml\nname: migrations\n')])

      repository.write('migrations/000002_tags.up.sql', 'CREATE TABLE tags (id bigint PRIMARY KEY, label text);\n')
      repository.write('migrations/000002_tags.down.sql', 'DROP TABLE tags;\n')
      const sound = review()
      expect(sound.err).toBe('')
      expect(JSON.parse(sound.out)).toMatchObject({ verdict: 'pass', rehearsals: [{ verdict: 'reversible' }] })
      expect(sound.code).toBe(0)

      repository.write('migrations/000002_tags.down.sql', 'DROP TABLE tag;\n')
      const broken = review()
      expect(JSON.parse(broken.out)).toMatchObject({ verdict: 'block', rehearsals: [{ verdict: 'down-fails' }] })
      expect(broken.code).toBe(1)
    } finally {
      repository.dispose()
    }
  }, 60_000)
})
