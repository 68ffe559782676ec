import { beforeAll, describe, expect, test } from '@jest/globals'
import type { FileEntries } from '../../src/model/file-set.js'
import type { Finding } from '../../src/model/finding.js'
import { analyse } from '../../src/review/analyse.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'

beforeAll(() => loadParsers({ majors: [18], second: true }))

const ENV = ['alembic/env.py', { text: '' }] as const
const FIRST = revisionFile(
  'a',
  null,
  [
    'op.create_table("users", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("name", sa.Text))',
    'op.create_table("orders", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("user_id", sa.BigInteger))',
  ].join('\n'),
  'op.drop_table("orders")\nop.drop_table("users")',
)

function revisionFile(id: string, parent: string | null, up: string, down: string, top = ''): string {
  const indented = (body: string): string => body.replace(/^(?=.)/gm, '    ')
  return [
    'import sqlalchemy as sa',
    'from alembic import op',
    `revision = "${id}"`,
    `down_revision = ${parent === null ? 'None' : `"${parent}"`}`,
    top,
    `def upgrade():\n${indented(up)}`,
    down === '' ? '' : `def downgrade():\n${indented(down)}`,
    '',
  ].join('\n')
}

interface Said {
  readonly findings: readonly Finding[]
  readonly withheld: boolean
}

/** What is said of a pull request that adds these files to a history of one revision. */
function judged(added: Readonly<Record<string, string>>): Said {
  const base: FileEntries = new Map([ENV, ['alembic/versions/a.py', { text: FIRST }]])
  const head: FileEntries = new Map([
    ...base,
    ...Object.entries(added).map(([path, text]) => [path, { text }] as const),
  ])
  const { findings, notes } = analyse({ base, head, settings: DEFAULTS, today: '2026-01-15', mode: 'pull' })
  return { findings, withheld: notes.some(({ bearing }) => bearing === 'withholds') }
}

const revision = (up: string, down = 'op.execute("SELECT 1")', top = ''): Said =>
  judged({ 'alembic/versions/b.py': revisionFile('b', 'a', up, down, top) })

test('a revision that says pass holds a place, which Alembic itself writes: a warning', () => {
  expect(sketch(revision('pass', 'pass'))).toEqual(['1 warning empty-migration'])
})

/** Each finding above a notice with its line, and whether a pass is withheld. */
function sketch({ findings, withheld }: Said): readonly string[] {
  const loud = findings.filter(({ severity }) => severity !== 'notice')
  return [
    ...loud.map(({ severity, rule, at }) => `${at.start.line} ${severity} ${rule}`),
    ...(withheld ? ['withheld'] : []),
  ]
}

const DROPPED = ['7 approval drop-table']

