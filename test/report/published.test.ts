import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../src/model/finding.js'
import type { Review } from '../../src/model/review.js'
import { BUTTONS, checkRunOf } from '../../src/report/check-run.js'
import { COMMENT_MARK, commentOf, hasNews } from '../../src/report/comment.js'
import { headDiffOf } from '../../src/report/head-diff.js'
import { findingMark, inlineOf, markedFinding } from '../../src/report/inline.js'
import { openTemplates } from '../../src/report/render.js'
import { fileSet } from '../../src/model/file-set.js'
import { sourceText } from '../../src/source/source-text.js'
import { expectGolden } from './golden.js'
import { agreed, blocked, empty, HOSTILE, hostile, huge, LOOKUPS, lookups, unread, waiting } from './reviews.js'

const templates = openTemplates()
const extras = {
  commands: [
    { usage: '/dba explain', does: 'says in plain words what this does' },
    { usage: '/dba help', does: 'lists what can be asked' },
  ],
}
const checkRun = (review: Review) => checkRunOf(review, extras, LOOKUPS, templates)
const comment = (review: Review) => commentOf(review, extras, LOOKUPS, templates)
const [finding] = blocked.findings as [Finding]

describe('the check run', () => {
  test.each([
    ['blocked', blocked],
    ['waiting', waiting],
  ])('its summary: %s', (name, review) => expectGolden(`${name}.summary.md`, checkRun(review).summary))

  test.each(Object.entries({ empty, blocked, waiting, agreed, unread, huge, hostile: hostile(HOSTILE['long'] ?? '') }))(
    'stays within GitHub’s limits: %s',
    (_, review) => {
      const { title, summary, text, annotations, conclusion } = checkRun(review)
      expect(title.length).toBeLessThanOrEqual(255)
      expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(65_535)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_535)
      expect(annotations.length).toBeLessThanOrEqual(200)
      for (const { title: name, message } of annotations) {
        expect(name.length).toBeLessThanOrEqual(255)
        expect(Buffer.byteLength(message)).toBeLessThanOrEqual(64 << 10)
      }
      expect(conclusion).toBe(review.conclusion)
    },
  )

  test('its buttons stay within GitHub’s limits', () => {
    expect(BUTTONS.map(({ identifier }) => identifier)).toEqual(['rerun', 'explain', 'approval'])
    for (const { label, description, identifier } of BUTTONS) {
      expect(label.length).toBeLessThanOrEqual(20)
      expect(description.length).toBeLessThanOrEqual(40)
      expect(identifier.length).toBeLessThanOrEqual(20)
    }
  })

  test('its annotations: errors, what was not looked at, approvals, warnings; allowed ones are none', () => {
    expect(checkRun(blocked).annotations.map(({ level, title, startLine }) => [level, title, startLine])).toEqual([
      ['failure', 'create-index-non-concurrently', 3],
      ['failure', 'not looked at', 3],
      ['warning', 'drop-column (needs approval)', 2],
      ['warning', 'missing-lock-timeout', 2],
    ])
    expect(checkRun(blocked).annotations[0]?.message).toBe(
      [
        'Builds index orders_customer_idx on orders while writers wait',
        '`CREATE INDEX` holds a SHARE lock until the index is built; every write to the table waits that long.',
        'Instead: Build it with `CONCURRENTLY`, outside a transaction.',
        'CREATE INDEX CONCURRENTLY orders_customer_idx ON orders (customer_id);',
      ].join('\n\n'),
    )
  })

  test('of very many the heaviest 200 are annotations, and the others are counted', () => {
    const { annotations, summary } = checkRun(huge)
    expect(annotations).toHaveLength(200)
    expect(new Set(annotations.map(({ level }) => level))).toEqual(new Set(['failure']))
    expect(summary).toMatch(/14,800 more remarks have no place on the lines/)
  })

  test.each([
    ['within a line', { line: 2, column: 3 }, { line: 2, column: 9 }, [2, 2, 3, 8]],
    ['an empty place', { line: 2, column: 3 }, { line: 2, column: 3 }, [2, 2, 3, 3]],
    ['over lines', { line: 2, column: 3 }, { line: 4, column: 2 }, [2, 4, null, null]],
    ['whole lines', { line: 2, column: 1 }, { line: 4, column: 1 }, [2, 3, null, null]],
    ['a whole line', { line: 2, column: 1 }, { line: 3, column: 1 }, [2, 2, null, null]],
  ])('places: %s', (_, start, end, expected) => {
    const one = { ...blocked, notes: [], findings: [{ ...finding, at: { path: 'a.sql', start, end } }] }
    const [annotation] = checkRun(one).annotations
    const { startLine, endLine, startColumn, endColumn } = annotation ?? {}
    expect([startLine, endLine, startColumn, endColumn]).toEqual(expected)
  })
})

