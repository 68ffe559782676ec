import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { DEFAULTS } from '../../src/config/schema.js'
import { conclude, type Parts } from '../../src/review/conclude.js'
import type { ReviewInput } from '../../src/review/review.js'
import { BOUNDS, NotReviewed, partsApart, type Order } from '../../src/server/review-apart.js'
import { folderEntries } from '../support/history-file.js'

const signal = new AbortController().signal

function order(name: string, sandbox: 'pglite' | 'none' = 'pglite'): Order {
  const folder = `fixtures/pulls/${name}`
  const input: ReviewInput = {
    pull: { repository: 'acme/shop', number: 7, base: 'b'.repeat(40), head: 'a'.repeat(40) },
    base: folderEntries(`${folder}/base`),
    head: folderEntries(`${folder}/head`),
    complete: true,
    settings: { ...DEFAULTS, rehearsal: { ...DEFAULTS.rehearsal, sandbox } },
    today: '2026-01-15',
  }
  return { installation: 1, input, surroundings: {} }
}

/** The processes of this kind that there are, by what the system knows of them. */
function children(): readonly { readonly pid: string; readonly environment: string }[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
      if (!command.includes('review-child.js') || parent !== String(process.pid)) return []
      return [{ pid, environment: readFileSync(`/proc/${pid}/environ`, 'utf8') }]
    } catch {
      return []
    }
  })
}

describe('a review in a process of its own', () => {
  test.each([
    ['clean', 'pass', 'reversible'],
    ['harmful', 'block', 'down-fails'],
  ])('%s comes to %s', async (name, verdict, rehearsed) => {
    const asked = order(name)
    const said: string[] = []
    const parts = await partsApart(asked, signal, (text) => said.push(text))
    const review = conclude(parts, asked.input.settings)
    expect(review.verdict).toBe(verdict)
    expect(review.rehearsals.map((each) => each.verdict)).toContain(rehearsed)
    expect(said).toContain('Reading migrations')
  })

  test('an answer that no pipe takes at once arrives whole', async () => {
    const asked = order('clean', 'none')
    const path = 'migrations/000009_all.up.sql'
    const text = Array.from({ length: 1_500 }, (_, i) => `CREATE TABLE t${i} (id bigint PRIMARY KEY);\n`).join('')
    const head = new Map([...asked.input.head, [path, { text }]] as const)
    const parts = await partsApart({ ...asked, input: { ...asked.input, head } }, signal)
    expect(parts.migrations.map(({ revision }) => revision.path)).toContain(path)
    expect(JSON.stringify(parts).length).toBeGreaterThan(2 ** 20)
  })

  test('holds nothing of the environment of its parent', async () => {
    process.env['DBA_TEST_SECRET'] = 'CANARY'
    let seen: readonly string[] = []
    const parts = partsApart(order('clean'), signal, () => {
      seen = [...seen, ...children().map(({ environment }) => environment)]
    })
    await parts
    delete process.env['DBA_TEST_SECRET']
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.join('')).not.toContain('CANARY')
    expect(seen.join('')).not.toContain('PATH=')
  })

  const refused: readonly [string, () => Promise<Parts>, RegExp][] = [
    [
      'time',
      () => partsApart(order('clean'), signal, undefined, { ...BOUNDS, milliseconds: 50 }),
      /longer than 0.05 s/,
    ],
    [
      'size',
      () => partsApart(order('harmful', 'none'), signal, undefined, { ...BOUNDS, characters: 1_000 }),
      /takes \d+/,
    ],
    [
      'memory',
      () => partsApart(order('clean', 'none'), signal, undefined, { ...BOUNDS, megabytes: 4 }),
      /ended before/,
    ],
  ]
  test.each(refused)('a limit on %s is kept, and nothing is left of the process', async (_, run, reason) => {
    const error = await run().then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(NotReviewed)
    expect((error as Error).message).toMatch(reason)
    expect(children()).toEqual([])
  })

  test('is called off with its reason', async () => {
    const stop = new AbortController()
    const parts = partsApart(order('clean'), stop.signal, () => stop.abort(new Error('a newer head is there')))
    await expect(parts).rejects.toThrow('a newer head is there')
    expect(children()).toEqual([])
  })
})
