import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { scratch, type Scratch } from './support/scratch.js'

interface Text {
  readonly sql: string
  readonly checked: boolean
}
interface Compared {
  readonly verdict: 'equal' | 'wrong' | 'not-compared'
  readonly causes?: readonly string[]
  readonly reason?: string
  readonly real: readonly string[]
}
interface Case {
  readonly path: string
  readonly upgrade: Compared
  readonly downgrade: Compared
}

const { loadParsers } = (await import(resolve('dist/sql/parse.js'))) as { loadParsers: () => Promise<void> }
const { compared } = (await import(resolve('scripts/alembic/compare.mjs'))) as {
  compared: (ours: object, real: object) => Compared
}
const { realAlembic } = (await import(resolve('scripts/alembic/environment.mjs'))) as {
  realAlembic: () => Promise<unknown>
}

type Schema = Readonly<Record<string, string>>
interface Hole {
  readonly line: number
  readonly sql: string
  readonly reason: string
}
interface Step {
  readonly differences: readonly { readonly key: string; readonly isExplained: boolean }[]
}
const { differing, judged, isWrong, attributed } = (await import(resolve('scripts/alembic/attribute.mjs'))) as {
  differing: (mine: ReadonlyMap<string, string>, its: ReadonlyMap<string, string>) => readonly { key: string }[]
  judged: (seen: object) => Step | null
  isWrong: (step: Step) => boolean
  attributed: (found: object) => readonly { because: { kind: string; file: string } | null }[]
}

beforeAll(() => loadParsers())

const script = (texts: readonly string[], more: object = {}): object => {
  return { kind: 'script', transaction: 'one', gaps: [], statements: texts.map((sql) => ({ sql })), ...more }
}
const sent = (texts: readonly (string | Text)[]): object => {
  return { sent: texts.map((text) => (typeof text === 'string' ? { sql: text, checked: false } : text)) }
}
const INFORMED = { gaps: [{ message: 'an id stands in', bearing: 'informs' }] }
const VARYING = { sql: "SELECT 'a', 1", checked: false, again: "SELECT 'b', 1" }
const GAP = { gaps: [{ message: 'line 2 of upgrade() is not read: a loop is not followed', bearing: 'withholds' }] }

test.each<[what: string, ours: readonly string[], real: readonly (string | Text)[]]>([
  [
    'blanks, quotes without need and words',
    ['alter table "a" add b varchar(9)'],
    ['ALTER TABLE a\n  ADD b VARCHAR(9);'],
  ],
  ['names of types', ['ALTER TABLE a ADD b INTEGER'], ['ALTER TABLE a ADD b int4;']],
  ['how many texts hold the statements', ['SELECT 1', 'SELECT 2'], ['SELECT 1; SELECT 2;']],
  ['a look that cannot be taken offline', ['DROP TYPE IF EXISTS a'], [{ sql: 'DROP TYPE a;', checked: true }]],
  ['transactions that come to the same', ['SELECT 1'], ['COMMIT;', 'BEGIN;', 'SELECT 1;']],
])('%s makes no difference', (_, ours, real) => {
  expect(compared(script(ours), sent(real)).verdict).toBe('equal')
})

test.each<[ours: readonly string[], real: readonly (string | Text)[], causes: readonly string[]]>([
  [['DROP TYPE IF EXISTS a'], ['DROP TYPE a'], ['DropStmt.missing_ok: only in ours']],
  [
    ['ALTER TABLE a ADD b VARCHAR(9)'],
    ['ALTER TABLE a ADD b TEXT'],
    [
      'AlterTableStmt.cmds.AlterTableCmd.def.ColumnDef.typeName.names.String.sval: ours another text, Alembic another text',
    ],
  ],
  [['ALTER TABLE a DROP b'], ['ALTER TABLE x.a DROP b'], ['AlterTableStmt.relation.schemaname: only in Alembic’s']],
  [['SELECT 1', 'SELECT 2'], ['SELECT 2'], ['SelectStmt: only ours sends it']],
  [['SELECT 2'], ['SELECT 2', 'DROP TABLE a'], ['DropStmt: only Alembic sends it']],
  [
    ['CREATE INDEX ON a (b)'],
    ['COMMIT', 'CREATE INDEX ON a (b)', 'BEGIN'],
    ['IndexStmt: only Alembic is outside the transaction'],
  ],
  [['SELECT 1'], ['SELEKT 1'], ['SelectStmt: only ours sends it', 'Unparsed: only Alembic sends it']],
])('%j is not %j', (ours, real, causes) => {
  const answer = compared(script(ours), sent(real))
  expect([answer.verdict, answer.causes]).toEqual(['wrong', causes])
})

