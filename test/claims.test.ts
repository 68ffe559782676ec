import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { PGlite } from '@electric-sql/pglite'
import { Client } from 'pg'
import { claims, outcomesOf, type Run } from './support/claim.js'
import { withPostgres, type Major } from './support/postgres-binaries.js'
import { startServer, type TestServer } from './support/postgres-server.js'

const CLAIMS = claims()

test('each says a sentence of its own', () => {
  const sentences = CLAIMS.map(({ sentence }) => sentence)
  expect(new Set(sentences).size).toBe(sentences.length)
  expect(sentences.length).toBeGreaterThanOrEqual(25)
})

/** Proves every claim that is made of a major, on one connection. */
function proves(major: number, run: Run): void {
  test.each(CLAIMS.filter(({ from }) => from <= major).map((claim) => [claim.sentence, claim] as const))(
    '%s',
    async (_, claim) => expect(await outcomesOf(claim, run)).toEqual(claim.then),
  )
}

describe('PGlite', () => {
  let database: PGlite
  beforeAll(async () => {
    database = await PGlite.create()
  })
  afterAll(() => database.close())
  const run: Run = async (sql) => {
    const results = await database.exec(sql)
    return (results.at(-1)?.rows ?? []) as readonly Record<string, unknown>[]
  }
  proves(18, run)

  test('what is said and is not so is told apart', async () => {
    const claim = {
      ...{ name: '', sentence: '', from: 10, given: 'CREATE TABLE a (id int); INSERT INTO a VALUES (1);' },
      ...{
        when: 'CREATE INDEX ON a (id);',
        then: ['lock ACCESS SHARE on a', 'no scan of a', 'rewrite of a', 'error 25001'],
      },
    }
    expect(await outcomesOf(claim, run)).toEqual(['lock SHARE on a', 'scan a', 'no rewrite of a', 'no error'])
    const refused = { ...claim, when: 'VACUUM a;', then: ['lock SHARE on a'] }
    expect(await outcomesOf(refused, run)).toEqual(['error 25001'])
  })
})

for (const major of [14, 15, 16, 17, 18] as const satisfies readonly Major[]) {
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
      proves(major, async (sql) => {
        const results = [await client.query<Record<string, unknown>>(sql)].flat()
        return results.at(-1)?.rows ?? []
      })
    })
  })
}
