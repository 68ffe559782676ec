import { beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Consent, ConsentKind } from '../../src/model/consent.js'
import type { FileEntries } from '../../src/model/file-set.js'
import { SEVERITIES, type Finding, type Severity } from '../../src/model/finding.js'
import type { Review, Verdict } from '../../src/model/review.js'
import type { ApprovalPolicy, Settings } from '../../src/model/settings.js'
import { analyse } from '../../src/review/analyse.js'
import { type Circumstances, ON_ITS_OWN } from '../../src/review/circumstances.js'
import { conclude, type Parts, reconsider } from '../../src/review/conclude.js'
import { changesTables } from '../../src/review/consent-kinds.js'
import type { Ignore } from '../../src/review/ignore.js'
import { startOf } from '../../src/source/span.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'

beforeAll(() => loadParsers({ majors: [18] }))

const FOLDER = 'db/migrations/'
const history: FileEntries = new Map([
  [`${FOLDER}000001_a.up.sql`, { text: 'CREATE TABLE a (id bigint PRIMARY KEY, b text);' }],
  [`${FOLDER}000001_a.down.sql`, { text: 'DROP TABLE a;' }],
])
/** What a static review makes of one more migration. */
function partsOf(up: string): Parts {
  const head: FileEntries = new Map([
    ...history,
    [`${FOLDER}000002_b.up.sql`, { text: up }],
    [`${FOLDER}000002_b.down.sql`, { text: 'SELECT 1;' }],
  ])
  const { projects, migrations } = analyse({
    base: history,
    head,
    settings: DEFAULTS,
    today: '2026-01-15',
    mode: 'pull',
  })
  return {
    pull: { repository: 'a/b', number: 7, base: 'x', head: 'y' },
    projects,
    migrations,
    findings: [],
    rehearsals: [],
    notes: [],
  }
}

const CODE = '0123456789ab'
const consent = (kinds: readonly ConsentKind[], some: Partial<Consent> = {}): Consent => ({
  kinds,
  by: { id: 10, login: 'ada' },
  at: '2026-01-15T10:00:00Z',
  comment: 99,
  code: CODE,
  backup: null,
  ...some,
})
const finding = (severity: Severity, rule = 'drop-table'): Finding => ({
  rule,
  severity,
  confidence: 'certain',
  message: 'Drops the table a',
  at: startOf(`${FOLDER}000002_b.up.sql`),
  related: [],
  direction: 'up',
  migration: '000002',
  place: 'in-diff',
  allowed: null,
  fingerprint: '00112233445566aa',
  fix: null,
})
const policy = (approval: Partial<ApprovalPolicy>): Settings => ({
  ...DEFAULTS,
  rehearsal: { ...DEFAULTS.rehearsal, required: false },
  approval: { ...DEFAULTS.approval, ...approval },
})
const around = (some: Partial<Circumstances>): Circumstances => ({ ...ON_ITS_OWN, code: CODE, issues: 0, ...some })