test.each<[what: string, ours: object, real: object, verdict: string]>([
  ['what a gap leaves out is said', script(['SELECT 1'], GAP), sent(['SELECT 1', 'SELECT 2']), 'equal'],
  ['what is sent beside a gap must be right', script(['DROP TABLE a'], GAP), sent(['DROP TABLE b']), 'wrong'],
  ['and must be sent at all', script(['DROP TABLE a', 'SELECT 1'], GAP), sent(['SELECT 1']), 'wrong'],
  ['unless a guard has returned', script(['SELECT 1', 'DROP TABLE a'], GAP), sent(['SELECT 1']), 'equal'],
  [
    'what comes in no order',
    script(['SELECT 1', 'SELECT 2']),
    { ...sent(['SELECT 2', 'SELECT 1']), unordered: true },
    'equal',
  ],
  ['what comes in no order is all there', script(['SELECT 1']), { ...sent(['SELECT 2']), unordered: true }, 'wrong'],
  ['a value made at run time, and said', script(["SELECT 'x', 1"], INFORMED), sent([VARYING]), 'equal'],
  ['a value made at run time, and not said', script(["SELECT 'x', 1"]), sent([VARYING]), 'wrong'],
  ['another value beside it', script(["SELECT 'x', 2"], INFORMED), sent([VARYING]), 'wrong'],
  ['what only informs is no gap', script([], INFORMED), sent(['SELECT 1']), 'wrong'],
  ['no downgrade on both sides', { kind: 'absent' }, { absent: true }, 'equal'],
  ['no downgrade on one side', { kind: 'absent' }, sent([]), 'wrong'],
  ['a downgrade that raises', { kind: 'irreversible' }, { failed: { kind: 'raised' }, sent: [] }, 'equal'],
  ['one that says so and sends nothing', { kind: 'irreversible' }, sent([]), 'equal'],
  ['one that only we think raises', { kind: 'irreversible' }, sent(['SELECT 1']), 'wrong'],
  ['one that only Alembic raises', script([]), { failed: { kind: 'raised', type: 'E' }, sent: [] }, 'wrong'],
  ['what we refuse', { kind: 'refused', reason: 'syntax' }, sent(['SELECT 1']), 'not-compared'],
  ['what needs the application', script([]), { failed: { kind: 'stub', message: 'm' }, sent: [] }, 'not-compared'],
])('%s', (_, ours, real, verdict) => {
  expect(compared(ours, real).verdict).toBe(verdict)
})

const LEFT_OUT: Hole = { line: 2, sql: '', reason: 'line 2 of upgrade() is not read: it needs the database' }
const FAILS: Hole = { line: 3, sql: 'DROP TABLE b', reason: 'table "b" does not exist' }
const COLUMN = 'column public.a.b'

/** What one revision leads to: from a schema, ours and Alembic's. */
function step([before, mine, its]: readonly [Schema, Schema, Schema], more: object = {}): Step | null {
  const schemas = { before: entriesOf(before), mine: entriesOf(mine), its: entriesOf(its) }
  return judged({ file: 'a.py', holes: [], rows: [], ...schemas, ...more })
}
const entriesOf = (schema: Schema): ReadonlyMap<string, string> => new Map(Object.entries(schema))

