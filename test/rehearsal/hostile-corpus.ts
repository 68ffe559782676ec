import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Rehearsal } from '../../src/model/evidence.js'
import type { PlanItem } from '../../src/rehearsal/plan.js'
import { rehearse } from '../../src/rehearsal/rehearse.js'
import type { SandboxProvider } from '../../src/sandbox/sandbox.js'
import { sourceText } from '../../src/source/source-text.js'
import { loadParsers } from '../../src/sql/parse.js'
import { processesOf } from '../sandbox/contract.js'
import { BEFORE, ENDLESS, HARMLESS, HOSTILE, type HostileCase } from './hostile-cases.js'
import { revision, script } from './told.js'
import { washed } from './washed.js'

const never = new AbortController().signal

/** So long may an endless statement run, and so long may it take to end it. */
const [DEADLINE, GRACE] = [4, 2]

function planOf({ up, down = ['select 1'], transaction = 'one' }: HostileCase): readonly PlanItem[] {
  const item = (
    id: string,
    role: PlanItem['role'],
    statements: readonly string[],
    back: readonly string[],
  ): PlanItem => {
    const each = revision(id)
    return {
      revision: each,
      role,
      up: script(sourceText(each.path, statements.join(';\n')), transaction),
      down: role === 'replay' ? { kind: 'absent' } : script(sourceText('down.sql', back.join(';\n')), transaction),
      bookkeeping: [],
    }
  }
  return [item('before', 'replay', BEFORE, []), item('subject', 'rehearse', up, down)]
}

export async function runHostile(each: HostileCase, provider: SandboxProvider, seconds: number): Promise<Rehearsal> {
  const options = { postgres: 18, rows: 2, seconds, signal: never, onProgress: () => undefined }
  const [seen] = await rehearse(planOf(each), provider, options)
  if (seen === undefined) throw new Error('nothing was rehearsed')
  return seen
}

function expectContained(each: HostileCase, { verdict, reason, residue }: Rehearsal): void {
  expect({ verdict, reason }).toEqual({ verdict: expect.stringMatching(`^(${each.verdicts.join('|')})$`), reason })
  if (each.reason !== undefined) expect(reason).toMatch(each.reason)
  if (each.residue !== undefined) {
    expect(residue).toEqual(each.residue.map((line) => expect.stringContaining(line)))
  }
}

/** The whole of it in one kind of sandbox. */
export function hostileCorpus(name: string, provider: SandboxProvider, program: string): void {
  const own = washed(provider)
  beforeAll(async () => loadParsers())
  afterAll(async () => own[Symbol.asyncDispose]())

  describe(`on ${name}`, () => {
    test.each(HOSTILE)('$name is contained, and is no pass', async (each) => {
      const seen = await runHostile(each, own, 25)
      expectContained(each, seen)
      expect(seen.verdict).not.toBe('reversible')
    })

    test.each(HARMLESS)('$name passes', async (each) => expectContained(each, await runHostile(each, own, 25)))

    test.each(ENDLESS)('$name is ended, and nothing of it is left', async (each) => {
      const begun = performance.now()
      expectContained(each, await runHostile(each, provider, DEADLINE))
      expect((performance.now() - begun) / 1000).toBeLessThan(DEADLINE + GRACE)
      expect(processesOf(program).length).toBeLessThanOrEqual(processesOf(program, process.pid).length)
    })
  })
}
