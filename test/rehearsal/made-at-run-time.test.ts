import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Rehearsal } from '../../src/model/evidence.js'
import type { PlanItem } from '../../src/rehearsal/plan.js'
import { rehearse } from '../../src/rehearsal/rehearse.js'
import { sourceText } from '../../src/source/source-text.js'
import { loadParsers } from '../../src/sql/parse.js'
import { revision as read } from '../frameworks/alembic/revision.js'
import { revision, script } from './told.js'
import { washed } from './washed.js'

const provider = washed()
beforeAll(async () => loadParsers())
afterAll(async () => provider[Symbol.asyncDispose]())

const TOP = 'import uuid\nfrom datetime import datetime, date\nIDS = [uuid.uuid4(), uuid.uuid4()]'

const HISTORY: PlanItem = {
  revision: revision('1'),
  up: script(sourceText('1.sql', 'create table rates (id text primary key, note text, at timestamp unique);')),
  down: { kind: 'absent' },
  role: 'replay',
  bookkeeping: [],
}

function item(up: string, down: string, id = 'a'): PlanItem {
  const migration = read(up, down, TOP, '')
  return { ...migration, revision: { ...migration.revision, id }, role: 'rehearse', bookkeeping: [] }
}

async function rehearsed(...items: readonly PlanItem[]): Promise<readonly Rehearsal[]> {
  return rehearse([HISTORY, ...items], provider, {
    postgres: 18,
    signal: new AbortController().signal,
    seconds: 25,
    rows: 3,
    onProgress: () => undefined,
    window: true,
  })
}

const insert = (id: string): string => `op.execute(f"INSERT INTO rates (id) VALUES ('{${id}}')")`

describe('what stands for a value that is made at run time is another each time that up runs', () => {
  test.each([
    ['a random id', insert('uuid.uuid4()'), null],
    ['ids made when the file is loaded', `${insert('IDS[0]')}\n${insert('IDS[1]')}`, null],
    ['the beginning of one', insert('str(uuid.uuid4())[:8]'), null],
    ['the end of one', insert('str(uuid.uuid4())[-12:]'), null],
    ['a moment', `op.execute(f"INSERT INTO rates (id, at) VALUES ('{uuid.uuid4()}', '{datetime.now()}')")`, null],
    ['a day', insert('date.today()'), null],
    ['but not what is written down', insert('"x"'), 'duplicate key value violates unique constraint "rates_pkey"'],
  ])('%s, in a row that down leaves', async (_, up, error) => {
    const [seen] = await rehearsed(item(up, 'pass'))
    const again = seen?.steps.filter(({ phase }) => phase === 'reapply').map((step) => step.error?.message ?? null)
    expect([seen?.verdict, again?.at(-1)]).toEqual(['leaves-residue', error])
  })

  const MARK = `op.execute("UPDATE rates SET note = 'by up' WHERE id LIKE '%-4000-%'")`
  const DELETE = `op.execute("DELETE FROM rates WHERE note = 'by up'")`

  test('within one run it is the same in every statement', async () => {
    const up = `${insert('IDS[0]')}\nop.execute(f"UPDATE rates SET note = 'by up' WHERE id = '{IDS[0]}'")`
    expect(await rehearsed(item(up, DELETE))).toMatchObject([{ verdict: 'reversible' }])
  })

  test('with rows that are written between up and down', async () => {
    const up = `op.add_column("rates", sa.Column("n", sa.Integer))\n${insert('uuid.uuid4()')}\n${MARK}`
    const seen = await rehearsed(item(up, `op.drop_column("rates", "n")\n${DELETE}`))
    expect(seen).toMatchObject([{ verdict: 'reversible', between: { outcome: 'kept' } }])
  })

  test('after it stopped half-way', async () => {
    const up = `with op.get_context().autocommit_block():\n    ${insert('uuid.uuid4()')}\n    op.execute("CREATE INDEX IF NOT EXISTS i ON rates (note)")`
    expect(await rehearsed(item(up, 'op.drop_index("i")'))).toMatchObject([
      { recovery: { stops: 1, tried: 1, failure: null } },
    ])
  })

  test('where a release is taken back as a whole', async () => {
    const seen = await rehearsed(
      item(`${insert('uuid.uuid4()')}\n${MARK}`, DELETE),
      item('op.add_column("rates", sa.Column("n", sa.Integer))', 'op.drop_column("rates", "n")', 'b'),
    )
    expect(seen.map(({ verdict, window }) => [verdict, window])).toEqual([
      ['reversible', null],
      ['reversible', null],
    ])
  })
})