test.each<[what: string, schemas: readonly [Schema, Schema, Schema], more: object, verdict: string]>([
  ['the same on both sides', [{}, { [COLUMN]: 'text' }, { [COLUMN]: 'text' }], {}, 'same'],
  ['what a gap left out', [{}, {}, { [COLUMN]: 'text' }], { holes: [LEFT_OUT] }, 'explained'],
  ['what a gap left there', [{ [COLUMN]: 'text' }, { [COLUMN]: 'text' }, {}], { holes: [LEFT_OUT] }, 'explained'],
  ['what is left out and not said', [{}, {}, { [COLUMN]: 'text' }], {}, 'wrong'],
  ['what only ours does, beside a gap', [{}, { [COLUMN]: 'text' }, {}], { holes: [LEFT_OUT] }, 'wrong'],
  [
    'what ours does otherwise, beside a gap',
    [{ [COLUMN]: 'text' }, { [COLUMN]: 'int' }, { [COLUMN]: 'bigint' }],
    { holes: [LEFT_OUT] },
    'wrong',
  ],
  [
    'what was no more than renamed, beside a gap',
    [{ 'enum public.e': "'a'" }, { 'enum public.f': "'a'" }, { 'enum public.f': "'a', 'b'" }],
    { holes: [LEFT_OUT] },
    'explained',
  ],
  ['a gap that makes no difference', [{}, {}, {}], { holes: [LEFT_OUT] }, 'explained'],
  ['a statement that fails after a gap', [{}, {}, {}], { holes: [LEFT_OUT, FAILS] }, 'explained'],
  [
    'a check of its own after a gap',
    [{}, {}, {}],
    { holes: [LEFT_OUT, { ...FAILS, sql: "DO $$ … RAISE 'it''s old' … $$", reason: "it's old" }] },
    'explained',
  ],
  ['a statement that fails before it', [{}, {}, {}], { holes: [LEFT_OUT, { ...FAILS, line: 1 }] }, 'wrong'],
  [
    'a statement that fails for another reason',
    [{}, {}, {}],
    { holes: [LEFT_OUT, { ...FAILS, reason: 'no' }] },
    'wrong',
  ],
  ['a statement that fails where there is no gap', [{}, {}, {}], { holes: [FAILS] }, 'wrong'],
  ['other rows', [{}, {}, {}], { rows: [{ table: 'a', ours: 0, theirs: 1 }] }, 'wrong'],
  ['other rows by a gap', [{}, {}, {}], { rows: [{ table: 'a', ours: 0, theirs: 1 }], holes: [LEFT_OUT] }, 'explained'],
])('a revision alone: %s', (_, schemas, more, verdict) => {
  const told = step(schemas, more)
  expect(told === null ? 'same' : isWrong(told) ? 'wrong' : 'explained').toBe(verdict)
})

test('another order of columns is a difference, where the columns are the same', () => {
  const order = (columns: string, more: Schema = {}) =>
    entriesOf({ 'column order of table public.a': columns, ...more })
  const keys = (...pair: Parameters<typeof differing>) => differing(...pair).map(({ key }) => key)
  expect(keys(order('b, c'), order('c, b'))).toEqual(['column order of table public.a'])
  expect(keys(order('b'), order('b, c', { 'column public.a.c': 'text' }))).toEqual(['column public.a.c'])
  expect(keys(order('b'), order('b'))).toEqual([])
})

test('a difference in the end is explained by the gap that made it, or by where it came up after one', () => {
  const left = step([{}, {}, { [COLUMN]: 'text' }], { holes: [LEFT_OUT] })
  const wrong = step([{}, {}, {}], { holes: [FAILS] })
  const because = (key: string, steps: readonly (Step | null)[], after: number) => {
    const since = new Map([[COLUMN, { file: 'b.py', failed: [], after }]])
    const [found] = attributed({ differences: [{ key }], steps, since })
    return found?.because === null ? null : `${found?.because.kind} ${found?.because.file}`
  }
  expect(because(COLUMN, [left], 1)).toBe('gap a.py')
  expect(because(COLUMN, [step([{}, {}, {}], { holes: [LEFT_OUT] })], 1)).toBe('follows b.py')
  expect(because(COLUMN, [step([{}, {}, {}], { holes: [LEFT_OUT] })], 0)).toBeNull()
  expect(because(COLUMN, [], 0)).toBeNull()
  expect(because(COLUMN, [wrong, left], 2)).toBeNull()
  expect(because(COLUMN, [left, wrong], 1)).toBe('gap a.py')
  expect(because('column order of table public.a', [left], 1)).toBeNull()
})

const REVISIONS: Readonly<Record<string, string>> = {
  '0001_literal': `
def upgrade():
    op.create_table("a", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("b", sa.Text(), index=True))

def downgrade():
    op.drop_table("a")
`,
  '0002_own_module': `
from shop.names import TABLE

def upgrade():
    op.execute(f"LOCK {TABLE}")

def downgrade():
    raise NotImplementedError("no way back")
`,
  '0003_stub': `
from shop.settings import SCHEMA
from elsewhere import helper

def upgrade():
    op.add_column("a", sa.Column("c", sa.Text()), schema=SCHEMA)

def downgrade():
    helper.drop(op, "a")
`,
  '0004_database': `
import socket

def upgrade():
    for row in op.get_bind().execute(sa.text("SELECT 1")):
        op.execute("CREATE TABLE z (id int)")

def downgrade():
    socket.create_connection(("192.0.2.1", 80), timeout=2)
`,
  '0005_environment': `
import os

def upgrade():
    assert os.environ.get("EVAL_SECRET") is None
    op.get_bind().execute(sa.text("SELECT :a"), {"a": 1})

def downgrade():
    op.drop_table("a")
`,
  '0006_exit': `
import os

def upgrade():
    os._exit(0)

def downgrade():
    pass
`,
}