describe('what agreement does to the verdict', () => {
  const both = policy({ schema: ['@ada'] })
  const dropped = [finding('approval')]
  test.each<[string, Settings, readonly Finding[], Partial<Circumstances>, Verdict]>([
    ['nobody agreed', policy({}), dropped, {}, 'approval'],
    ['somebody agreed', policy({}), dropped, { consents: [consent(['data'])] }, 'pass'],
    ['to another text', policy({}), dropped, { consents: [consent(['data'], { code: 'ffffffffffff' })] }, 'approval'],
    ['where nobody takes agreements', policy({}), dropped, { code: null, consents: [consent(['data'])] }, 'approval'],
    ['to no kind', policy({}), dropped, { consents: [consent([])] }, 'approval'],
    [
      'an account without a number',
      policy({}),
      dropped,
      { consents: [consent(['data'], { by: { id: 0, login: 'x' } })] },
      'approval',
    ],
    ['to tables only', both, dropped, { consents: [consent(['schema'])] }, 'approval'],
    ['to lost data only', both, dropped, { consents: [consent(['data'])] }, 'approval'],
    ['to both', both, dropped, { consents: [consent(['data', 'schema'])] }, 'pass'],
    ['one each', both, dropped, { consents: [consent(['data']), consent(['schema'])] }, 'pass'],
    [
      'an error beside it',
      policy({}),
      [...dropped, finding('error', 'rename-table')],
      { consents: [consent(['data'])] },
      'block',
    ],
    [
      'without a word on the backup',
      policy({ requireBackup: true }),
      dropped,
      { consents: [consent(['data'])] },
      'approval',
    ],
    [
      'with an empty one',
      policy({ requireBackup: true }),
      dropped,
      { consents: [consent(['data'], { backup: ' ' })] },
      'approval',
    ],
    ['with one', policy({ requireBackup: true }), dropped, { consents: [consent(['data'], { backup: 's3' })] }, 'pass'],
    ['without an issue', policy({ requireIssue: true }), dropped, { consents: [consent(['data'])] }, 'block'],
    [
      'without knowing of an issue',
      policy({ requireIssue: true }),
      dropped,
      { consents: [consent(['data'])], issues: 'unknown' },
      'block',
    ],
    ['with an issue', policy({ requireIssue: true }), dropped, { consents: [consent(['data'])], issues: 1 }, 'pass'],
    ['an issue is no agreement', policy({ requireIssue: true }), dropped, { issues: 1 }, 'approval'],
    ['nothing needs agreement, nor an issue', policy({ requireIssue: true }), [], {}, 'pass'],
    ['changed tables, of which nobody is asked', policy({}), [], {}, 'pass'],
    ['changed tables, of which somebody is', both, [], {}, 'approval'],
    ['changed tables, as agreed', both, [], { consents: [consent(['schema'])] }, 'pass'],
  ])('%s', (_, settings, findings, some, verdict) => {
    const parts = { ...partsOf('ALTER TABLE a ADD COLUMN c text;'), findings }
    const review = conclude(parts, settings, around(some))
    expect(review.verdict).toBe(verdict)
    expect(review.gates.find(({ gate }) => gate === 'approval')?.status === 'needs-approval').toBe(
      verdict === 'approval',
    )
  })

  test('what could not be seen stays so', () => {
    const parts = partsOf('DROP TABLE a;')
    const unseen = {
      ...parts,
      findings: [finding('approval')],
      notes: [{ message: 'x', at: null, bearing: 'withholds' }],
    } as const
    expect(conclude(unseen, policy({}), around({ consents: [consent(['data'])] })).verdict).toBe('block')
    const unrun = conclude(
      { ...parts, findings: [finding('approval')] },
      DEFAULTS,
      around({ consents: [consent(['data'])] }),
    )
    expect(unrun.verdict).toBe('block')
  })

  test('the gates say who agreed, and to what', () => {
    const parts = { ...partsOf('DROP TABLE a;'), findings: [finding('approval')] }
    const { gates } = conclude(parts, policy({}), around({ consents: [consent(['data'])] }))
    const detail = (name: string) => gates.find(({ gate }) => gate === name)
    expect(detail('destructive')).toMatchObject({ status: 'pass', detail: 'Drops the table a; agreed to by @ada' })
    expect(detail('approval')).toMatchObject({ status: 'pass', detail: 'agreed to by @ada (data)' })
  })

  test('the same review in other circumstances has the same code, and says nothing twice', () => {
    const parts = { ...partsOf('DROP TABLE a;'), findings: [finding('approval')] }
    const review = conclude(parts, policy({}), around({}))
    const again = reconsider(review, policy({}), around({ consents: [consent(['data'])] }))
    expect([review.verdict, again.verdict]).toEqual(['approval', 'pass'])
    expect(again.approval.code).toBe(CODE)
    expect(reconsider(again, policy({}), around({}))).toEqual(review)
  })
})

test.each<[string, boolean]>([
  ['CREATE TABLE c (id int);', true],
  ['CREATE TEMPORARY TABLE c (id int);', false],
  ['ALTER TABLE a ADD COLUMN c text;', true],
  ['ALTER TABLE a ALTER COLUMN b TYPE varchar(3);', true],
  ['ALTER TABLE a ALTER COLUMN b SET NOT NULL;', true],
  ["ALTER TABLE a ALTER COLUMN b SET DEFAULT 'x';", true],
  ['ALTER TABLE a ADD FOREIGN KEY (id) REFERENCES a (id);', true],
  ["ALTER TABLE a ADD CHECK (b <> '');", true],
  ['CREATE INDEX CONCURRENTLY a_b ON a (b);', true],
  ['DROP TABLE a;', true],
  ['DO $$ BEGIN ALTER TABLE a ADD COLUMN c text; END $$;', true],
  ["DO $$ BEGIN EXECUTE 'ALTER TABLE ' || 'a ADD c text'; END $$;", true],
  ['CALL fix();', true],
  ['ALTER TABLE a ADD COLUMN', true],
  ["UPDATE a SET b = 'x' WHERE id = 1;", false],
  ['CREATE VIEW v AS SELECT id FROM a;', false],
  ["COMMENT ON TABLE a IS 'x';", false],
  ['GRANT SELECT ON a TO PUBLIC;', false],
  ['ALTER TABLE a VALIDATE CONSTRAINT a_check;', false],
  ['SELECT 1;', false],
])('%s changes tables: %s', (sql, changes) => {
  expect(changesTables(partsOf(sql).migrations, [])).toBe(changes)
})

