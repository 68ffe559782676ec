import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { claim, mustBeBuried } from '../../src/server/claim.js'
import { bury, fail, finish, handBack, holds, postpone, renew, takeHead, type Lease } from '../../src/server/lease.js'
import { want } from '../../src/server/subjects.js'
import { appDatabase, type AppDatabase } from '../support/app-database.js'
import { withPostgres } from '../support/postgres-binaries.js'

const SUBJECTS = 3
// A process may be given a subject again that it was given before and lost.
const WORKER = 'one process'
const HEADS = ['a', 'b']
const LANES = ['command', 'event', 'reconcile'] as const

/** What one of several workers does, or what happens to it. */
type Step =
  | { readonly kind: 'want'; readonly subject: number; readonly lane: (typeof LANES)[number] }
  | { readonly kind: 'claim' }
  | { readonly kind: 'renew' | 'finish' | 'fail' | 'hand-back' | 'postpone' | 'write'; readonly lease: number }
  | { readonly kind: 'head'; readonly lease: number; readonly head: string }
  /** Time passes, by which what is leased runs out. */
  | { readonly kind: 'run-out'; readonly subject: number }
  /** It has failed so often that only giving it up is left. */
  | { readonly kind: 'wear-out'; readonly subject: number }

// Counted from the newest: what is done most is done with what is held.
const lease = fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 1 }) }, { weight: 1, arbitrary: fc.nat({ max: 9 }) })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('want' as const),
      subject: fc.nat({ max: SUBJECTS - 1 }),
      lane: fc.constantFrom(...LANES),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('claim' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('renew', 'finish', 'fail', 'hand-back', 'postpone', 'write'),
      lease,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('head' as const), lease, head: fc.constantFrom(...HEADS) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('run-out', 'wear-out'), subject: fc.nat({ max: SUBJECTS - 1 }) }),
  },
)

/** The truth about a subject, kept beside the database. */
interface Truth {
  wishes: number
  served: number
  dead: boolean
  /** Whose turn it is; null for nobody. */
  holder: Lease | null
}

await withPostgres(18, (programs) => {
  let app: AppDatabase
  beforeAll(async () => void (app = await appDatabase(programs)))
  afterAll(() => app.stop())

  test('whatever workers do and however late, a subject has one holder, old ones change nothing, and no wish is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        await app.database.query('DELETE FROM dba.subjects')
        const { database } = app
        const truths: Truth[] = Array.from({ length: SUBJECTS }, () => ({
          wishes: 0,
          served: 0,
          dead: false,
          holder: null,
        }))
        const leases: Lease[] = []
        const due = (): Promise<unknown> =>
          database.query('UPDATE dba.subjects SET next_at = pg_catalog.clock_timestamp()')
        const truthOf = ({ subject }: Lease): Truth => truths[Number(subject.slice('pull/'.length)) - 1] as Truth

        const take = async (): Promise<Lease | null> => {
          await due()
          const taken = await claim(database, WORKER, { lasting: 600_000, perInstallation: 100 })
          if (taken === null) return null
          const truth = truthOf(taken)
          expect(truth.holder).toBeNull()
          expect(truth.served).toBeLessThan(truth.wishes)
          expect(truth.dead).toBe(false)
          expect(leases.filter(({ id, epoch }) => id === taken.id && epoch >= taken.epoch)).toEqual([])
          truth.holder = taken
          // What was wished until now is what it serves.
          leases.push({ ...taken, wanted: truth.wishes })
          return taken
        }
        const end = async (held: Lease): Promise<boolean> =>
          mustBeBuried(held) ? bury(database, held) : finish(database, held)

        for (const each of steps) {
          if (each.kind === 'want') {
            const subject = { installation: 1, repository: 1, subject: `pull/${each.subject + 1}` }
            await want(database, subject, { lane: each.lane })
            const truth = truths[each.subject] as Truth
            truth.wishes++
            truth.dead = false
          } else if (each.kind === 'claim') await take()
          else if (each.kind === 'run-out') {
            await database.query(
              `UPDATE dba.subjects SET lease_until = pg_catalog.clock_timestamp() - interval '1 ms'
               WHERE subject = $1 AND lease_holder IS NOT NULL`,
              [`pull/${each.subject + 1}`],
            )
            ;(truths[each.subject] as Truth).holder = null
          } else if (each.kind === 'wear-out') {
            await database.query('UPDATE dba.subjects SET attempts = 6 WHERE subject = $1', [
              `pull/${each.subject + 1}`,
            ])
          } else {
            const held = leases.at(-1 - each.lease)
            if (held === undefined) continue
            const truth = truthOf(held)
            const mine = truth.holder?.epoch === held.epoch
            switch (each.kind) {
              case 'write':
                expect(await holds(database, held)).toBe(mine)
                break
              case 'renew':
                expect((await renew(database, held, 600_000)) !== null).toBe(mine)
                break
              case 'head': {
                const taken = await takeHead(database, held, each.head)
                if (!mine) expect(taken).toBe(false)
                break
              }
              case 'finish': {
                expect(await end(held)).toBe(mine)
                if (!mine) break
                truth.holder = null
                if (!mustBeBuried(held)) truth.served = Math.max(truth.served, held.wanted)
                else if (truth.wishes === held.wanted) truth.dead = true
                break
              }
              default: {
                const ended = await {
                  fail: () => fail(database, held, 'no', 0),
                  'hand-back': () => handBack(database, held),
                  postpone: () => postpone(database, held, 0),
                }[each.kind]()
                expect(ended).toBe(mine)
                if (mine) truth.holder = null
              }
            }
          }
          // Two that are held never share a head of which both were told that it is theirs alone; the claim sees to the rest.
        }
        // Whoever holds something ends it; then everything that was wished can be had, and is served or given up.
        for (const truth of truths) {
          if (truth.holder === null) continue
          await handBack(database, truth.holder)
          truth.holder = null
        }
        for (let count = 0; count < 10 * SUBJECTS; count++) {
          const taken = await take()
          if (taken === null) break
          expect(await end(taken)).toBe(true)
          const truth = truthOf(taken)
          truth.holder = null
          if (mustBeBuried(taken)) truth.dead = true
          else truth.served = truth.wishes
        }
        for (const { wishes, served, dead } of truths) expect(dead || served === wishes).toBe(true)
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  test('of twenty workers that claim at once each gets its own, and no head is taken twice', async () => {
    await app.clear()
    for (let pull = 1; pull <= 10; pull++) {
      await want(app.database, { installation: 1, repository: 1, subject: `pull/${pull}` }, { lane: 'command' })
    }
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) => claim(app.database, `w${index}`, { perInstallation: 100 })),
    )
    const got = claims.filter((each) => each !== null)
    expect(new Set(got.map(({ id }) => id)).size).toBe(10)
    const heads = await Promise.all(got.map((each) => takeHead(app.database, each, HEADS[each.id % 2] ?? '')))
    expect(heads.filter(Boolean)).toHaveLength(2)
  })
})