describe('hostile Python', () => {
  test.each<readonly [string, string, readonly string[], string?]>([
    ['P01 constants are put together', 'op.execute("DR" + "OP TABLE orders")', DROPPED],
    ['P01 with a variable', 'op.execute("DR" + "OP TABLE " + x)', ['7 warning sql-from-unknown-values', 'withheld']],
    ['P02 getattr', "getattr(op, 'drop' + '_table')('orders')", DROPPED],
    ['P03 exec', 'exec("op.drop_table(\'orders\')")', ['7 error dynamic-code', 'withheld']],
    ['P03 eval', 'eval("op").drop_table("orders")', ['7 error dynamic-code', 'withheld']],
    ['P03 compile', 'compile("1", "", "exec")', ['7 error dynamic-code', 'withheld']],
    ['P03 __import__', '__import__("os").system("x")', ['7 error dynamic-code', 'withheld']],
    [
      'P03 importlib',
      'importlib.import_module("tools").run(op)',
      ['7 error dynamic-code', 'withheld'],
      'import importlib',
    ],
    [
      'P03 behind a condition that nobody knows',
      'if os.environ.get("CI"):\n    exec("1")',
      ['8 error dynamic-code', 'withheld'],
      'import os',
    ],
    ['P03 in a loop that nobody knows', 'for x in y():\n    exec(x)', ['8 error dynamic-code', 'withheld']],
    ['P03 under another name', 'e = exec\ne("1")', ['8 error dynamic-code', 'withheld']],
    ['P04 letters of another width', 'ｏｐ.ｄｒｏｐ_ｔａｂｌｅ("orders")', DROPPED],
    [
      'P06 a program when the file is loaded',
      'pass',
      ['5 error side-effect-on-load', 'withheld'],
      'import os; os.system("x")',
    ],
    ['P06 SQL when the file is loaded', 'pass', ['5 error side-effect-on-load', 'withheld'], 'op.drop_table("orders")'],
    ['P06 code when the file is loaded', 'pass', ['5 error dynamic-code', 'withheld'], 'exec("1")'],
    ['P07 a helper that is not there', 'do_it(op)', ['withheld'], 'from helpers import do_it'],
    ['P08 an object of its own', 'op = MyOp()\nop.drop_table("orders")', ['withheld'], 'from helpers import MyOp'],
    ['P08 another name', 'o = op\no.drop_table("orders")', ['8 approval drop-table']],
    ['P08 a function of that name', 'drop_table("orders")', ['withheld'], 'from helpers import drop_table'],
    [
      'P09 the environment decides',
      'if os.environ.get("CI"):\n    return\nop.drop_table("orders")',
      ['9 approval drop-table', 'withheld'],
      'import os',
    ],
    [
      'P12 a batch',
      'with op.batch_alter_table("orders") as b:\n    b.drop_column("user_id")',
      ['8 approval drop-column'],
    ],
    [
      'P12 an autocommit_block',
      'with op.get_context().autocommit_block():\n    op.create_index("i", "orders", ["user_id"], postgresql_concurrently=True)',
      [],
    ],
    ['P14 an f-string', 'op.execute(f"DROP TABLE {T}")', DROPPED, 'T = "orders"'],
    ['P14 format', 'op.execute("DROP TABLE {}".format(T))', DROPPED, 'T = "orders"'],
    ['P14 a percent sign', 'op.execute("DROP TABLE %s" % T)', DROPPED, 'T = "orders"'],
    ['P14 text', 'op.execute(sa.text("DROP TABLE orders"))', DROPPED],
    ['P14 strings side by side', 'op.execute("DROP " \'TABLE \' """orders""")', DROPPED],
    ['P14 a file', 'op.execute(open(__file__).read())', ['withheld']],
    ['P16 Python 2', 'print "x"', ['withheld']],
    ['P17 a lambda', '(lambda t: op.drop_table(t))("orders")', DROPPED],
    ['P17 a comprehension', '[op.drop_table(t) for t in ["orders"]]', DROPPED],
    ['P17 a walrus', 'if (x := op.drop_table("orders")):\n    pass', DROPPED],
    ['P17 a match', 'match 1:\n    case 1:\n        op.drop_table("orders")', ['withheld']],
    [
      'P18 a loop over a list',
      'for t in T:\n    op.drop_table(t)',
      ['8 approval drop-table', '8 approval drop-table'],
      'T = ["orders", "users"]',
    ],
    ['P18 a loop over what is not known', 'for t in tables():\n    op.drop_table(t)', ['withheld']],
  ])('%s', (_, up, expected, top = '') => {
    const said = sketch(revision(up, 'op.create_table("spare", sa.Column("id", sa.BigInteger))', top))
    expect(said.filter((line) => !/down-|lossy|unsafe|irreversible/.test(line))).toEqual(expected)
  })

  test.each([
    ['P11 two heads', { 'alembic/versions/b.py': ['b', 'a'], 'alembic/versions/c.py': ['c', 'a'] }, 'multiple-heads'],
    ['P11 a missing parent', { 'alembic/versions/b.py': ['b', 'z'] }, 'broken-parent-link'],
    [
      'P11 one id twice',
      { 'alembic/versions/b.py': ['b', 'a'], 'alembic/versions/c.py': ['b', 'a'] },
      'duplicate-migration-version',
    ],
  ])('%s', (_, files, rule) => {
    const added = Object.entries(files).map(([path, [id = '', parent = '']]) => [
      path,
      revisionFile(id, parent, 'pass', 'pass'),
    ])
    const { findings } = judged(Object.fromEntries(added) as Record<string, string>)
    expect(findings.filter((finding) => finding.rule === rule).map(({ severity }) => severity)).toContain('error')
  })
})

