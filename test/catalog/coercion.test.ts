import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { PGlite } from '@electric-sql/pglite'
import { citext } from '@electric-sql/pglite/contrib/citext'
import { retyping, type Retyping } from '../../src/catalog/coercion.js'
import type { TypeName } from '../../src/model/operations/shared.js'
import { loadParsers } from '../../src/sql/parse.js'
import { statementsIn } from './statements.js'

/** What each change of type costs; `utc` where it depends on the session's TimeZone. */
const CASES: readonly (readonly [from: string, to: string, cost: Retyping, zone?: 'utc'])[] = [
  ['varchar(10)', 'varchar(20)', 'free'],
  ['varchar(10)', 'varchar(10)', 'free'],
  ['varchar(10)', 'varchar', 'free'],
  ['varchar(10)', 'text', 'free'],
  ['varchar(10)', 'varchar(5)', 'rewrites'],
  ['varchar', 'varchar(20)', 'rewrites'],
  ['varchar', 'text', 'free'],
  ['text', 'varchar', 'free'],
  ['text', 'varchar(20)', 'rewrites'],
  ['text', 'text', 'free'],
  ['char(5)', 'text', 'rewrites'],
  ['char(5)', 'char(6)', 'rewrites'],
  ['char(5)', 'varchar', 'rewrites'],
  ['varchar(5)', 'char(5)', 'rewrites'],
  ['int', 'bigint', 'rewrites'],
  ['bigint', 'int', 'rewrites'],
  ['smallint', 'int', 'rewrites'],
  ['int', 'text', 'rewrites'],
  ['int', 'oid', 'reindexes'],
  ['real', 'double precision', 'rewrites'],
  ['numeric(10,2)', 'numeric(12,2)', 'free'],
  ['numeric(10,2)', 'numeric', 'free'],
  ['numeric(10)', 'numeric(12)', 'free'],
  ['numeric(10,2)', 'numeric(12,4)', 'rewrites'],
  ['numeric(10,2)', 'numeric(8,2)', 'rewrites'],
  ['numeric', 'numeric(10,2)', 'rewrites'],
  ['timestamp', 'timestamptz', 'rewrites'],
  ['timestamptz', 'timestamp', 'rewrites'],
  ['timestamp', 'timestamptz', 'reindexes', 'utc'],
  ['timestamptz', 'timestamp', 'reindexes', 'utc'],
  ['timestamp', 'timestamptz(3)', 'rewrites', 'utc'],
  ['timestamp(3)', 'timestamptz', 'reindexes', 'utc'],
  ['timestamp(3)', 'timestamp', 'free'],
  ['timestamp(3)', 'timestamp(6)', 'free'],
  ['timestamp', 'timestamp(6)', 'free'],
  ['timestamp', 'timestamp(3)', 'rewrites'],
  ['timestamptz(3)', 'timestamptz(4)', 'free'],
  ['time(3)', 'time', 'free'],
  ['time', 'time(3)', 'rewrites'],
  ['timetz(3)', 'timetz(5)', 'free'],
  ['date', 'timestamp', 'rewrites'],
  ['interval(3)', 'interval', 'free'],
  ['interval(3)', 'interval(5)', 'free'],
  ['interval', 'interval(3)', 'rewrites'],
  ['interval', 'interval(6)', 'free'],
  ['interval day to second', 'interval', 'free'],
  ['interval', 'interval day to second', 'free'],
  ['interval', 'interval day to minute', 'rewrites'],
  ['interval year', 'interval day', 'free'],
  ['interval second(3)', 'interval second(5)', 'free'],
  ['varbit(8)', 'varbit(16)', 'free'],
  ['varbit(8)', 'varbit', 'free'],
  ['varbit(16)', 'varbit(8)', 'rewrites'],
  ['bit(8)', 'bit(16)', 'rewrites'],
  ['bit(8)', 'varbit', 'reindexes'],
  ['cidr', 'inet', 'free'],
  ['inet', 'cidr', 'rewrites'],
  ['json', 'jsonb', 'rewrites'],
  ['jsonb', 'json', 'rewrites'],
  ['xml', 'text', 'free'],
  ['xml', 'varchar', 'free'],
  ['citext', 'text', 'reindexes'],
  ['text', 'citext', 'reindexes'],
  ['varchar(10)', 'citext', 'reindexes'],
  ['name', 'text', 'rewrites'],
  ['text[]', 'text[]', 'free'],
  ['varchar(10)[]', 'varchar(20)[]', 'rewrites'],
  ['varchar(10)[]', 'varchar[]', 'free'],
  ['varchar(10)[]', 'text[]', 'rewrites'],
  ['numeric(10,2)[]', 'numeric[]', 'free'],
  ['int[]', 'bigint[]', 'rewrites'],
  ['mood', 'mood', 'free'],
  ['mood', 'text', 'rewrites'],
]

let db: PGlite
beforeAll(async () => {
  ;[db] = await Promise.all([PGlite.create({ extensions: { citext } }), loadParsers()])
  await db.exec(`CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('sad')`)
})
afterAll(async () => {
  await db.close()
})

test.each(CASES.map(([from, to, cost, zone]) => ({ from, to, cost, zone: zone ?? 'any zone' })))(
  '$from to $to is $cost, $zone',
  async ({ from, to, cost, zone }) => {
    expect(retyping(typeOf(from), typeOf(to), zone === 'utc')).toBe(cost)
    expect(await observe(from, to, zone === 'utc' ? 'UTC' : 'Europe/Berlin')).toBe(cost)
  },
)

/** PostgreSQL's own answer: whether the table's file, or the file of an index on the column, is another one afterwards. */
async function observe(from: string, to: string, zone: string): Promise<Retyping> {
  const files = async (): Promise<{ readonly heap: number; readonly index: number }> => {
    const { rows } = await db.query<{ heap: number; index: number }>(
      `SELECT pg_relation_filenode('r')::int AS heap, pg_relation_filenode('r_v')::int AS index`,
    )
    return rows[0] ?? { heap: 0, index: 0 }
  }
  await db.exec('BEGIN')
  try {
    const index = /json|xml/.test(from) ? 'CREATE INDEX r_v ON r ((1))' : 'CREATE INDEX r_v ON r (v)'
    await db.exec(`SET LOCAL TimeZone = '${zone}'; CREATE TABLE r (v ${from}); ${index}`)
    const before = await files()
    await db.exec(`ALTER TABLE r ALTER v TYPE ${to}`)
    const after = await files()
    if (before.heap !== after.heap) return 'rewrites'
    return before.index === after.index ? 'free' : 'reindexes'
  } finally {
    await db.exec('ROLLBACK')
  }
}

function typeOf(written: string): TypeName {
  const [operation] = statementsIn(`CREATE TABLE r (v ${written})`)[0]?.operations ?? []
  const type = operation?.kind === 'create-table' ? operation.columns[0]?.type : undefined
  if (type === undefined) throw new Error(`not a type: ${written}`)
  return type
}
