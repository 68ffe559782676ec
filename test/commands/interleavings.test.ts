import { beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { respond } from '../../src/commands/respond.js'
import type { StoredConsent } from '../../src/model/consent.js'
import type { FileEntries } from '../../src/model/file-set.js'
import type { Review } from '../../src/model/review.js'
import type { Settings } from '../../src/model/settings.js'
import { analyse } from '../../src/review/analyse.js'
import { ON_ITS_OWN } from '../../src/review/circumstances.js'
import { conclude, type Parts, reconsider } from '../../src/review/conclude.js'
import { codeOf } from '../../src/review/consent-code.js'
import { mayApprove, type Standing } from '../../src/review/consent-right.js'
import { afterLook, endAll, kept, validConsents } from '../../src/review/consent-validity.js'
import { loadParsers } from '../../src/sql/parse.js'
import { contextOf, history, MAINTAINER, SETTINGS } from './context.js'

beforeAll(() => loadParsers({ majors: [18] }))

/** What a pull request is at one moment. Texts repeat, so that an old one can come back. */
interface World {
  readonly text: number
  readonly target: string
  readonly policy: number
  readonly open: boolean
}
/** What the reviewer of the moment saw when they began. */
interface Running extends World {
  readonly look: number
}
interface Shown {
  readonly world: World
  readonly code: string
}

const TEXTS = ['ALTER TABLE orders DROP COLUMN total;', 'DROP TABLE orders;', 'DROP TABLE customers, orders;']
const POLICIES: readonly Settings[] = [
  { ...SETTINGS, approval: { ...SETTINGS.approval, data: ['@ada', '@bob'] } },
  { ...SETTINGS, approval: { ...SETTINGS.approval, data: ['@bob'], requireBackup: true } },
]
const PEOPLE: readonly Standing[] = [
  MAINTAINER,
  { ...MAINTAINER, actor: { id: 11, login: 'bob', type: 'User' } },
  { ...MAINTAINER, actor: { id: 1, login: 'author', type: 'User' } },
]

const known = new Map<string, { readonly parts: Parts; readonly files: FileEntries }>()
/** The static half of a review, once a text. */
function partsOf({ text, policy }: World): { readonly parts: Parts; readonly files: FileEntries } {
  const key = `${text} ${policy}`
  const found = known.get(key)
  if (found !== undefined) return found
  const files: FileEntries = new Map([
    ...history,
    ['db/migrations/000002_x.up.sql', { text: TEXTS[text] ?? '' }],
    ['db/migrations/000002_x.down.sql', { text: 'SELECT 1;' }],
  ])
  const settings = POLICIES[policy] ?? SETTINGS
  const { projects, migrations, findings, notes } = analyse({
    base: history,
    head: files,
    settings,
    today: '2026-01-15',
    mode: 'pull',
  })
  const pull = { repository: 'acme/shop', number: 7, base: 'b'.repeat(40), head: String(text).repeat(40) }
  const asked = findings.filter(({ severity }) => severity === 'approval')
  const parts = { pull, projects, migrations, findings: asked, notes, rehearsals: [] }
  known.set(key, { parts, files })
  return { parts, files }
}

/** One process that follows a pull request as the App does: comments, webhooks and reviews in any order. */
class Model {
  world: World = { text: 0, target: 'main', policy: 0, open: true }
  stored: readonly StoredConsent[] = []
  published: { readonly review: Review; readonly world: World } | null = null
  running: Running | null = null
  clock = Date.parse('2026-01-15T10:00:00Z')
  look = 0
  /** Everything that people have been shown, and what each has agreed to. */
  readonly shown: Shown[] = []
  readonly agreed: { readonly world: World; readonly by: number }[] = []

  now(): string {
    return new Date(this.clock).toISOString()
  }

  codeNow(world: World): string {
    const { parts, files } = partsOf(world)
    const { number, base, head } = parts.pull
    const settings = POLICIES[world.policy] ?? SETTINGS
    const subject = { repository: 42, number: number ?? 0, target: world.target, base, head }
    return codeOf({ ...subject, files: { base: history, head: files }, findings: parts.findings, settings })
  }

  /** A push, another target, another policy: the text is another one. A webhook may be lost; then nobody ends anything. */
  change(some: Partial<World>, heard: boolean): void {
    this.world = { ...this.world, ...some }
    if (heard) this.stored = endAll(this.stored, 'changed', this.now())
  }

  comment(who: number, code: string | undefined, backup: boolean): void {
    const standing = PEOPLE[who] ?? MAINTAINER
    const review = this.published?.review ?? null
    const settings = POLICIES[this.world.policy] ?? SETTINGS
    // What the App believes to be current may be stale itself: it is not what safety rests on.
    const context = contextOf(review, {
      standing,
      consents: this.stored,
      now: this.now(),
      policy: { settings, path: null, lines: {} },
    })
    const answer = respond(`/dba approve ${code ?? ''}${backup ? ' backup="s3"' : ''}`, context)
    for (const effect of answer?.effects ?? []) {
      if (effect.kind !== 'approve') throw new Error('an approval does nothing else')
      this.stored = [...this.stored, kept(effect.consent)]
      if (this.published !== null) this.agreed.push({ world: this.published.world, by: standing.actor.id })
    }
  }

  revoke(who: number): void {
    const context = contextOf(this.published?.review ?? null, {
      standing: PEOPLE[who] ?? MAINTAINER,
      consents: this.stored,
    })
    const answer = respond('/dba revoke', context)
    if (answer?.effects.some(({ kind }) => kind === 'revoke')) this.stored = endAll(this.stored, 'revoked', this.now())
  }

  start(): void {
    this.running = { ...this.world, look: ++this.look }
  }

  /** A review ends and is published, if what it looked at is still there; a stale one is fenced off. */
  end(): void {
    const { running, world } = this
    this.running = null
    if (running === null || !world.open || running.look !== this.look) return
    if (running.text !== world.text || running.target !== world.target || running.policy !== world.policy) return
    const settings = POLICIES[world.policy] ?? SETTINGS
    const code = this.codeNow(world)
    this.stored = afterLook(this.stored, { code, now: this.now() })
    const may = ({ by }: { readonly by: { readonly id: number } }) => {
      const standing = PEOPLE.find(({ actor }) => actor.id === by.id)
      return standing === undefined ? [] : mayApprove(standing, settings.approval).kinds
    }
    const consents = validConsents(this.stored, { code, now: this.now(), may })
    const first = conclude(partsOf(world).parts, settings, { ...ON_ITS_OWN, code, issues: 0, today: '2026-01-15' })
    const review = reconsider(first, settings, { ...ON_ITS_OWN, consents, issues: 0, today: '2026-01-15' })
    this.published = { review, world }
    this.shown.push({ world, code })
    this.check(review, world, code)
  }

  check(review: Review, world: World, code: string): void {
    expect(review.approval.code).toBe(code)
    for (const consent of review.approval.given) {
      expect(consent.code).toBe(code)
      expect(
        same(world, this.agreed.find(({ by, world: seen }) => by === consent.by.id && same(seen, world))?.world),
      ).toBe(true)
      expect(consent.by.id).not.toBe(1)
    }
    if (review.verdict === 'pass') {
      expect(review.approval.given).not.toEqual([])
      // Somebody was shown this very text before they agreed to it.
      expect(this.shown.slice(0, -1).some((each) => each.code === code && same(each.world, world))).toBe(true)
    }
  }
}

function same(a: World, b: World | undefined): boolean {
  return b !== undefined && a.text === b.text && a.target === b.target && a.policy === b.policy
}

type Step =
  | { readonly do: 'push'; readonly text: number; readonly heard: boolean }
  | { readonly do: 'retarget'; readonly target: string; readonly heard: boolean }
  | { readonly do: 'policy'; readonly policy: number }
  | { readonly do: 'toggle' }
  | { readonly do: 'start' | 'end' }
  | {
      readonly do: 'approve'
      readonly who: number
      readonly code: number | 'current' | 'none'
      readonly backup: boolean
    }
  | { readonly do: 'revoke'; readonly who: number }
  | { readonly do: 'wait'; readonly hours: number }

const anyWho = fc.nat(PEOPLE.length - 1)
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('push' as const), text: fc.nat(TEXTS.length - 1), heard: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('retarget' as const),
      target: fc.constantFrom('main', 'next'),
      heard: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('policy' as const), policy: fc.nat(POLICIES.length - 1) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'toggle' } as const) },
  { weight: 5, arbitrary: fc.constant({ do: 'start' } as const) },
  { weight: 5, arbitrary: fc.constant({ do: 'end' } as const) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('approve' as const),
      who: anyWho,
      code: fc.oneof(fc.constantFrom<'current' | 'none'>('current', 'none'), fc.nat(20)),
      backup: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const), who: anyWho }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.constantFrom(1, 71, 73) }) },
)

