import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { PGlite } from '@electric-sql/pglite'
import { backend, type Exchange } from '../../src/sandbox/backend.js'
import type { Sandbox, SandboxProvider } from '../../src/sandbox/sandbox.js'
import { encodeStatement, replyReader } from '../../src/sandbox/wire.js'
import { loadParsers } from '../../src/sql/parse.js'
import { runHostile } from './hostile-corpus.js'

beforeAll(async () => loadParsers())

/** PGlite as it comes: its user is superuser, and it drops errors of some kinds without a word. */
function unhardened(): SandboxProvider & AsyncDisposable {
  const opened: PGlite[] = []
  return {
    id: 'pglite',
    async open() {
      const database = await PGlite.create()
      opened.push(database)
      const exchange: Exchange = (sql, keepRows) => {
        const reader = replyReader(keepRows)
        database
          .execProtocolRawStream(encodeStatement(sql), { syncToFs: false, onRawData: (chunk) => reader.push(chunk) })
          .catch(() => undefined)
        return reader.reply()
      }
      const cast = { keeper: 'nobody', migrator: 'postgres', made: 'true' }
      const server = backend(exchange, { promotion: null, adoption: null, extensions: new Set(), cast })
      const sandbox: Sandbox = {
        provider: 'pglite',
        can: { version: await server.version(), secondSession: false },
        baseline: null,
        address: null,
        keep: async () => undefined,
        session: async () => ({
          run: (sql, _, locks) => server.run(sql, locks),
          runAll: async (statements) => Promise.all(statements.map((sql) => server.run(sql, 'ignored'))),
          reset: () => server.reset(),
          dump: async (bookkeeping) => new Map(await server.dump(bookkeeping)),
          read: (queries) => server.read(queries),
          [Symbol.asyncDispose]: async () => undefined,
        }),
        [Symbol.asyncDispose]: async () => undefined,
      }
      return sandbox
    },
    async [Symbol.asyncDispose]() {
      for (const database of opened) await database.close().catch(() => undefined)
    },
  }
}

describe('an engine that answers an error with nothing proves nothing', () => {
  const provider = unhardened()
  afterAll(async () => provider[Symbol.asyncDispose]())

  test.each([
    ['a program', ["copy (select 1) to program 'id'", 'drop table nope_nope']],
    ['a sum of 4,999 terms', [`select ${Array.from({ length: 4_999 }, () => '1').join('+')}`]],
  ])('%s', async (name, up) => {
    const seen = await runHostile({ name, up, verdicts: ['not-run'] }, provider, 60)
    expect([seen.verdict, seen.reason]).toEqual([
      'not-run',
      expect.stringMatching(/confirmed no|stopped answering|dropped the statement/),
    ])
  })
})
