import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Client } from 'pg'
import { measure } from '../../src/statistics/session.js'
import { readStatistics, type TableStatistics } from '../../src/statistics/file.js'
import { dba } from '../support/dba.js'
import { startServer, type TestServer } from '../support/postgres-server.js'
import { scratch } from '../support/scratch.js'

const SCHEMA = `
  CREATE TABLE orders (id bigint PRIMARY KEY, note text);
  INSERT INTO orders SELECT i, repeat('x', 100) FROM generate_series(1, 5000) i;
  ANALYZE orders;
  CREATE TABLE unseen (id bigint) WITH (autovacuum_enabled = off);
  INSERT INTO unseen SELECT generate_series(1, 1000);
  CREATE TABLE empty (id bigint);
  CREATE SCHEMA audit;
  CREATE TABLE audit."Log" (at date NOT NULL, id bigint) PARTITION BY RANGE (at);
  CREATE TABLE audit.log_a PARTITION OF audit."Log" FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
  CREATE TABLE audit.log_b PARTITION OF audit."Log" FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
  INSERT INTO audit."Log" SELECT '2026-01-15', i FROM generate_series(1, 700) i;
  INSERT INTO audit."Log" SELECT '2026-02-15', i FROM generate_series(1, 300) i;
  ANALYZE audit.log_a; ANALYZE audit.log_b;
  CREATE TEMPORARY TABLE gone (id int);
  CREATE ROLE onlooker LOGIN PASSWORD 'see';
  ALTER ROLE onlooker SET default_transaction_read_only = on;`

/** What `dba stats` measures, on a real server. */
export function measures(programs: string): void {
  let server: TestServer
  let client: Client
  beforeAll(async () => {
    server = await startServer(programs)
    client = new Client({ connectionString: server.url() })
    await client.connect()
    await client.query(SCHEMA)
  })
  afterAll(async () => {
    await client.end()
    await server.stop()
  })

  const onlooker = (): string => server.url().replace(/boss:[^@]*/, 'onlooker:see')

  async function measured(): Promise<ReadonlyMap<string, TableStatistics>> {
    const text = await measure(onlooker(), new AbortController().signal)
    const statistics = typeof text === 'string' ? readStatistics(text) : text
    if ('problem' in statistics) throw new Error(statistics.problem)
    return new Map(statistics.tables.map((each) => [each.table, each]))
  }

  test('somebody who may read nothing measures every table, and no other', async () => {
    const tables = await measured()
    expect([...tables.keys()]).toEqual([
      ...['audit.Log', 'audit.log_a', 'audit.log_b', 'public.empty', 'public.orders', 'public.unseen'],
    ])
    const rows = Object.fromEntries([...tables].map(([name, each]) => [name, each.rows]))
    expect(rows).toEqual({
      ...{ 'audit.Log': 1000, 'audit.log_a': 700, 'audit.log_b': 300 },
      ...{ 'public.empty': 0, 'public.orders': 5000, 'public.unseen': null },
    })
    const bytes = (name: string): number => tables.get(name)?.bytes ?? NaN
    expect(bytes('public.empty')).toBe(0)
    expect(bytes('public.orders')).toBeGreaterThan(500_000)
    expect(bytes('audit.Log')).toBe(bytes('audit.log_a') + bytes('audit.log_b'))
  })

  test('rows that are written are counted, from the day on which counting began', async () => {
    await client.query('SELECT pg_stat_force_next_flush()')
    await client.query('SELECT pg_stat_reset()')
    await client.query("INSERT INTO orders SELECT i, '' FROM generate_series(5001, 9000) i")
    // Counters are told with a delay, unless they are asked for (https://www.postgresql.org/docs/current/monitoring-stats.html).
    await client.query('SELECT pg_stat_force_next_flush()')
    const writes = (await measured()).get('public.orders')?.writes ?? 0
    expect(writes).toBeGreaterThan(0)
    expect(writes).toBeLessThanOrEqual(4000)
  })

  test('a table that somebody is changing is not waited for', async () => {
    const other = new Client({ connectionString: server.url() })
    await other.connect()
    await other.query('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE')
    const answer = await measure(onlooker(), new AbortController().signal)
    await other.end()
    expect(answer).toEqual({ problem: 'canceling statement due to lock timeout' })
  })

  test('with a URL the file is written whole, and without one the query is printed, which does the same', async () => {
    const folder = scratch()
    const environment = { DBA_STATS_URL: onlooker() }
    const written = await dba(folder.folder, ['stats'], environment)
    expect([written.code, written.out, written.err]).toEqual([
      0,
      '',
      expect.stringContaining('The sizes of 6 tables are in db/stats.json.'),
    ])
    const printed = await dba(folder.folder, ['stats'])
    const result = await client.query(printed.out)
    const rows = [result].flat().flatMap((each) => each.rows as readonly { statistics: string }[])
    const sizes = (text: string): unknown =>
      (JSON.parse(text) as { tables: TableStatistics[] }).tables.map(({ table, bytes }) => [table, bytes])
    expect(sizes(rows[0]?.statistics ?? '')).toEqual(sizes(readFileSync(`${folder.folder}/db/stats.json`, 'utf8')))
    folder.dispose()
  })

  test('who cannot come in is told so, and leaves no file', async () => {
    const folder = scratch()
    const refused = await dba(folder.folder, ['stats', '--database-url', server.url().replace('boss', 'nobody')])
    expect(refused.code).toBe(2)
    expect(refused.err).toContain('The database could not be measured: password authentication failed')
    expect(() => readFileSync(`${folder.folder}/db/stats.json`)).toThrow('ENOENT')
    folder.dispose()
  })
}
