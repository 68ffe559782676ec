import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { rehearse } from '../../../src/rehearsal/rehearse.js'
import type { PlanItem } from '../../../src/rehearsal/plan.js'
import { loadParsers } from '../../../src/sql/parse.js'
import { washed } from '../../rehearsal/washed.js'
import type { Files } from '../findings.js'
import { readAll, repository, tree } from '../tree.js'

const provider = washed()
beforeAll(async () => loadParsers())
afterAll(async () => provider[Symbol.asyncDispose]())

const files = repository('sqitch-basic')
const BASE = Object.fromEntries(files.paths.map((path) => [path, files.read(path)?.text ?? '']))

/** What becomes of the last change of the fixture, with some files replaced. */
async function last(replaced: Files): Promise<string> {
  const [read] = readAll(tree({ ...BASE, ...replaced } as Readonly<Record<string, string>>))
  const migrations = read?.migrations ?? []
  const plan = migrations.map(({ revision, up, down }, index): PlanItem => ({
    revision,
    up,
    down,
    role: index === migrations.length - 1 ? 'rehearse' : 'replay',
    bookkeeping: [],
  }))
  const [rehearsal] = await rehearse(plan, provider, {
    postgres: 18,
    signal: new AbortController().signal,
    seconds: 25,
    rows: 3,
    onProgress: () => undefined,
    window: false,
  })
  return `${rehearsal?.verdict}: ${rehearsal?.reason ?? ''}`
}

test.each<[string, Files, RegExp]>([
  ['verifies', {}, /^reversible: $/],
  [
    'does not verify',
    { 'db/verify/shop/open_orders.sql': 'BEGIN;\nSELECT missing FROM shop.open_orders WHERE false;\nROLLBACK;\n' },
    /^up-fails: .*column "missing" does not exist/,
  ],
  [
    'verifies what is not so',
    { 'db/verify/shop/open_orders.sql': "SELECT 1 / count(*) FROM pg_class WHERE relname = 'nothing';\n" },
    /^up-fails: .*division by zero/,
  ],
])('a change that %s', async (_, replaced, expected) => expect(await last(replaced)).toMatch(expected), 60_000)
