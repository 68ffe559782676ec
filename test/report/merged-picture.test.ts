import { expect, test } from '@jest/globals'
import type { DrawnTable, SchemaChange } from '../../src/model/evidence.js'
import { picturesOf } from '../../src/report/merged-picture.js'
import { diffOf } from '../../src/report/schema-diff.js'
import { blocked } from './reviews.js'

const part = (name: string, before: string | null, after: string | null): SchemaChange => ({
  kind: 'column',
  name,
  table: 'public.orders',
  before,
  after,
})
const table = (parts: readonly SchemaChange[]): DrawnTable => ({
  name: 'public.orders',
  change: parts.length === 0 ? null : 'altered',
  columns: [],
  more: 0,
  parts,
})

/** The parts of a table that several migrations of one pull request leave, as a diff. */
function told(...steps: readonly (readonly SchemaChange[])[]): readonly string[] {
  const rehearsals = blocked.rehearsals.flatMap((rehearsal) =>
    steps.map((parts) => ({
      ...rehearsal,
      picture: { tables: [table(parts)], relations: [], more: 0, partitions: 0 },
    })),
  )
  const [picture] = picturesOf({ ...blocked, rehearsals })
  return diffOf(picture?.picture.tables[0]?.parts ?? []).map(({ sign, text }) => `${sign} ${text}`)
}

const id = part('id', 'bigint', 'bigint')

test.each<[string, readonly (readonly SchemaChange[])[], readonly string[]]>([
  ['what stays as it is', [[id]], ['  table orders', '    id bigint']],
  ['what one adds', [[id, part('x', null, 'int')]], ['  table orders', '    id bigint', '+   x int']],
  [
    'what one adds and the next alters',
    [
      [id, part('x', null, 'int')],
      [id, part('x', 'int', 'int NOT NULL')],
    ],
    ['  table orders', '    id bigint', '+   x int NOT NULL'],
  ],
  [
    'what one adds and the next drops',
    [
      [id, part('x', null, 'int')],
      [id, part('x', 'int', null)],
    ],
    ['  table orders', '    id bigint'],
  ],
  [
    'what one drops and the next no longer sees',
    [[id, part('x', 'int', null)], [id]],
    ['  table orders', '    id bigint', '-   x int'],
  ],
  [
    'what one alters and the next leaves alone',
    [[part('id', 'int', 'bigint')], [id]],
    ['  table orders', '-   id int', '+   id bigint'],
  ],
  [
    'a table that the next only stands beside',
    [[id, part('x', null, 'int')], []],
    ['  table orders', '    id bigint', '+   x int'],
  ],
])('%s', (_, steps, expected) => expect(told(...steps)).toEqual(expected))
