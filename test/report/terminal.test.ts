import { describe, expect, test } from '@jest/globals'
import { mark } from '../../src/report/excerpt.js'
import { terminal } from '../../src/report/terminal.js'
import { fit, fitPath, widthOf, wrap } from '../../src/report/width.js'
import { sourceText } from '../../src/source/source-text.js'
import { expectGolden } from './golden.js'
import { agreed, at, blocked, empty, hostile, HOSTILE, huge, LOOKUPS, lookups, unread, waiting } from './reviews.js'

const plain = terminal(LOOKUPS, { color: false, width: 100 })

describe('the report', () => {
  test.each([
    ['empty', empty],
    ['blocked', blocked],
    ['unread', unread],
    ['waiting', waiting],
    ['agreed', agreed],
  ])('%s', (name, review) => expectGolden(`${name}.txt`, plain.render(review)))

  test('colours change nothing but the colour', () => {
    const colored = terminal(LOOKUPS, { color: true, width: 100 }).render(blocked)
    expect(colored).toContain('\u001b[31m')
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(plain.render(blocked))
  })

  test('ten thousand findings: some shown, all counted', () => {
    const output = plain.render(huge)
    expect(output).toMatch(/… and 6,617 more findings/)
    expect(output).toContain('3,334 errors, 3,333 approvals, 3,333 warnings')
    expect(output.split('\n').length).toBeLessThan(5_500)
  })

  // What is written in place of a runner's command is longer than it.
  const wide = Object.entries(HOSTILE).flatMap(([name, text]) => (name === 'command' ? [] : [hostile(text)]))
  test.each([60, 80, 120])('no line is wider than %i columns', (width) => {
    for (const review of [blocked, unread, ...wide]) {
      const output = terminal(LOOKUPS, { color: false, width }).render(review)
      expect(output.split('\n').filter((line) => widthOf(line) > width)).toEqual([])
    }
  })
})

describe('the underline stands under the text', () => {
  const underlined = (sql: string, marked: string, width = 80): string => {
    const file = sourceText('a.sql', sql)
    const span = at(file, marked)
    const source = lookups(file).excerpt(span) ?? ''
    const { lines, more } = mark(span, source, width)
    const drawn = lines.flatMap(({ text, from, length }) => [text, ' '.repeat(from) + '^'.repeat(length)])
    return [...drawn, ...(more > 0 ? [`+${more}`] : [])].join('\n')
  }

  test.each<readonly [name: string, sql: string, marked: string, drawn: readonly string[], width: number]>([
    ['plain', 'DROP TABLE a;', 'a', ['DROP TABLE a;', '           ^'], 80],
    ['after a tab', '\tDROP\ta;', 'a', ['    DROP    a;', '            ^'], 80],
    ['after wide characters', "COMMENT ON '注文' IS a;", 'IS', ["COMMENT ON '注文' IS a;", '                  ^^'], 80],
    ['wide characters themselves', 'DROP TABLE "注文";', '"注文"', ['DROP TABLE "注文";', '           ^^^^^^'], 80],
    ['after an emoji', "SELECT '👍🏽👩‍💻', x;", 'x', ["SELECT '👍🏽👩‍💻', x;", `${' '.repeat(15)}^`], 80],
    ['after a flag', "SELECT '🇩🇪', x;", 'x', ["SELECT '🇩🇪', x;", `${' '.repeat(13)}^`], 80],
    ['after a combining mark', "SELECT 'e\u0301', x;", 'x', ["SELECT 'e\u0301', x;", '            ^'], 80],
    ['after an escape', 'SELECT \u202e, x;', 'x', ['SELECT \\u202e, x;', '               ^'], 80],
    [
      'over two lines',
      'ALTER TABLE a\n  DROP b;',
      'TABLE a\n  DROP b',
      ['ALTER TABLE a', '      ^^^^^^^', '  DROP b;', '  ^^^^^^'],
      80,
    ],
    ['over many lines', 'A\nB\nC\nD\nE;', 'A\nB\nC\nD\nE', ['A', '^', 'B', '^', 'C', '^', '+2'], 80],
    [
      'in a long line',
      `${'x'.repeat(60)} DROP ${'y'.repeat(60)}`,
      'DROP',
      ['…xxxxxxxxx DROP yyyyyyyyyyyyyyyyyyyyyyy…', '           ^^^^'],
      40,
    ],
  ])('%s', (_, sql, marked, drawn, width) => expect(underlined(sql, marked, width)).toBe(drawn.join('\n')))
})

describe('width', () => {
  test.each([
    ['abc', 3],
    ['注文', 4],
    ['👍', 2],
    ['👩‍💻', 2],
    ['⚠️', 2],
    ['e\u0301', 1],
    ['한국', 4],
    ['\u202e', 6],
  ])('%s takes %i columns', (text, columns) => expect(widthOf(text)).toBe(columns))

  test.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 4, 'abc…'],
    ['注文注文', 5, '注文…'],
    ['注文注文', 4, '注…'],
    ['', 3, ''],
    ['x'.repeat(10_000), 4, 'xxx…'],
  ])('fit %s', (text, most, expected) => expect(fit(text, most)).toBe(expected))

  test.each([
    ['db/migrations/1.sql', 30, 'db/migrations/1.sql'],
    ['db/migrations/1.sql', 10, '…ons/1.sql'],
    ['注文/注文.sql', 9, '…注文.sql'],
    ['x'.repeat(10_000), 4, '…xxx'],
  ])('the end of the path %s', (text, most, expected) => expect(fitPath(text, most)).toBe(expected))

  test('wrap breaks between words and cuts what is no word', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three'])
    expect(wrap(`a ${'x'.repeat(100)} b`, 10)).toEqual(['a', 'xxxxxxxxx…', 'b'])
    expect(wrap('', 10)).toEqual([])
  })
})
