import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { stage, type AppProcess, type Stage } from '../support/app-under-test.js'
import type { FileChanges } from '../support/github/index.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { DROP, expectNoViolation, scene, SHOP, UNREHEARSED, type Scene } from './scene.js'

await withPostgres(18, (programs) => {
  let at: Stage
  let app: AppProcess
  beforeAll(async () => {
    at = await stage(programs)
    app = await at.start()
  }, 60_000)
  afterAll(() => at.stop())
  const open = (files?: FileChanges): Scene => scene(at, app, files)

  describe('T7: a list that is not whole', () => {
    test('T7: ten thousand files before the migration do not hide it', async () => {
      const { repository, judged } = open()
      const junk = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`a/${i % 100}/${i}.txt`, `${i}\n`]))
      const pull = repository.openPull({ by: 'ann', files: { ...junk, ...DROP } })
      expect((await judged(pull)).conclusion).toBe('action_required')
    }, 60_000)

    test('T7: a tree that GitHub cuts off even folder by folder is not a pass', async () => {
      const { repository, judged } = open()
      const { treeEntries } = at.github.limits
      at.github.limits.treeEntries = 4
      try {
        const junk = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`migrations/0000${i}_a.txt`, `${i}\n`]))
        const pull = repository.openPull({ by: 'ann', files: { ...junk, 'main.go': 'package main // 3\n' } })
        const run = await judged(pull)
        expect(run.conclusion).toBe('failure')
        expect(JSON.stringify(run.output)).toMatch(/more files than GitHub lists/)
      } finally {
        at.github.limits.treeEntries = treeEntries
      }
    }, 60_000)

    test('T7: a page of commits that comes twice names nobody who may agree', async () => {
      const { repository, judged, said, code, replies } = open()
      repository.branch('long')
      for (let i = 0; i < 101; i++) repository.commit({ 'main.go': `package main // ${i}\n` }, { branch: 'long' })
      const pull = repository.openPull({ by: 'ann', head: 'long', files: DROP })
      await judged(pull)
      const fault = at.github.fault({
        route: 'GET /repos/{owner}/{repo}/pulls/{pull_number}/commits',
        page: 'repeated',
      })
      expect(await said(pull, 'dora', `/dba approve ${code(pull)}`)).toEqual(['eyes', 'confused'])
      expect(replies(pull).at(-1)).toMatch(/not every commit/)
      fault.remove()
      expect(fault.hits).toBeGreaterThan(0)
      expect((await judged(pull)).conclusion).toBe('action_required')
    }, 60_000)
  })

  test('T8: a policy in the head disarms nothing', async () => {
    const { repository, judged, said, code } = open()
    const lax = [
      'migrations:\n  - path: elsewhere',
      'rules:\n  drop-column: off\n  unsafe-down: off',
      "approval:\n  data: ['@ann']",
      'rehearsal:\n  required: false\n  sandbox: none',
    ]
    const pull = repository.openPull({ by: 'ann', files: { ...DROP, '.github/dba.yml': `${lax.join('\n')}\n` } })
    const run = await judged(pull)
    expect(run.conclusion).toBe('action_required')
    expect(`${run.output.summary}${run.output.text}`).toMatch(/this changes the policy/)
    expect(await said(pull, 'ann', `/dba approve ${code(pull)}`)).toEqual(['eyes', 'confused'])
    expect((await judged(pull)).conclusion).toBe('action_required')
  }, 60_000)

  describe('T9: what a migration is made of, wherever it stands', () => {
    const revision = (body: string, imports = ''): string =>
      `from alembic import op\n${imports}\nrevision = 'a1'\ndown_revision = None\n\n\ndef upgrade():\n    ${body}\n\n\ndef downgrade():\n    pass\n`
    const alembic = (body: string, imports?: string): FileChanges => ({
      ...UNREHEARSED,
      'alembic.ini': '[alembic]\nscript_location = db\n',
      'db/env.py': 'from alembic import context\n',
      'db/script.py.mako': '',
      'db/versions/a1_first.py': revision(body, imports),
      'shop/__init__.py': '',
      'shop/sql.py': "VIEW = 'CREATE TABLE users (id bigint PRIMARY KEY)'\n",
      'shop/first.sql': 'CREATE TABLE users (id bigint PRIMARY KEY);\n',
    })
    const byImport = alembic('op.execute(VIEW)', 'from shop.sql import VIEW')
    const byFile: FileChanges = {
      'db/versions/b2_second.py': revision("op.execute(open('shop/first.sql').read())")
        .replace("'a1'", "'b2'")
        .replace('None', "'a1'"),
    }
    const moved = (to: string): FileChanges => ({
      'migrations/000001_users.up.sql': null,
      'migrations/000001_users.down.sql': null,
      [`${to}/000001_users.up.sql`]: SHOP['migrations/000001_users.up.sql'] ?? null,
      [`${to}/000001_users.down.sql`]: SHOP['migrations/000001_users.down.sql'] ?? null,
    })
    test.each<[string, FileChanges, FileChanges]>([
      ['a module that a migration imports', byImport, { 'shop/sql.py': "VIEW = 'DROP TABLE users'\n" }],
      ['a new migration sends what a file beside holds', byImport, byFile],
      ['the folder is renamed', SHOP, moved('db/changes')],
      ['the folder is renamed to what is no folder of migrations', SHOP, moved('old')],
      ['a migration in a folder beside', SHOP, { 'db/000002_drop.up.sql': 'DROP TABLE users;\n' }],
      ['the script location moves', byImport, { 'alembic.ini': '[alembic]\nscript_location = other\n' }],
    ])(
      'T9: %s',
      async (_, files, change) => {
        const { repository, judged } = open(files)
        const run = await judged(repository.openPull({ by: 'ann', files: change }))
        expect(['failure', 'action_required']).toContain(run.conclusion)
      },
      60_000,
    )
  })

  test('nothing was asked of GitHub that it does not describe', () => expectNoViolation(at))
})
