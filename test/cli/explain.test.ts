import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { dba } from '../support/dba.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dba-explain-'))
  mkdirSync(join(folder, 'alembic/versions'), { recursive: true })
  writeFileSync(join(folder, 'alembic/env.py'), '')
  writeFileSync(
    join(folder, 'alembic/versions/a.py'),
    `import sqlalchemy as sa
from alembic import op

revision = "a"; down_revision = None
TABLES = ["t"]


def upgrade():
    for name in TABLES:
        op.add_column(
            name,
            sa.Column("kind", sa.Enum("x", name="kind")),
        )
    if not settings.ENABLED:
        return
    op.execute(f"UPDATE t SET kind = {unknown()}")


def downgrade():
    op.drop_column("t", "kind")
    op.execute("DROP TYPE kind")
`,
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('what a migration in Python sends stands beside the Python that sends it', async () => {
  const { out, code } = await dba(folder, ['explain', 'alembic/versions/a.py'])
  expect(out)
    .toBe(`Not understood, line 16: in upgrade(): unknown() is a call that is not followed: unknown is a variable whose value is not known

Taken for granted, line 14: in upgrade(): the condition is read as not met: settings is a variable whose value is not known

alembic/versions/a.py:10
  > op.add_column(
  >     name,
  >     sa.Column("kind", sa.Enum("x", name="kind")),
  > )
  | ALTER TABLE t ADD COLUMN kind kind
  adds the column kind (kind) to t
  Lock: ACCESS EXCLUSIVE on t: every reader and writer waits until the transaction ends
  missing-lock-timeout: Waiting for ACCESS EXCLUSIVE on t has no limit: no lock_timeout is in force
    SET LOCAL lock_timeout = '2s';
    ALTER TABLE t ADD COLUMN kind kind;

alembic/versions/a.py:20, on the way down
  > op.drop_column("t", "kind")
  | ALTER TABLE t DROP COLUMN kind
  drops the column kind of t with its values
  Lock: ACCESS EXCLUSIVE on t: every reader and writer waits until the transaction ends

alembic/versions/a.py:21, on the way down
  > op.execute("DROP TYPE kind")
  | DROP TYPE kind
  drops the type kind
  Lock: none that anybody waits for
`)
  expect(code).toBe(0)
})

test('a line is enough', async () => {
  const { out } = await dba(folder, ['explain', 'alembic/versions/a.py:21'])
  expect(out.match(/^alembic[^,\n]*/gm)).toEqual(['alembic/versions/a.py:21'])
})

test('the rule about the policy is explained as well, though no policy may name it', async () => {
  const { out, code } = await dba(folder, ['explain', 'policy-weakened'])
  expect(code).toBe(0)
  expect(out).toMatch(/^policy-weakened \(A29\)/)
  expect(out).toContain('A comment cannot allow it.')
})

test('what the example of a rule was seen to do is shown by version', async () => {
  const { out, code } = await dba(folder, ['explain', 'add-foreign-key-validating'])
  expect(code).toBe(0)
  const row = [
    'Locks     SHARE ROW EXCLUSIVE on customers, SHARE ROW EXCLUSIVE on orders',
    'Reads     customers, orders',
  ]
  expect(out).toContain(['  PostgreSQL 14 to 18', ...row.map((line) => `    ${line}`)].join('\n'))
})

test('a rule about Python is explained in Python', async () => {
  const { out, code } = await dba(folder, ['explain', 'needless-no-transaction'])
  expect(out).toContain('  with op.get_context().autocommit_block():\n')
  expect(out).toContain('# dba:allow needless-no-transaction because …')
  expect(out).toContain('  alembic/versions/8c2e_add_region.py:13:9 warning needless-no-transaction\n')
  expect(code).toBe(0)
})
