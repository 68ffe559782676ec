import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openDatabase, type Database } from '../../src/server/database.js'
import { STEPS } from '../../src/server/schema-steps.js'
import { upgrade } from '../../src/server/schema.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { startServer, type TestServer } from '../support/postgres-server.js'

await withPostgres(18, (programs) => {
  let server: TestServer
  const opened: Database[] = []
  const open = (options: Partial<Parameters<typeof openDatabase>[0]> = {}): Database => {
    const database = openDatabase({ url: server.url(), name: 'test', ...options })
    opened.push(database)
    return database
  }
  beforeAll(async () => void (server = await startServer(programs)))
  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()))
    await server.stop()
  })

  test('five processes that begin at once make the tables once', async () => {
    const databases = Array.from({ length: 5 }, () => open())
    const results = await Promise.all(databases.map((database) => upgrade(database)))
    expect(results.flatMap(({ applied }) => applied)).toEqual(STEPS.map((_step, index) => index + 1))
  })

  test('a second time there is nothing to do', async () => {
    expect(await upgrade(open())).toEqual({ applied: [] })
  })

  test('a step that a newer version has added does no harm', async () => {
    const database = open()
    await database.query('INSERT INTO dba.schema_steps (step) VALUES (99)')
    expect(await upgrade(database)).toEqual({ applied: [] })
  })

  test('a transaction that throws has done nothing, and its connection is used again', async () => {
    const database = open({ connections: 1 })
    const failing = database.transaction(async (inside) => {
      await inside.query("INSERT INTO dba.watermarks (name, value) VALUES ('a', 'b')")
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await database.query('SELECT * FROM dba.watermarks')).toEqual([])
  })

  test('a commit is on disk whatever the server was told', async () => {
    const database = open()
    await database.query('ALTER DATABASE postgres SET synchronous_commit = off')
    expect(await open().query("SELECT current_setting('synchronous_commit') AS s")).toEqual([{ s: 'on' }])
    await database.query('ALTER DATABASE postgres RESET synchronous_commit')
  })

  test('a number that is too large for a number is an error', async () => {
    await expect(open().query('SELECT 9007199254740993::bigint AS n')).rejects.toThrow(/too large/)
    expect(await open().query('SELECT 9007199254740991::bigint AS n')).toEqual([{ n: 9007199254740991 }])
  })

  test('the audit can only be added to', async () => {
    const database = open()
    await database.query(
      "INSERT INTO dba.audit (installation_id, repository_id, pull, what) VALUES (1, 2, 3, 'approved')",
    )
    for (const sql of ["UPDATE dba.audit SET what = 'x'", 'DELETE FROM dba.audit', 'TRUNCATE dba.audit']) {
      await expect(database.query(sql)).rejects.toThrow('the audit is only ever added to')
    }
  })
})
