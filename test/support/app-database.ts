import { openDatabase, type Database } from '../../src/server/database.js'
import { upgrade } from '../../src/server/schema.js'
import { jsonLog, type Log } from '../../src/server/log.js'
import { startServer, type TestServer } from './postgres-server.js'

/** A server with the App's tables, and a connection to them. */
export interface AppDatabase {
  readonly server: TestServer
  readonly database: Database
  readonly url: string
  /** Empties every table but the audit. */
  clear(): Promise<void>
  stop(): Promise<void>
}

export async function appDatabase(programs: string, connections = 10): Promise<AppDatabase> {
  const server = await startServer(programs)
  const database = openDatabase({ url: server.url(), name: 'test', connections })
  await upgrade(database)
  return {
    server,
    database,
    url: server.url(),
    async clear() {
      await database.query(
        `TRUNCATE dba.inbox, dba.installations, dba.repositories, dba.subjects, dba.check_runs, dba.sticky_comments,
           dba.remarks, dba.parts, dba.merge_groups, dba.pushers, dba.buttons, dba.reviews, dba.commands, dba.approvals, dba.ignores, dba.watermarks, dba.orders`,
      )
      await database.query('DELETE FROM dba_queue._private_jobs')
    },
    async stop() {
      await database.close()
      await server.stop()
    },
  }
}

/** A log whose lines can be looked at. */
export function testLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = []
  const log = jsonLog(
    (line) => void lines.push(line),
    (text) => text,
    () => new Date(0),
  )
  return { log, lines }
}

/** Waits until something is so; throws when it does not become so in time. */
export async function until(what: () => Promise<boolean> | boolean, milliseconds = 10_000): Promise<void> {
  const end = performance.now() + milliseconds
  while (!(await what())) {
    if (performance.now() > end) throw new Error(`it did not come about within ${milliseconds} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
