import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { fill } from '../../../src/rehearsal/seed/fill.js'
import { advance, extensionsIn, type Stage } from '../../../src/rehearsal/stage.js'
import { standIns } from '../../../src/rehearsal/stand-ins.js'
import { analyse } from '../../../src/review/analyse.js'
import { loadParsers } from '../../../src/sql/parse.js'
import { folderEntries } from '../../support/history-file.js'
import { DEFAULTS } from '../../support/settings.js'
import { washed } from '../washed.js'

const PROJECTS = 'fixtures/projects'
const never = new AbortController().signal
const provider = washed()
beforeAll(async () => loadParsers())
afterAll(async () => provider[Symbol.asyncDispose]())

test.each(readdirSync(PROJECTS))('every table of %s is filled', async (name) => {
  const head = folderEntries(`${PROJECTS}/${name}`)
  const input = { base: head, head, settings: DEFAULTS, today: '2026-01-15', mode: 'pull', replay: true } as const
  const { plans } = analyse(input)
  expect(plans.length).toBeGreaterThan(0)
  for (const plan of plans) {
    const sandbox = await provider.open({ postgres: 18, extensions: extensionsIn(plan) }, never)
    if ('unavailable' in sandbox) throw new Error(sandbox.unavailable)
    const session = await sandbox.session()
    const stage: Stage = { sandbox, session, skipped: [], helpers: standIns(session, []), bodies: null }
    const bookkeeping = plan[0]?.bookkeeping ?? []
    for (const item of plan) expect(await advance(stage, item, never)).toBeNull()
    const tables = [...(await session.dump(bookkeeping)).keys()].filter((key) => key.startsWith('table '))
    expect(tables.length).toBeGreaterThan(0)
    expect(await fill(session, { rows: 5, values: 'awkward', bookkeeping, signal: never })).toEqual([])
  }
})