describe('the comment', () => {
  test.each([
    ['blocked', blocked],
    ['empty', empty],
  ])('%s', (name, review) => expectGolden(`${name}.comment.md`, comment(review)))

  test.each(Object.entries({ empty, blocked, waiting, agreed, unread, huge, hostile: hostile(HOSTILE['html'] ?? '') }))(
    'has its mark, at most 25 lines to read, and a length that GitHub takes: %s',
    (_, review) => {
      const body = comment(review)
      expect(body.startsWith(`${COMMENT_MARK}\n`)).toBe(true)
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(65_536)
      const folded = body.replace(/(<details><summary>.*<\/summary>)[^]*?\n<\/details>/g, '$1')
      const seen = folded.split('\n').filter((line) => line.trim() !== '' && !/^(\| ---|<!--)/.test(line))
      expect(seen.length).toBeLessThanOrEqual(25)
    },
  )

  test('what is left out is said', () => {
    expect(comment(huge)).toMatch(/… and [\d,]+ more/)
    // GitHub may count bytes.
    const wide = { ...huge, findings: huge.findings.map((one) => ({ ...one, message: '🐘'.repeat(300) })) }
    const body = comment(wide)
    expect(body).toMatch(/Left out, because GitHub takes no longer text: the picture/)
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(65_536)
  })

  test.each<[string, Review, boolean]>([
    ['nothing at all', empty, false],
    ['a finding', blocked, true],
    ['a warning', { ...empty, findings: [{ ...finding, severity: 'notice' }] }, true],
    [
      'a finding that is allowed',
      { ...empty, findings: [{ ...finding, allowed: { by: 'config', reason: 'x' } }] },
      false,
    ],
    ['something that was not looked at', unread, true],
    ['something to agree to', waiting, true],
  ])('whether there is something to say: %s', (_, review, expected) => expect(hasNews(review)).toBe(expected))
})

describe('comments on lines', () => {
  const all = { changed: () => [{ start: 1, length: 1_000 }], removed: () => false }
  const inline = (review: Review, diff = all) => inlineOf(review, diff, LOOKUPS, templates)

  test('the heaviest first, notices and allowed ones left out', () => {
    const bodies = inline(blocked).map(({ path, startLine, line, body }) => `${path} ${startLine} ${line}\n${body}`)
    expectGolden('blocked.inline.md', bodies.join('\n'))
  })

  test('at most ten', () => expect(inline(huge)).toHaveLength(10))

  test('one finding is said once', () => {
    expect(inline({ ...blocked, findings: [finding, finding] })).toHaveLength(1)
  })

  test('each is marked with its finding', () => {
    expect(inline(blocked).map(({ body }) => markedFinding(body))).toEqual([
      '00112233445566bb',
      '00112233445566aa',
      '00112233445566cc',
    ])
    expect(markedFinding(`x ${findingMark('0011223344556677')} y`)).toBe('0011223344556677')
    expect(markedFinding('<!-- dba:finding ../../x -->')).toBeNull()
  })

  const at = (from: number, to: number, column = 5) => ({
    ...blocked,
    findings: [{ ...finding, at: { path: 'a.sql', start: { line: from, column: 1 }, end: { line: to, column } } }],
  })
  const lines = (...ranges: readonly (readonly [number, number])[]) => ({
    changed: () => ranges.map(([start, length]) => ({ start, length })),
    removed: () => false,
  })
  test.each([
    ['a changed line', at(3, 3), lines([3, 1]), [null, 3, 'RIGHT']],
    ['the changed part of a statement', at(2, 9), lines([4, 3]), [4, 6, 'RIGHT']],
    ['the first changed part of several', at(2, 9), lines([1, 1], [3, 1], [5, 2]), [null, 3, 'RIGHT']],
    ['not the line after its end', at(2, 4, 1), lines([2, 9]), [2, 3, 'RIGHT']],
  ])('stand on %s', (_, review, diff, expected) => {
    const [comment] = inline(review, diff)
    expect([comment?.startLine, comment?.line, comment?.side]).toEqual(expected)
  })

  test('are left out where no line was changed', () => expect(inline(at(2, 4), lines([5, 9]))).toEqual([]))

  test('stand on the left side of a file that is taken away', () => {
    const [comment] = inline(at(2, 4), { changed: () => [], removed: () => true })
    expect(comment).toMatchObject({ startLine: null, line: 2, side: 'LEFT' })
  })

  test('the lines that changed are those of the texts; of what was not read nothing is said', () => {
    const base = fileSet(
      new Map(Object.entries({ 'a.sql': { text: '1\n2\n3\n' }, 'gone.sql': { text: 'x' }, 'big.sql': null })),
    )
    const head = fileSet(
      new Map(
        Object.entries({
          'a.sql': { text: '1\nzwei\n3\n4\n' },
          'new.sql': { text: 'a\nb\n' },
          'big.sql': { text: 'x' },
        }),
      ),
    )
    const diff = headDiffOf(base, head)
    expect(diff.changed('a.sql')).toEqual([
      { start: 2, length: 1 },
      { start: 4, length: 1 },
    ])
    expect(diff.changed('new.sql')).toEqual([{ start: 1, length: 2 }])
    expect(diff.changed('big.sql')).toEqual([])
    expect(diff.changed('nowhere.sql')).toEqual([])
    expect([diff.removed('gone.sql'), diff.removed('a.sql'), diff.removed('new.sql')]).toEqual([true, false, false])
  })
})