describe('P10 a way back that is none', () => {
  const up = 'op.create_table("refunds", sa.Column("id", sa.BigInteger))'
  test.each<readonly [string, string, readonly string[]]>([
    ['missing', '', ['1 error missing-down']],
    ['pass', 'pass', ['8 error empty-down']],
    ['an ellipsis', '...', ['8 error empty-down']],
    ['words alone', '"""Nothing to do."""', ['8 error empty-down']],
    ['return', 'return', ['8 error empty-down']],
    ['what is only printed', 'print("no way back")', ['8 error empty-down']],
    ['raise without a reason', 'raise NotImplementedError', ['9 warning irreversible-without-reason']],
    ['raise with nothing in it', 'raise NotImplementedError()', ['9 warning irreversible-without-reason']],
    ['raise with a reason', 'raise NotImplementedError("the rows are gone")', []],
    ['raise with a reason above it', '# irreversible: the rows are gone\nraise NotImplementedError', []],
    ['a comment with the reason', '# irreversible: the rows are gone\npass', []],
    ['words with the reason', '"""Irreversible: the rows are gone."""', []],
    ['a comment without a reason', 'pass  # irreversible', ['9 warning irreversible-without-reason']],
  ])('%s', (_, down, expected) => {
    const { findings } = revision(up, down)
    const about = findings.filter(({ rule }) => /missing-down|empty-down|irreversible/.test(rule))
    expect(about.map(({ severity, rule, at }) => `${at.start.line} ${severity} ${rule}`)).toEqual(expected)
  })
})

describe('a call that always fails', () => {
  const why = (down: string): readonly string[] =>
    revision('op.execute("SELECT 1")', down).findings.flatMap(({ rule, direction, at, message }) =>
      rule === 'call-always-fails' ? [`${direction} ${at.start.line}: ${message}`] : [],
    )
  test.each([
    ['a constraint of no name', 'op.drop_constraint(None, "orders", type_="foreignkey")', 'the constraint has no name'],
    ['no table', 'op.drop_constraint("orders_user_id_fkey")', 'table_name is missing'],
    ['no column', 'op.drop_column("orders")', 'column_name is missing'],
    [
      'a name that is too long',
      `op.create_index("${'i'.repeat(64)}", "orders", ["id"])`,
      'has more than 63 characters',
    ],
  ])('%s', (_, down, reason) => {
    expect(why(down)).toEqual([expect.stringMatching(new RegExp(`^down 9: Alembic refuses this call: .*${reason}`))])
  })
  test.each([
    ['what is not known may have a name', 'op.drop_constraint(name, "orders", type_="unique")'],
    ['a key may be named after its table', 'op.drop_constraint(None, "orders", type_="primary")'],
    ['a table that is not known', 'op.drop_column(table, "user_id")'],
  ])('%s', (_, down) => expect(why(down)).toEqual([]))
})

describe('transactions', () => {
  test('CONCURRENTLY in the transaction: what to do in Alembic is said', () => {
    const { findings } = revision('op.create_index("i", "orders", ["user_id"], postgresql_concurrently=True)')
    expect(findings.filter(({ rule }) => rule === 'concurrently-in-transaction').map(({ message }) => message)).toEqual(
      [
        'CREATE INDEX CONCURRENTLY on orders cannot run inside the transaction of this migration: ' +
          'put the call into `with op.get_context().autocommit_block():`',
      ],
    )
  })

  const needless = (body: string): readonly string[] => {
    const block = `with op.get_context().autocommit_block():\n${body.replace(/^/gm, '    ')}`
    const { findings } = revision(`${block}\nop.execute("SELECT 1")`)
    return findings.flatMap(({ rule, at }) => (rule === 'needless-no-transaction' ? [String(at.start.line)] : []))
  }
  test.each([
    ['an index without CONCURRENTLY', 'op.create_index("i", "orders", ["user_id"])', ['8']],
    ['a column', 'op.add_column("orders", sa.Column("x", sa.Text))', ['8']],
    ['an index with CONCURRENTLY', 'op.create_index("i", "orders", ["user_id"], postgresql_concurrently=True)', []],
    ['a value of an enum', 'op.execute("ALTER TYPE kind ADD VALUE \'x\'")', []],
    ['rows', 'op.execute("UPDATE users SET name = \'x\' WHERE name IS NULL")', []],
    ['VACUUM', 'op.execute("VACUUM orders")', []],
    ['a check of what is there', 'op.execute("ALTER TABLE orders VALIDATE CONSTRAINT c")', []],
    ['one table after the other', 'op.drop_column("orders", "user_id")\nop.drop_column("users", "name")', []],
    ['beside what is not read', 'op.create_index("i", "orders", ["user_id"])\nhelper()', []],
  ])('autocommit_block for %s', (_, body, lines) => expect(needless(body)).toEqual(lines))
})