/** What is sent, or why it is not known. */
const ASKED: Readonly<
  Record<string, readonly [upgrade: string | readonly string[], downgrade: string | readonly string[]]>
> = {
  '0001_literal': [
    [
      'CREATE TABLE a (\n    id SERIAL NOT NULL, \n    b TEXT, \n    PRIMARY KEY (id)\n);',
      'CREATE INDEX ix_a_b ON a (b);',
    ],
    ['DROP TABLE a;'],
  ],
  '0002_own_module': [['LOCK a;'], []],
  '0003_stub': [
    'it needs the application: not_installed.schema() is not there (add)',
    'it needs the application: elsewhere.helper.drop is not there (call)',
  ],
  '0004_database': [
    'it needs the database: the result of a query',
    'Alembic fails: OSError: [Errno 101] Network is unreachable',
  ],
  '0005_environment': [['SELECT 1;'], ['DROP TABLE a;']],
  '0006_exit': [
    'it did not come to an end: its process was ended, at it or before',
    'it did not come to an end: its process was ended, at it or before',
  ],
}

const real = await realAlembic().then(
  () => null,
  (error: Error) => error.message,
)
if (real !== null) process.stderr.write(`Alembic itself is not tested: ${real}\n`)
const withReal = real === null ? test : test.skip

let clones: Scratch
beforeAll(() => {
  clones = scratch()
  clones.write('alembic/env.py', 'import shop.names\n')
  clones.write('shop/__init__.py', '')
  clones.write('shop/names.py', 'TABLE = "a"\n')
  clones.write('shop/settings.py', 'import not_installed\nSCHEMA = not_installed.schema()\n')
  let parent = 'None'
  for (const [name, body] of Object.entries(REVISIONS)) {
    const id = `"${name.slice(0, 4)}"`
    const head = `from alembic import op\nimport sqlalchemy as sa\n\nrevision = ${id}\ndown_revision = ${parent}\n`
    clones.write(`alembic/versions/${name}.py`, `${head}${body}`)
    parent = id
  }
  clones.git('add', '-A')
  clones.git('commit', '-qm', 'revisions')
  clones.git('clone', '-q', '--bare', '.', 'clones/example+shop')
})
afterAll(() => clones.dispose())

/** Runs the script on the clones; gives what it prints. */
function evaluate(...args: readonly string[]): Promise<string> {
  const env = { ...process.env, EVAL_SECRET: 'x' }
  return new Promise((done, failed) => {
    const all = ['scripts/eval-alembic.mjs', join(clones.folder, 'clones'), ...args]
    execFile(process.execPath, all, { env }, (error, out) => (error === null ? done(out) : failed(error)))
  })
}

withReal('real Alembic is asked without running into the application, the network or the disk', async () => {
  const json = join(clones.folder, 'cases.json')
  const output = await evaluate('--json', json)
  const [{ cases }] = JSON.parse(readFileSync(json, 'utf8')) as [{ cases: readonly Case[] }]
  const told = ({ real, reason }: Compared): string | readonly string[] => reason ?? real
  const asked = cases.map(({ path, upgrade, downgrade }) => [basename(path, '.py'), [told(upgrade), told(downgrade)]])
  expect(Object.fromEntries(asked)).toEqual(ASKED)
  expect(output).toMatch(/^example\/shop +6 /m)
})

withReal('the schema after a whole history is compared, without what real Alembic could not run', async () => {
  const lines = (await evaluate('--schema', '--set', 'EVAL_OTHER=x')).split('\n')
  const [title] = lines.filter((line) => line.startsWith('example/shop'))
  const verdict = 'differing in 1 (1 by gaps that are said, 0 that follow, 0 unexplained) of N objects'
  expect(title?.replace(/\d+ objects/, 'N objects')).toBe(`example/shop (alembic): ${verdict}, after 4 of 6 revisions`)
  const alone = '3 of 4 lead to the same, 1 to less by gaps that are said, 0 wrong'
  expect(lines).toContain(`  each revision alone, on what Alembic had left: ${alone}`)
  const why = 'it needs the database: what a loop goes over is not known: what a query gives is not known'
  expect(lines).toContain(`    0004_database.py, ${why}: table public.z (only by Alembic)`)
  expect(lines).toContain('    0003_stub.py: StubUsed: not_installed.schema() is not there (add)')
  expect(lines).toContain('    0006_exit.py: Ended: its process was ended, at it or before')
})
