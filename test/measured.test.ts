import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { PGlite } from '@electric-sql/pglite'
import { Client } from 'pg'
import type { Measured, RuleMeasured } from '../src/report/measured.js'
import { rules } from '../src/rules/index.js'
import { loadParsers } from '../src/sql/parse.js'
import { exampleOf, measure, onPglite, onServer, type Example, NO_TRANSACTION, type Query } from './support/measured.js'
import { withPostgres, type Major } from './support/postgres-binaries.js'
import { startServer, type TestServer } from './support/postgres-server.js'

const FILE = 'fixtures/claims/locks.json'
const MAJORS = [14, 15, 16, 17, 18] as const satisfies readonly Major[]
const updating = process.env['UPDATE'] === '1' && !process.env['CI']

type Seen = RuleMeasured['seen']
/** By rule. */
type Stated = Readonly<Record<string, RuleMeasured>>
const stated = (existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {}) as Stated
const measured = new Map<string, { readonly statement: string; readonly seen: Map<string, Measured> }>()

await loadParsers({ majors: [15, 17, 18], second: true })
/** What rules on locks and on deployed code show, where a statement of theirs can be run by itself. */
const examples = rules
  .filter(({ meta, check }) => /^[CD]/.test(meta.code) && check.evidence === undefined)
  .flatMap(({ meta, ...rule }): readonly (readonly [string, Example, (major: number) => boolean])[] => {
    const example = exampleOf({ meta, ...rule })
    const { from = 0, until = Infinity } = meta.postgres ?? {}
    return example === null ? [] : [[meta.id, example, (major) => from <= major && major <= until]]
  })

afterAll(() => {
  if (!updating) return
  const isWhole = [...measured.values()].some(({ seen }) => MAJORS.every((major) => seen.has(String(major))))
  if (!isWhole) throw new Error(`${FILE} is written where all versions can be had, and all tests run`)
  const kept = [...measured].filter(([, { seen }]) => [...seen.values()].some(isSight))
  const sorted = kept.map(([id, { statement, seen }]) => [id, { statement, seen: byRange(seen) }] as const)
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(sorted.sort(([a], [b]) => (a < b ? -1 : 1))), null, 2)}\n`)
})

/** Whether there is anything to tell of it: also that it runs where nobody can watch. */
function isSight(seen: Measured): boolean {
  if ('unseen' in seen) return seen.unseen === NO_TRANSACTION
  return Object.keys(seen.locks).length + seen.rewrites.length + seen.scans.length > 0
}

/** One entry for majors that follow each other and do the same. */
function byRange(seen: ReadonlyMap<string, Measured>): Seen {
  const runs: { readonly majors: string[]; readonly same: Measured }[] = []
  for (const [major, same] of [...seen].sort(([a], [b]) => Number(a) - Number(b))) {
    const last = runs.at(-1)
    if (last !== undefined && JSON.stringify(last.same) === JSON.stringify(same)) last.majors.push(major)
    else runs.push({ majors: [major], same })
  }
  return Object.fromEntries(runs.map(({ majors, same }) => [[...new Set([majors[0], majors.at(-1)])].join('-'), same]))
}

function seenOn(major: number, seen: Seen): Measured | undefined {
  const found = Object.entries(seen).find(([range]) => {
    const [first = NaN, last = first] = range.split('-').map(Number)
    return first <= major && major <= last
  })
  return found?.[1]
}

test('what is stated is stated of a rule that is there, and shows it', () => {
  const ids = new Set(examples.map(([id]) => id))
  expect(Object.keys(stated).filter((id) => !ids.has(id))).toEqual([])
  expect(Object.keys(stated).length).toBeGreaterThan(60)
})

/** Measures every example on a major, and holds it against what is stated. */
function proves(major: number, query: Query): void {
  test.each(examples.filter(([, , applies]) => applies(major)))('%s', async (id, example) => {
    const seen = await measure(example, query)
    if (updating) {
      const known = measured.get(id) ?? { statement: example.statement, seen: new Map<string, Measured>() }
      measured.set(id, known)
      known.seen.set(String(major), seen)
      return
    }
    const known = stated[id]
    if (known === undefined) return expect(isSight(seen)).toBe(false)
    expect({ statement: example.statement, seen }).toEqual({
      statement: known.statement,
      seen: seenOn(major, known.seen),
    })
  })
}

describe('PGlite', () => {
  let database: PGlite
  beforeAll(async () => {
    database = await PGlite.create()
  })
  afterAll(() => database.close())
  proves(18, (sql) => onPglite(database)(sql))
})

for (const major of MAJORS) {
  await withPostgres(major, (programs) => {
    describe(`PostgreSQL ${major}`, () => {
      let server: TestServer
      let client: Client
      beforeAll(async () => {
        server = await startServer(programs)
        client = new Client({ connectionString: server.url() })
        await client.connect()
      })
      afterAll(async () => {
        await client.end()
        await server.stop()
      })
      proves(major, (sql) => onServer(client)(sql))
    })
  })
}
