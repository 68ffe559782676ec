import { afterAll, describe, expect, test } from '@jest/globals'
import { fill } from '../../../src/rehearsal/seed/fill.js'
import type { Session } from '../../../src/sandbox/sandbox.js'
import { washed } from '../washed.js'
import { SCHEMAS } from './schemas.js'

const never = new AbortController().signal
const provider = washed()
afterAll(async () => provider[Symbol.asyncDispose]())

async function schema(text: string): Promise<Session> {
  const sandbox = await provider.open({ postgres: 18 }, never)
  if ('unavailable' in sandbox) throw new Error(sandbox.unavailable)
  const session = await sandbox.session()
  for (const sql of statements(text)) {
    const outcome = await session.run(sql, never)
    if (outcome.kind !== 'done')
      throw new Error(`${sql}: ${outcome.kind === 'failed' ? outcome.message : outcome.reason}`)
  }
  return session
}

/** Cut at semicolons outside function bodies. */
const statements = (text: string): readonly string[] =>
  (text.match(/(?:\$\$[^]*?\$\$|[^;])+/g) ?? []).filter((sql) => sql.trim() !== '')

const wish = { rows: 5, values: 'awkward', bookkeeping: [], signal: never } as const

async function one(session: Session, query: string): Promise<string | null | undefined> {
  const [answer] = await session.read([query.replace(/\b(from) (?!pg_)(\w+)/g, '$1 public.$2')])
  if (answer === undefined || 'error' in answer) throw new Error(answer?.error)
  return answer.rows[0]?.[0]
}

describe('tables are filled', () => {
  test.each(SCHEMAS)('$name', async ({ schema: text, shows = [], unfilled = {} }) => {
    const session = await schema(text)
    const told = await fill(session, wish)
    expect(Object.fromEntries(told.map(({ table, reason }) => [table, reason]))).toEqual(
      Object.fromEntries(Object.entries(unfilled).map(([table, reason]) => [table, expect.stringContaining(reason)])),
    )
    for (const [query, answer] of shows) expect([query, await one(session, query)]).toEqual([query, answer])
  })

  test.each(SCHEMAS.filter(({ unfilled }) => unfilled === undefined))(
    'with plain values: $name',
    async ({ schema: text }) => {
      expect(await fill(await schema(text), { ...wish, values: 'plain' })).toEqual([])
    },
  )
})
