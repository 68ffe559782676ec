import type { FakeGitHub, FakeRepository, FileChanges } from '../support/github/index.js'

/** Who is there: `ann` and `carl` write, `dora` may agree, `tom` may not, `eve` comes from a fork. */
export const ROLES = { ann: 'write', carl: 'write', dora: 'maintain', tom: 'triage' } as const
export const AUTHORS = ['ann', 'carl'] as const
export const APPROVER = 'dora'

export const MAIN = 'main'
/** Another branch to merge into, under another policy, so that a change of the target changes the verdict. */
export const RELEASE = 'release'

const NOT_REHEARSED = 'rehearsal:\n  required: false\n  sandbox: none\n'
const REHEARSED = 'rehearsal:\n  required: true\n  sandbox: local\n  seconds: 30\n  rows: 2\n'

const HISTORY = {
  'go.mod': 'module example.com/shop\n',
  'main.go': 'package main\n',
  'migrations/000001_users.up.sql':
    'CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, note text);\n',
  'migrations/000001_users.down.sql': 'DROP TABLE users;\n',
}

/** What else a branch may have in its policy, so that the same text is judged otherwise. */
export const POLICIES: Readonly<Record<string, string>> = {
  usual: 'rules:\n  create-index-non-concurrently: error\n',
  strict: "rules:\n  drop-column: error\n  create-index-non-concurrently: 'off'\n",
}
const REHEARSING = 'ledger'

/** Repositories of two installations, so that what befalls one may not befall the other. The last one rehearses. */
export function repositoriesOf(github: FakeGitHub): readonly FakeRepository[] {
  return ['acme/shop', 'acme/site', 'globex/orders', `globex/${REHEARSING}`].map((name) => {
    const repository = github.repository(name, { files: HISTORY, roles: ROLES })
    repository.commit(policyOf(repository, 'usual'), { message: 'A policy' })
    repository.branch(RELEASE)
    repository.commit(policyOf(repository, 'strict'), { branch: RELEASE, message: 'Another one for releases' })
    return repository
  })
}

/** The file that makes a policy the one of a branch. */
export function policyOf({ name }: FakeRepository, policy: string): FileChanges {
  return { '.github/dba.yml': `${name === REHEARSING ? REHEARSED : NOT_REHEARSED}${POLICIES[policy] ?? ''}` }
}

/** Text that is written to be hard to read: 1,000 sub-selects, and comments in comments. */
const DEEP = `SELECT ${'(SELECT '.repeat(1_000)}1${')'.repeat(1_000)};\n`
const COMMENTS = `${'/*'.repeat(20_000)}\n`

const WAIT = "SET lock_timeout = '2s';\n"

/**
 * What a push may hold, by what it is called; `number` makes names that nobody else has. The verdicts are not written down here:
 * they are asked of the review itself.
 */
export const CHANGES: Readonly<Record<string, (number: number) => FileChanges>> = {
  code: (number) => ({ 'main.go': `package main // ${number}\n` }),
  table: (number) =>
    migration(number, 'table', [
      `CREATE TABLE t${number} (id bigint PRIMARY KEY, name text);\n`,
      `DROP TABLE t${number};\n`,
    ]),
  column: (number) =>
    migration(number, 'column', [
      `${WAIT}ALTER TABLE users ADD COLUMN c${number} text;\n`,
      `${WAIT}ALTER TABLE users DROP COLUMN c${number};\n`,
    ]),
  drop: (number) =>
    migration(number, 'drop', [
      `${WAIT}ALTER TABLE users DROP COLUMN note;\n`,
      `${WAIT}ALTER TABLE users ADD COLUMN note text;\n`,
    ]),
  index: (number) =>
    migration(number, 'index', [
      `${WAIT}CREATE INDEX i${number} ON users (email);\n`,
      `DROP INDEX CONCURRENTLY i${number};\n`,
    ]),
  edited: (number) => ({
    'migrations/000001_users.up.sql': `CREATE TABLE users (id bigint PRIMARY KEY); -- ${number}\n`,
  }),
  wrong: (number) => migration(number, 'wrong', ['CREATE TABEL nothing ();\n', '']),
  deep: (number) => migration(number, 'deep', [DEEP, 'SELECT 1;\n']),
  comments: (number) => migration(number, 'comments', [COMMENTS, 'SELECT 1;\n']),
  policy: (number) => ({ '.github/dba.yml': `rehearsal:\n  required: false\n  sandbox: none\n# ${number}\n` }),
}

/** Some are written more often than others. */
export const USUAL: readonly string[] = [
  ...['code', 'code', 'code', 'table', 'table', 'column', 'column', 'drop', 'drop', 'drop', 'drop', 'index', 'index'],
  ...['edited', 'wrong', 'deep', 'comments', 'policy'],
]

function migration(number: number, name: string, [up, down]: readonly [string, string]): FileChanges {
  const stem = `migrations/${String(number).padStart(6, '0')}_${name}`
  return { [`${stem}.up.sql`]: up, [`${stem}.down.sql`]: down }
}
