import { beforeAll, describe, expect, test } from '@jest/globals'
import { analyse } from '../../src/review/analyse.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'

beforeAll(() => loadParsers({ majors: [18], second: true }))

/** What a revision does, up and down. */
type Body = string | readonly [up: string, down: string]

function revisionFile(id: string, parent: string | null, body: Body): string {
  const [up, down] = typeof body === 'string' ? [body, 'op.execute("SELECT 1")'] : body
  const indented = (text: string): string => text.replace(/^(?=.)/gm, '    ')
  return [
    'import sqlalchemy as sa\nfrom alembic import op',
    `revision = "${id}"\ndown_revision = ${parent === null ? 'None' : `"${parent}"`}`,
    `def upgrade():\n${indented(up)}\ndef downgrade():\n${indented(down)}\n`,
  ].join('\n')
}

function env(options = '', before = 'pass', after = 'pass'): string {
  return [
    'from alembic import context\nfrom sqlalchemy import text',
    `def run(connection):\n    ${before}\n    context.configure(connection=connection, ${options})`,
    `    with context.begin_transaction():\n        context.run_migrations()\n    ${after}\n`,
  ].join('\n')
}

const BASE =
  'op.create_table("orders", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("note", sa.Text))\n' +
  'op.create_table("users", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("name", sa.Text))'
const LOCKS = 'op.add_column("orders", sa.Column("state", sa.Text))'
const SHARES = 'op.create_index("orders_note", "orders", ["note"])'
const FILLS = 'op.execute("UPDATE users SET name = lower(name)")'
const COMMIT = 'op.get_bind().commit()'
const AUTO = 'with op.get_context().autocommit_block():\n    op.execute("VACUUM orders")'
const RULES = /^(statement-while-holding-ae|ddl-and-data-mixed)$/

/** What is said of a pull request that adds these revisions, one after the other, but for the first that are `applied`. */
function said(added: readonly Body[], environment = env(), applied = 0): readonly string[] {
  const file = (id: string, parent: string | null, body: Body) =>
    [`db/versions/${id}.py`, { text: revisionFile(id, parent, body) }] as const
  const files = added.map((body, at) => file(`r${at + 1}`, `r${at}`, body))
  const first = [['db/env.py', { text: environment }] as const, file('r0', null, BASE)]
  const base = new Map([...first, ...files.slice(0, applied)])
  const head = new Map([...first, ...files])
  const { findings } = analyse({ base, head, settings: DEFAULTS, today: '2026-01-15', mode: 'pull' })
  return findings
    .filter(({ rule }) => RULES.test(rule))
    .map(({ severity, rule, at, message }) => `${at.path.replace(/^.*\/|\.py$/g, '')} ${severity} ${rule}: ${message}`)
}

const REMEDY =
  'Alembic runs all that is pending in one transaction, unless you give `transaction_per_migration=True` to `context.configure` in `env.py`'
const slow = (work: string, by: string, in_: string, remedy = REMEDY): string =>
  `${in_} warning statement-while-holding-ae: ${work} runs while orders is locked against every query since line 6 of ${by}.py: ${remedy}`

describe('where the tool runs all pending migrations in one transaction', () => {
  test('what one has locked the next one holds', () => {
    expect(said([LOCKS, FILLS])).toEqual([slow('UPDATE on users', 'r1', 'r2')])
    expect(said([LOCKS, 'op.execute("SELECT 1")', FILLS])).toEqual([slow('UPDATE on users', 'r1', 'r3')])
  })

  test('a weaker lock too', () => {
    expect(said([SHARES, FILLS])).toEqual([
      `r2 warning ddl-and-data-mixed: UPDATE on users runs while the transaction holds SHARE on orders since line 6 of r1.py: ${REMEDY}`,
    ])
  })

  test('as it may be told in as many words', () => {
    expect(said([LOCKS, FILLS], env('transaction_per_migration=False'))).toEqual([slow('UPDATE on users', 'r1', 'r2')])
  })

  test('where env.py begins it', () => {
    const begins = env('transaction_per_migration=True', 'connection.execute(text("SELECT 1"))', 'connection.commit()')
    const remedy =
      'Alembic runs all that is pending in one transaction, unless you commit in `env.py` before `context.configure`, and give that `transaction_per_migration=True`'
    expect(said([LOCKS, FILLS], begins)).toEqual([slow('UPDATE on users', 'r1', 'r2', remedy)])
    expect(said([`${LOCKS}\n${COMMIT}`, FILLS], begins)).toEqual([])
    expect(said([LOCKS, `${COMMIT}\n${FILLS}`], begins)).toEqual([])
    expect(said([`${COMMIT}\n${LOCKS}`, FILLS], begins)).toEqual([
      slow('UPDATE on users', 'r1', 'r2', remedy).replace('line 6', 'line 7'),
    ])
  })

  test('an autocommit_block commits what came before, and what comes after it goes on', () => {
    expect(said([LOCKS, AUTO, FILLS])).toEqual([])
    expect(said([LOCKS, `${AUTO}\n${FILLS}`])).toEqual([])
    expect(said([LOCKS, `${FILLS}\n${AUTO}`])).toEqual([slow('UPDATE on users', 'r1', 'r2')])
    expect(said([`${LOCKS}\n${AUTO}`, FILLS])).toEqual([])
    expect(said([`${AUTO}\n${LOCKS}`, FILLS])).toEqual([
      slow('UPDATE on users', 'r1', 'r2').replace('line 6', 'line 8'),
    ])
  })

  test('within one migration it is said as ever', () => {
    expect(said([`${LOCKS}\n${FILLS}`])).toEqual([
      'r1 warning statement-while-holding-ae: UPDATE on users runs while orders is locked against every query since line 6',
    ])
  })

  test('a table that the pull request makes is in nobody’s way', () => {
    const make = 'op.create_table("t", sa.Column("id", sa.Integer))'
    expect(said([make, 'op.add_column("t", sa.Column("n", sa.Integer))', FILLS])).toEqual([])
  })

  test('what could not be read may have ended it', () => {
    expect(said([LOCKS, `unknown()\n${FILLS}`])).toEqual([])
    expect(said([`${LOCKS}\nunknown()`, FILLS])).toEqual([])
    expect(said([LOCKS, 'op.execute("COMMIT")', FILLS])).toEqual([])
  })

  test('one that is applied already holds nothing', () => {
    expect(said([LOCKS, FILLS], env(), 1)).toEqual([])
    expect(said([LOCKS, LOCKS.replace('state', 'kind'), FILLS], env(), 1)).toEqual([
      slow('UPDATE on users', 'r2', 'r3'),
    ])
  })
})

test.each([
  ['each has one of its own', env('transaction_per_migration=True')],
  ['each statement has', `engine = create_engine(URL, isolation_level="AUTOCOMMIT")\n${env()}`],
  ['nobody knows', ''],
  ['it cannot be told', env('**options')],
])('nothing is held where %s', (_, environment) => expect(said([LOCKS, FILLS], environment)).toEqual([]))