describe('a suggestion is made only where it can be taken as it is', () => {
  const suggestion = (
    path: string,
    text: string,
    statement: string,
    fix: string,
    transaction: 'one' | 'none' = 'one',
  ) => {
    const file = sourceText(path, text)
    const start = text.indexOf(statement)
    const [migration] = blocked.migrations
    const script = migration?.up.script
    if (migration === undefined || script?.kind !== 'script') throw new Error('the sample has no script')
    const review = {
      ...blocked,
      migrations: [{ ...migration, up: { ...migration.up, script: { ...script, transaction } } }],
      findings: [
        { ...finding, severity: 'error' as const, at: file.spanOfUnits(start, start + statement.length), fix },
      ],
    }
    const diff = { changed: () => [{ start: 1, length: file.lines }], removed: () => false }
    const [comment] = inlineOf(review, diff, lookups(file), templates)
    return /```suggestion\n([^]*?)\n```/.exec(comment?.body ?? '')?.[1] ?? null
  }
  const drop = 'DROP SCHEMA a CASCADE'
  const fix = 'DROP SCHEMA a;'
  const concurrently = 'DROP INDEX CONCURRENTLY a;'

  test.each<[string, string | null, Parameters<typeof suggestion>]>([
    ['a statement that has its line to itself', fix, ['m/1.sql', `${drop};\n`, drop, fix]],
    ['and is indented', `  ${fix}`, ['m/1.sql', `BEGIN;\n  ${drop} ;\n`, drop, fix]],
    ['and goes over lines', fix, ['m/1.sql', 'DROP SCHEMA a\n  CASCADE;\n', 'DROP SCHEMA a\n  CASCADE;', fix]],
    ['not: something before it', null, ['m/1.sql', `SELECT 1; ${drop};\n`, drop, fix]],
    ['not: something after it', null, ['m/1.sql', `${drop}; SELECT 1;\n`, drop, fix]],
    ['not: a comment after it', null, ['m/1.sql', `${drop}; -- why\n`, drop, fix]],
    ['not: only a part of it', null, ['m/1.sql', `${drop};\n`, 'SCHEMA a', fix]],
    ['not: Python', null, ['m/1.py', `${drop}\n`, drop, fix]],
    ['not: more than one statement', null, ['m/1.sql', `${drop};\n`, drop, `${fix}\n${fix}`]],
    ['not: steps to take later', null, ['m/1.sql', `${drop};\n`, drop, `-- later:\n${fix}`]],
    ['not: CONCURRENTLY in a transaction', null, ['m/1.sql', 'DROP INDEX a;\n', 'DROP INDEX a', concurrently]],
    ['CONCURRENTLY without one', concurrently, ['m/1.sql', 'DROP INDEX a;\n', 'DROP INDEX a', concurrently, 'none']],
    ['not: characters that do not show', null, ['m/1.sql', `${drop};\n`, drop, 'DROP SCHEMA "\u202ea";']],
  ])('%s', (_, expected, asked) => expect(suggestion(...asked)).toBe(expected))
})
