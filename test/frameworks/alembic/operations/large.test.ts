import { expect, test } from '@jest/globals'
import { said } from './said.js'

const PREFACE = 't = sa.table("t", sa.column("id", sa.Integer))'
const again = (first: string, next: string, times: number): string => `x = ${first}\n${`x = ${next}\n`.repeat(times)}`

/** What speaks of itself again and again is small in the file, and has no end in SQL. */
test.each([
  [again('t.c.id', 'x + x', 60) + 'op.execute(sa.select(x))', 'the statement is too large'],
  [again('t.c.id', 'x - x', 60) + 'op.execute(sa.select(x))', 'the statement is too large'],
  [again('t.c.id > 1', '(x & x) | (x & x)', 40) + 'op.execute(t.delete().where(x))', 'the statement is too large'],
  [again('sa.select(t.c.id)', 'sa.union(x, x)', 60) + 'op.execute(x)', 'the statement is too large'],
  [
    again('sa.select(t.c.id)', 'sa.select(t.c.id).where(t.c.id.in_(x), t.c.id.in_(x))', 60) + 'op.execute(x)',
    'the statement is too large',
  ],
  [again('sa.func.f(1)', 'sa.func.f(x, x)', 60) + 'op.execute(sa.select(x))', 'the statement is too large'],
  [again('t.c.id', 'sa.case((x == 1, x), else_=x)', 60) + 'op.execute(sa.select(x))', 'the statement is too large'],
  [
    again('{"a": 1}', '{"a": x, "b": x}', 40) + 'op.bulk_insert(sa.table("j", sa.column("id", sa.JSON)), [{"id": x}])',
    'following it takes too many steps',
  ],
  [again('t.c.id', 'x + 1', 3000) + 'op.execute(sa.select(x))', 'what it is given is nested too deeply'],
  [
    again('sa.Integer()', 'sa.ARRAY(x)', 3000) + 'op.add_column("t", sa.Column("a", x))',
    'what it is given is nested too deeply',
  ],
])('%.80s', (calls, reason) => {
  expect(said(PREFACE, calls)).toBe(reason)
})
