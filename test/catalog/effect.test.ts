import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { effectOf } from '../../src/catalog/effect.js'
import { createCatalog } from '../../src/catalog/store.js'
import { compareLocks, type Effect, type LockMode } from '../../src/model/effect.js'
import { keyOf } from '../../src/model/names.js'
import type { Outcome, Sandbox, Session } from '../../src/sandbox/sandbox.js'
import { loadParsers } from '../../src/sql/parse.js'
import { never, opened } from '../sandbox/opened.js'
import { CASES, DEVIATIONS, ROWS, SCHEMA } from './effect-cases.js'
import { statementsIn } from './statements.js'

let sandbox: Sandbox
let session: Session
const schema = createCatalog({ complete: true })
beforeAll(async () => {
  ;[{ sandbox, session }] = await Promise.all([opened(), loadParsers()])
  await run("SET TimeZone = 'Europe/Berlin'")
  for (const { sql } of [...statementsIn(SCHEMA), ...statementsIn(ROWS)]) await run(sql)
  for (const { operations } of statementsIn(SCHEMA)) for (const operation of operations) schema.apply(operation, 'base')
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

async function run(sql: string): Promise<Extract<Outcome, { kind: 'done' }>> {
  const outcome = await session.run(sql, never, 'observed')
  if (outcome.kind === 'done') return outcome
  throw new Error(`${sql}: ${outcome.kind === 'failed' ? outcome.message : outcome.reason}`)
}

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

/** What the sandbox sees of the same. */
async function observe(sql: string): Promise<Seen> {
  const locks = new Map<string, LockMode>()
  const rewrites = new Set<string>()
  const scans = new Set<string>()
  const nameOf = (object: string): string => object.replace(/^public\./, '')
  await run('BEGIN')
  try {
    for (const statement of statementsIn(sql)) {
      const seen = await run(statement.sql)
      for (const { object, mode } of seen.locks) {
        const held = locks.get(nameOf(object))
        if (held === undefined || compareLocks(held, mode) < 0) locks.set(nameOf(object), mode)
      }
      for (const table of seen.rewrites) rewrites.add(nameOf(table))
      for (const table of seen.scans) scans.add(nameOf(table))
    }
    return { locks, rewrites, scans }
  } finally {
    await run('ROLLBACK')
  }
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
