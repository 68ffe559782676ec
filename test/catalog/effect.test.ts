import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { PGlite } from '@electric-sql/pglite'
import { effectOf } from '../../src/catalog/effect.js'
import { createCatalog } from '../../src/catalog/store.js'
import { compareLocks, type Effect, type LockMode } from '../../src/model/effect.js'
import { keyOf } from '../../src/model/names.js'
import { loadParsers } from '../../src/sql/parse.js'
import { CASES, DEVIATIONS, ROWS, SCHEMA } from './effect-cases.js'
import { statementsIn } from './statements.js'

let db: PGlite
const schema = createCatalog({ complete: true })
beforeAll(async () => {
  ;[db] = await Promise.all([PGlite.create(), loadParsers()])
  await db.exec(`SET TimeZone = 'Europe/Berlin'; ${SCHEMA}; ${ROWS}`)
  for (const { operations } of statementsIn(SCHEMA)) for (const operation of operations) schema.apply(operation, 'base')
})
afterAll(async () => {
  await db.close()
})

describe.each(Object.entries(CASES))('%s', (_, statements) => {
  test.each(statements)('%s', async (sql) => {
    const predicted = predict(sql)
    const seen = await observe(sql)
    const deviations = DEVIATIONS[sql]?.lines ?? []
    const differing = (one: readonly string[], other: readonly string[]): string[] =>
      one.filter((line) => !other.includes(line))
    const [told, real] = [lines(predicted, seen), lines(seen, predicted)]
    expect(told.filter((line) => !deviations.includes(line))).toEqual(real.filter((line) => !deviations.includes(line)))
    expect([...differing(told, real), ...differing(real, told)]).toEqual(deviations)
  })
})

interface Seen {
  readonly locks: ReadonlyMap<string, LockMode>
  readonly rewrites: ReadonlySet<string>
  readonly scans: ReadonlySet<string>
}

/** All statements of the text, as one transaction; the last one is the one in question. */
function predict(sql: string): Seen {
  const catalog = schema.fork()
  catalog.begin()
  const locks = new Map<string, LockMode>()
  const rewrites = new Set<string>()
  const scans = new Set<string>()
  const note = (effect: Effect): void => {
    for (const { table, mode } of effect.locks) {
      const before = locks.get(keyOf(table))
      if (before === undefined || compareLocks(before, mode) < 0) locks.set(keyOf(table), mode)
    }
    for (const table of effect.rewrites) rewrites.add(keyOf(table))
    for (const table of effect.scans) scans.add(keyOf(table))
  }
  for (const { operations } of statementsIn(sql)) {
    for (const operation of operations) {
      note(effectOf(operation, catalog, { postgres: 18, inTransaction: true }))
      catalog.apply(operation, 'transaction')
    }
  }
  return { locks, rewrites, scans }
}

async function observe(sql: string): Promise<Seen> {
  const before = await relations()
  await db.exec('BEGIN')
  try {
    const earlier = await sequentialScans()
    await db.exec(sql)
    const { rows } = await db.query<{ oid: number; mode: string }>(
      `SELECT relation::int AS oid, mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation IS NOT NULL`,
    )
    const locks = new Map<string, LockMode>()
    for (const { oid, mode } of rows) {
      const name = before.get(oid)?.name
      const lock = modeOf(mode)
      const held = name === undefined ? undefined : locks.get(name)
      if (name !== undefined && (held === undefined || compareLocks(held, lock) < 0)) locks.set(name, lock)
    }
    const rewrites = new Set<string>()
    for (const [oid, { file }] of await relations()) {
      const old = before.get(oid)
      if (old !== undefined && old.file !== file && !/^TRUNCATE/.test(sql)) rewrites.add(old.name)
    }
    const read = [...(await sequentialScans())].filter(([oid, count]) => count > (earlier.get(oid) ?? 0))
    const scans = new Set(read.flatMap(([oid]) => before.get(oid)?.name ?? []))
    return { locks, rewrites, scans }
  } finally {
    await db.exec('ROLLBACK')
  }
}

/** The counters go on over transactions until they are sent. Index builds count too. */
async function sequentialScans(): Promise<ReadonlyMap<number, number>> {
  const { rows } = await db.query<{ oid: number; scans: number }>(
    `SELECT relid::int AS oid, seq_tup_read::int AS scans FROM pg_stat_xact_all_tables`,
  )
  return new Map(rows.map(({ oid, scans }) => [oid, scans]))
}

async function relations(): Promise<ReadonlyMap<number, { readonly name: string; readonly file: number }>> {
  const { rows } = await db.query<{ oid: number; name: string; file: number }>(
    `SELECT c.oid::int AS oid, relname AS name, relfilenode::int AS file
     FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND relkind IN ('r', 'p', 'v', 'm')`,
  )
  return new Map(rows.map(({ oid, name, file }) => [oid, { name, file }]))
}

/** `AccessExclusiveLock` is ACCESS EXCLUSIVE. */
function modeOf(mode: string): LockMode {
  return mode
    .replace(/Lock$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase() as LockMode
}

/** A reading lock may be seen that the text does not tell of; a scan is asked for only where the table is not rewritten. */
function lines(one: Seen, other: Seen): string[] {
  const isWeak = (name: string, mode: LockMode): boolean => mode === 'ACCESS SHARE' && !other.locks.has(name)
  return [
    ...[...one.locks].filter(([name, mode]) => !isWeak(name, mode)).map(([name, mode]) => `${name} ${mode}`),
    ...[...one.rewrites].map((name) => `${name} rewritten`),
    ...[...one.scans]
      .filter((name) => !one.rewrites.has(name) && !other.rewrites.has(name))
      .map((name) => `${name} read`),
  ].sort()
}
