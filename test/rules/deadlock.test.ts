import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Client } from 'pg'
import { loadParsers } from '../../src/sql/parse.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { startServer, type TestServer } from '../support/postgres-server.js'
import { saidBy } from './said.js'

const BASE = `
CREATE TABLE customers (id bigint PRIMARY KEY, name text);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);
CREATE TABLE notes (id bigint PRIMARY KEY);`
const [PARENT, CHILD] = ['ALTER TABLE customers ADD COLUMN a text;', 'ALTER TABLE orders ADD COLUMN a text;']
const WAITS = 'customers is closed since line 1, and this waits for orders, which refers to it: '

beforeAll(() => loadParsers({ majors: [18], second: true }))

describe('lock-order-inversion', () => {
  test.each<readonly [name: string, pull: string, says: boolean]>([
    ['the table first that others refer to', `${PARENT} ${CHILD}`, true],
    ['an index on the other', `${PARENT} CREATE INDEX i ON orders (customer_id);`, true],
    ['the referring table first', `${CHILD} ${PARENT}`, false],
    ['a table that does not refer to it', `${PARENT} ALTER TABLE notes ADD COLUMN a text;`, false],
    ['a lock that lets INSERTs go on', `${PARENT} COMMENT ON TABLE orders IS 'x';`, false],
    ['a wait that ends before a deadlock is looked for', `SET lock_timeout = '500ms'; ${PARENT} ${CHILD}`, false],
    ['each in a transaction of its own', `BEGIN; ${PARENT} COMMIT; BEGIN; ${CHILD} COMMIT;`, false],
    ['what is dropped right after', `${PARENT} ${CHILD} DROP TABLE orders;`, false],
    ['a foreign key of this pull request', `${PARENT} ALTER TABLE notes ADD c bigint REFERENCES customers;`, false],
  ])('%s', (_, pull, says) => {
    const said = saidBy('lock-order-inversion', BASE, [pull])
    expect(said).toEqual(says ? [`${WAITS}an INSERT into orders in between is a deadlock`] : [])
    if (says) expect(saidBy('wide-lock-window', BASE, [pull])).toEqual([])
  })
})

await withPostgres(18, (programs) => {
  describe('PostgreSQL 18', () => {
    let server: TestServer
    const clients: Client[] = []
    beforeAll(async () => {
      server = await startServer(programs, { deadlock_timeout: '50ms' })
      for (const name of ['migration', 'application', 'observer']) {
        const client = new Client({ connectionString: server.url(), application_name: name })
        await client.connect()
        clients.push(client)
      }
      await clients[2]?.query(`${BASE} INSERT INTO customers VALUES (1)`)
    })
    afterAll(async () => {
      for (const client of clients) await client.end()
      await server.stop()
    })

    /** What becomes of the migration and of an INSERT that comes between its two statements. */
    const between = async (first: string, second: string, id: number): Promise<readonly string[]> => {
      const [migration, application, observer] = clients as [Client, Client, Client]
      const code = (work: Promise<unknown>): Promise<string> =>
        work.then(
          () => 'done',
          (error: { code: string }) => error.code,
        )
      await migration.query('BEGIN')
      await migration.query(first)
      const insert = code(application.query('INSERT INTO orders VALUES ($1, 1)', [id]))
      const waiting = `SELECT FROM pg_stat_activity WHERE application_name = 'application' AND wait_event_type = 'Lock'`
      while ((await observer.query(waiting)).rowCount === 0);
      const change = await code(migration.query(second))
      await migration.query(change === 'done' ? 'COMMIT' : 'ROLLBACK')
      return [change, await insert]
    }

    test('PostgreSQL ends one of the two when the table that is referred to is closed first', async () => {
      expect((await between(PARENT, CHILD, 1)).toSorted()).toEqual(['40P01', 'done'])
    })
    test('and both come through the other way round', async () => {
      const again = (sql: string): string => sql.replace(' a ', ' b ')
      expect(await between(again(CHILD), again(PARENT), 2)).toEqual(['done', 'done'])
    })
  })
})
