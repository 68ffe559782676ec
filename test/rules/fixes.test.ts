import { beforeAll, expect, test } from '@jest/globals'
import type { Finding } from '../../src/model/finding.js'
import { fileSet, type FileEntries } from '../../src/model/file-set.js'
import { analyse, type Analysis } from '../../src/review/analyse.js'
import { rules } from '../../src/rules/index.js'
import { contains, type Span } from '../../src/source/span.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'
import { fixtureOf } from './judged.js'

beforeAll(() => loadParsers({ majors: [15, 17, 18], second: true }))

/** What comes of the way in which this test writes migrations: without downs and timeouts, with far numbers, leaving some empty. */
const MADE_HERE: ReadonlySet<string> = new Set([
  ...['missing-down', 'down-does-not-cover-up', 'empty-migration', 'empty-down'],
  ...['migration-version-gap', 'missing-lock-timeout'],
])

/** What the advice brings along knowingly: the same in a milder form, or a comment that is no longer needed. */
const BROUGHT: Readonly<Record<string, readonly string[]>> = {
  'drop-table-cascade': ['drop-table'],
  'truncate-cascade': ['truncate'],
  'not-valid-never-validated': ['unused-suppression'],
  'add-primary-key-validating': ['tighten-unique'],
  'drop-constraint-backed-index': ['drop-constraint'],
  'drop-table-multiple-fks': ['drop-fk-locks-both-tables'],
  'refresh-matview-non-concurrently': ['refresh-concurrently-still-exclusive'],
}

/** The parts of a fix: what stands in place of the statement, null where that stays, and what each further migration holds. */
function partsOf(fix: string): { readonly now: string | null; readonly migrations: readonly string[] } {
  const [first = '', ...later] = fix.split(
    /^-- in a (?:later migration|migration of its own, outside a transaction):\n/m,
  )
  const [now, parts] = /\bCONCURRENTLY\b/.test(first) ? ['', [first, ...later]] : [first, later]
  // One file a statement: so each may run outside a transaction.
  const migrations = parts.flatMap((part) => part.split(/(?<=;)\n/)).filter((part) => part.trim() !== '')
  return { now: fix.startsWith('-- in a later migration') ? null : now, migrations }
}

const judged = (base: FileEntries, head: FileEntries): Analysis =>
  analyse({ base, head, settings: DEFAULTS, today: '2026-01-15', mode: 'pull' })

function statementAt({ migrations }: Analysis, { at }: Finding): Span | undefined {
  return migrations
    .flatMap(({ up, down }) => [up.script, down.script])
    .flatMap((script) => (script.kind === 'script' ? script.statements.map(({ span }) => span) : []))
    .find((span) => contains(span, at))
}

/** The history with a fix in place of its statement, and further migrations after the last. */
function withFix(head: FileEntries, statement: Span, fix: string): FileEntries {
  const source = fileSet(head).read(statement.path)
  if (source === undefined) throw new Error(`${statement.path} is not there`)
  const { now, migrations } = partsOf(fix)
  const before = source.slice({ ...statement, start: { line: 1, column: 1 }, end: statement.start })
  const after = source.text.slice(before.length + source.slice(statement).length)
  const words = now === null ? source.slice(statement) : now.trim() === '' ? 'SELECT 1' : now.trim().replace(/;$/, '')
  const text = `${before}${words}${after}`
  const more = migrations.map(
    (part, index) => [`migrations/${9000 + index}_later.up.sql`, { text: `${part.trim()}\n` }] as const,
  )
  return new Map([...head, [statement.path, { text }], ...more])
}

const cases = rules.flatMap((rule) => {
  const { base, head } = fixtureOf(rule, 'bad')
  // The migrations that this test writes are those of a tool that goes by the names of files.
  const isOther = [...head].some(
    ([path, entry]) => path.endsWith('.py') || (entry && 'text' in entry && entry.text.includes('-- +goose')),
  )
  return isOther ? [] : [[rule.meta.id, base, head] as const]
})

test.each(cases)('%s: every fix is SQL, and brings no other finding', (_, base, head) => {
  const before = judged(base, head)
  const said = new Set(before.findings.map(({ rule }) => rule))
  for (const finding of before.findings) {
    const statement = statementAt(before, finding)
    if (finding.fix === null || statement === undefined) continue
    const after = judged(base, withFix(head, statement, finding.fix))
    const scripts = after.migrations.flatMap(({ up, down }) => [up.script, down.script])
    expect(scripts.flatMap((script) => (script.kind === 'refused' ? [script.reason] : []))).toEqual([])
    const brought = after.findings
      .filter(
        ({ rule, direction }) =>
          direction !== 'down' && !said.has(rule) && !MADE_HERE.has(rule) && !BROUGHT[finding.rule]?.includes(rule),
      )
      .map(({ rule, message }) => `${finding.rule} brings ${rule}: ${message}`)
    expect(brought).toEqual([])
    const still = (found: Analysis): number => found.findings.filter(({ rule }) => rule === finding.rule).length
    expect(still(after)).toBeLessThanOrEqual(still(before))
  }
})

test('fixes are put to the test', () => {
  const fixes = cases.flatMap(([, base, head]) => judged(base, head).findings.filter(({ fix }) => fix !== null))
  expect(fixes.length).toBeGreaterThan(20)
})
