import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { dba, type Ran } from '../support/dba.js'
import { scratch, type Scratch } from '../support/scratch.js'

const FILE = '.github/dba-baseline.json'
const HISTORY: Readonly<Record<string, string>> = {
  '000001_users.up.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, email text, note text, old text);\n',
  '000001_users.down.sql': 'DROP TABLE users;\n',
  '000002_email.up.sql': "SET lock_timeout = '2s';\nCREATE INDEX users_email_idx ON users (email);\n",
  '000002_email.down.sql': 'DROP INDEX CONCURRENTLY users_email_idx;\n',
  '000003_note.up.sql': "SET lock_timeout = '2s';\nALTER TABLE users DROP COLUMN note;\n",
  '000003_note.down.sql': 'ALTER TABLE users ADD COLUMN note text;\n',
}

let repository: Scratch
beforeEach(() => {
  repository = scratch()
  repository.write('go.mod', 'module example.com/blog\n')
  for (const [name, text] of Object.entries(HISTORY)) repository.write(`migrations/${name}`, text)
  commit('a history')
})
afterEach(() => repository.dispose())

function commit(message: string): void {
  repository.git('add', '-A')
  repository.git('commit', '-qm', message)
}

const run = (...args: readonly string[]): Promise<Ran> => dba(repository.folder, args)
const written = (): readonly Readonly<Record<string, string>>[] =>
  (JSON.parse(readFileSync(join(repository.folder, FILE), 'utf8')) as { findings: Record<string, string>[] }).findings
const brief = (): readonly string[] => written().map(({ path, rule, reason }) => `${path} ${rule}: ${reason}`)

interface Found {
  readonly rule: string
  readonly severity: string
  readonly allowed: { readonly by: string; readonly reason: string } | null
}
async function found(
  ...args: readonly string[]
): Promise<Pick<Ran, 'code'> & { readonly findings: readonly string[]; readonly notes: readonly string[] }> {
  const { code, out } = await run(...args, '--format', 'json')
  const { findings, notes } = JSON.parse(out) as { findings: Found[]; notes: { message: string }[] }
  const marked = ({ rule, severity, allowed }: Found): string =>
    `${severity} ${rule}${allowed === null ? '' : ` (${allowed.by}: ${allowed.reason})`}`
  return { code, findings: findings.map(marked), notes: notes.map(({ message }) => message) }
}

test('each merged migration is judged after those before it; who runs it again keeps what was said of what stays', async () => {
  const first = await run('baseline', '--reason', 'older than the tool')
  expect([first.code, first.err]).toEqual([0, ''])
  expect(first.out).toContain('2 findings known in ')
  expect(first.out).toContain(': 2 new, 0 gone.')
  expect(brief()).toEqual([
    'migrations/000002_email.up.sql create-index-non-concurrently: older than the tool',
    'migrations/000003_note.up.sql drop-column: older than the tool',
  ])
  const before = readFileSync(join(repository.folder, FILE), 'utf8')
  expect((await run('baseline', '--reason', 'another')).out).toContain(': 0 new, 0 gone.')
  expect(readFileSync(join(repository.folder, FILE), 'utf8')).toBe(before)

  repository.remove('migrations/000002_email.up.sql')
  repository.remove('migrations/000002_email.down.sql')
  repository.write(
    'migrations/000004_id.up.sql',
    "SET lock_timeout = '2s';\nCREATE INDEX users_id_idx ON users (id);\n",
  )
  repository.write('migrations/000004_id.down.sql', 'DROP INDEX CONCURRENTLY users_id_idx;\n')
  expect((await run('baseline', '--reason', 'newer')).out).toContain('2 findings known')
  expect(brief()).toEqual([
    'migrations/000003_note.up.sql drop-column: older than the tool',
    'migrations/000004_id.up.sql create-index-non-concurrently: newer',
  ])
})

test('dba lint marks what a file of known findings holds, counts it, and says what is no longer there', async () => {
  await run('baseline', '--reason', 'old')
  const lint = ['lint', '--baseline', FILE, 'migrations/000002_email.up.sql', 'migrations/000003_note.up.sql']
  expect(await found(...lint)).toMatchObject({
    code: 0,
    findings: ['warning create-index-non-concurrently (baseline: old)', 'approval drop-column (baseline: old)'],
  })

  repository.write('migrations/000002_email.up.sql', 'SELECT 1;\n')
  const { notes } = await found(...lint)
  expect(notes).toContainEqual(
    `${FILE} holds findings that are no longer there: create-index-non-concurrently in migrations/000002_email.up.sql; dba baseline takes them out`,
  )
})

test('a pull request is held to what the base branch knows, and cannot write down findings of its own', async () => {
  repository.git('checkout', '-qb', 'change')
  repository.write(
    'migrations/000004_id.up.sql',
    "SET lock_timeout = '2s';\nCREATE INDEX users_id_idx ON users (id);\n",
  )
  repository.write('migrations/000004_id.down.sql', 'DROP INDEX CONCURRENTLY users_id_idx;\n')
  repository.write('migrations/000005_old.up.sql', "SET lock_timeout = '2s';\nALTER TABLE users DROP COLUMN old;\n")
  repository.write('migrations/000005_old.down.sql', 'ALTER TABLE users ADD COLUMN old text;\n')
  await run('baseline', '--reason', 'mine')
  const entries = written()
  const mine = entries.filter(({ path }) => /00000[45]_/.test(path ?? ''))
  expect(mine).toHaveLength(2)
  commit('a change that knows its own findings')
  const review = ['review', '--sandbox', 'none', '--head', 'HEAD']
  const asksForLess = 'approval policy-weakened'
  expect((await found(...review)).findings).toEqual([
    asksForLess,
    'warning create-index-non-concurrently',
    'approval drop-column',
  ])

  repository.git('checkout', '-q', 'main')
  repository.write(FILE, JSON.stringify({ version: 1, findings: mine }))
  commit('known')
  repository.git('checkout', '-q', 'change')
  // What needs a named person needs one all the same.
  expect((await found(...review)).findings).toEqual([
    asksForLess,
    'warning create-index-non-concurrently (baseline: mine)',
    'approval drop-column',
  ])

  repository.git('checkout', '-q', 'main')
  repository.write(FILE, '{ "version": 1 }\n')
  commit('not valid')
  repository.git('checkout', '-q', 'change')
  const broken = await run(...review)
  expect([broken.code, broken.out]).toEqual([2, ''])
  expect(broken.err).toContain(`The known findings in ${FILE} cannot be used: the file must have required property`)
})