describe('a finding that is set aside', () => {
  const ignore = (some: Partial<Ignore> = {}): Ignore => ({
    fingerprint: '00112233445566aa',
    reason: 'the table is empty',
    until: '2026-01-15',
    by: { id: 10, login: 'ada' },
    comment: 5,
    ...some,
  })
  test.each<[string, Finding, Partial<Ignore>, Verdict]>([
    ['for today', finding('error', 'set-not-null-scan'), {}, 'pass'],
    ['without an end', finding('error', 'set-not-null-scan'), { until: null }, 'pass'],
    ['until yesterday', finding('error', 'set-not-null-scan'), { until: '2026-01-14' }, 'block'],
    ['another finding', finding('error', 'set-not-null-scan'), { fingerprint: 'ffffffffffffffff' }, 'block'],
    ['without a reason', finding('error', 'set-not-null-scan'), { reason: ' ' }, 'block'],
    ['one that needs approval', finding('approval', 'set-not-null-scan'), {}, 'approval'],
    ['one about the history', finding('error', 'applied-migration-edited'), {}, 'block'],
    ['one about lost data', finding('error', 'drop-table'), {}, 'block'],
    ['one that the rehearsal has seen', finding('error', 'up-down-up-fails'), {}, 'block'],
    ['one of a rule nobody knows', finding('error', 'a-rule-to-come'), {}, 'block'],
  ])('%s', (_, some, ignored, verdict) => {
    const parts = { ...partsOf('SELECT 1;'), findings: [some] }
    const circumstances = around({ ignores: [ignore(ignored)], today: '2026-01-15' })
    expect(conclude(parts, policy({}), circumstances).verdict).toBe(verdict)
  })

  test('stands again when it is no longer set aside', () => {
    const parts = { ...partsOf('SELECT 1;'), findings: [finding('error', 'set-not-null-scan')] }
    const aside = conclude(parts, policy({}), around({ ignores: [ignore()], today: '2026-01-15' }))
    expect(aside.findings[0]?.allowed).toEqual({ by: 'command', reason: 'the table is empty' })
    expect(reconsider(aside, policy({}), around({ today: '2026-01-16', ignores: [ignore()] })).verdict).toBe('block')
  })
})

test('whatever has been agreed to, one more finding or note never makes a verdict better', () => {
  const order: readonly Verdict[] = ['pass', 'approval', 'block']
  const base = partsOf('ALTER TABLE a ADD COLUMN c text;')
  const anyFinding = fc
    .record({
      severity: fc.constantFrom(...SEVERITIES),
      rule: fc.constantFrom('drop-table', 'rename-table', 'nobody-knows'),
    })
    .map(({ severity, rule }) => finding(severity, rule))
  const anyNote = fc
    .constantFrom('informs', 'withholds')
    .map((bearing): Review['notes'][number] => ({ message: 'x', at: null, bearing }))
  const anyParts = fc.record({
    findings: fc.array(anyFinding, { maxLength: 4 }),
    notes: fc.array(anyNote, { maxLength: 2 }),
  })
  const anyConsent = fc
    .record({
      kinds: fc.subarray<ConsentKind>(['data', 'schema']),
      code: fc.constantFrom(CODE, 'ffffffffffff'),
      backup: fc.constantFrom(null, 's3'),
    })
    .map(({ kinds, ...some }) => consent(kinds, some))
  const anyCircumstances = fc.record({
    consents: fc.array(anyConsent, { maxLength: 3 }),
    issues: fc.constantFrom<Circumstances['issues']>(0, 1, 'unknown'),
    code: fc.constantFrom(CODE, null),
  })
  const anyPolicy = fc
    .record({ requireIssue: fc.boolean(), requireBackup: fc.boolean(), schema: fc.constantFrom([], ['@ada']) })
    .map(policy)
  fc.assert(
    fc.property(anyParts, anyParts, anyCircumstances, anyPolicy, (some, more, circumstances, settings) => {
      const verdict = (parts: typeof some): Verdict =>
        conclude({ ...base, ...parts }, settings, around(circumstances)).verdict
      const all = { findings: [...some.findings, ...more.findings], notes: [...some.notes, ...more.notes] }
      expect(order.indexOf(verdict(all))).toBeGreaterThanOrEqual(order.indexOf(verdict(some)))
      const alone = conclude({ ...base, ...some }, settings, around({ ...circumstances, consents: [] })).verdict
      if (alone === 'block') expect(verdict(some)).toBe('block')
    }),
    { numRuns: 2_000 },
  )
})