test('an enum type that comes with a table and stays without it', () => {
  const { findings } = revision(
    'op.create_table("refunds", sa.Column("kind", sa.Enum("x", name="refund_kind")))',
    'op.drop_table("refunds")',
  )
  expect(findings.filter(({ rule }) => rule === 'down-does-not-cover-up').map(({ message }) => message)).toEqual([
    'After the down script of alembic/versions/b.py the schema is not what it was before up: enum refund_kind remains',
  ])
})

test('NOT NULL that down does not take back', () => {
  const { findings } = revision(
    'op.alter_column("orders", "user_id", nullable=False)',
    'op.alter_column("orders", "user_id", type_=sa.BigInteger, existing_nullable=True)',
  )
  expect(findings.filter(({ rule }) => rule === 'down-does-not-cover-up').map(({ message }) => message)).toEqual([
    'After the down script of alembic/versions/b.py the schema is not what it was before up: column orders.user_id is NOT NULL, was nullable',
  ])
})

describe('imports of the application', () => {
  const MODELS =
    'from enum import Enum\nclass Base: pass\nclass Order(Base):\n    __tablename__ = "orders"\nclass Kind(Enum):\n    a = 1\n'
  const imported = (top: string, up = 'op.execute("SELECT 1")'): readonly string[] =>
    judged({
      'shop/models.py': MODELS,
      'shop/stock.py': MODELS,
      'alembic/versions/b.py': revisionFile('b', 'a', up, 'pass', top),
    }).findings.flatMap(({ rule, message }) => (rule === 'orm-app-model-import' ? [message.split(' ')[0] ?? ''] : []))
  test.each([
    ['a model', 'from shop.models import Order', ['shop.models.Order']],
    ['a model of a module of another name', 'from shop.stock import Order', ['shop.stock.Order']],
    ['a model that is not at hand', 'from gone.models import Order', ['gone.models.Order']],
    ['the module of models', 'from shop import models', ['shop.models']],
    ['a service', 'from shop.services import guess', ['shop.services.guess']],
    ['an enum beside models', 'from shop.models import Kind', []],
    ['a constant beside models', 'from shop.models import KIND', []],
    ['types', 'from shop.types import Money', []],
    [
      'only for type checkers',
      'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from shop.models import Order',
      [],
    ],
    ['a library', 'import pydantic', []],
  ])('%s', (_, top, expected) => expect(imported(top)).toEqual(expected))
  test('inside a function', () => {
    expect(imported('', 'from shop.models import Order\nop.execute("SELECT 1")')).toEqual(['shop.models.Order'])
  })
})

describe('what is done beside the database', () => {
  const said = (up: string, top: string): readonly string[] =>
    revision(up, 'pass', top).findings.flatMap(({ rule, severity, message }) =>
      rule === 'network-or-io-in-migration' || rule === 'side-effect-on-load'
        ? [`${severity} ${message.split(' ')[0]}`]
        : [],
    )
  test.each([
    ['a request', 'requests.get("x")', 'import requests', ['warning requests.get']],
    [
      'a request in a loop that is not followed',
      'for x in y():\n    requests.get(x)',
      'import requests',
      ['warning requests.get'],
    ],
    [
      'a client',
      'c.customers.list()',
      'import stripe\nc = stripe.StripeClient("k")',
      ['warning stripe.StripeClient…list'],
    ],
    ['a client that is only made', 'pass', 'import stripe\nc = stripe.StripeClient("k")', []],
    ['waiting in the transaction', 'time.sleep(1)', 'import time', ['warning time.sleep']],
    [
      'waiting between batches',
      'with op.get_context().autocommit_block():\n    op.execute("VACUUM users")\n    time.sleep(1)',
      'import time',
      [],
    ],
    ['a file that is read', 'open("x").read()', '', ['notice builtins.open']],
    ['a file that is written', 'open("x", "w").write("y")', '', ['warning builtins.open']],
    ['a file that is read when it is loaded', 'pass', 'X = open("x").read()', ['notice builtins.open']],
    ['time of day', 'print(datetime.now())', 'from datetime import datetime', []],
  ])('%s', (_, up, top, expected) => expect(said(up, top)).toEqual(expected))
})

test.each([
  ['a function that is never called', (deep: string) => `def unused():\n    ${deep}`],
  ['a block that is not followed', (deep: string) => `for x in y():\n    ${deep}`],
])('%s and goes deep costs nothing but itself', (_, within) => {
  const said = (calls: number): readonly string[] =>
    sketch(revision('op.drop_table("orders")', 'pass', within(`x${'.a()'.repeat(calls)}`)))
  expect(said(90)).toContain('8 approval drop-table')
  expect(said(5000)).toContain('withheld')
})