function run(model: Model, step: Step): void {
  switch (step.do) {
    case 'push':
      return model.change({ text: step.text }, step.heard)
    case 'retarget':
      return model.change({ target: step.target }, step.heard)
    case 'policy':
      return model.change({ policy: step.policy }, false)
    case 'toggle':
      return model.change({ open: !model.world.open }, true)
    case 'start':
      return model.start()
    case 'end':
      return model.end()
    case 'approve': {
      const { code } = step
      const shown = model.published?.review.approval.code ?? undefined
      return model.comment(
        step.who,
        code === 'current' ? shown : code === 'none' ? undefined : model.shown[code]?.code,
        step.backup,
      )
    }
    case 'revoke':
      return model.revoke(step.who)
    case 'wait':
      model.clock += step.hours * 3_600_000
  }
}

test('T11: 10,000 interleavings: never an agreement to a text that was not shown', () => {
  let passes = 0
  let agreements = 0
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 5, maxLength: 40 }), (steps) => {
      const model = new Model()
      for (const step of steps) run(model, step)
      agreements += model.agreed.length
      passes += Number(model.published?.review.verdict === 'pass')
    }),
    { numRuns: 10_000 },
  )
  // It would be no test if nothing was ever agreed to, or if nothing came of it.
  expect(agreements).toBeGreaterThan(1_000)
  expect(passes).toBeGreaterThan(100)
}, 300_000)

test('T39: what comes back is not revived', () => {
  const model = new Model()
  const look = (): void => {
    model.start()
    model.end()
  }
  const verdict = () => model.published?.review.verdict
  look()
  const code = model.shown[0]?.code
  model.comment(0, code, false)
  look()
  expect(verdict()).toBe('pass')
  model.change({ text: 1 }, false)
  look()
  expect(verdict()).toBe('approval')
  model.change({ text: 0 }, false)
  look()
  expect(verdict()).toBe('approval')
  model.comment(0, code, false)
  look()
  expect(verdict()).toBe('pass')
  model.clock += 73 * 3_600_000
  look()
  expect(verdict()).toBe('approval')
})
