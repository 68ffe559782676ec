import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parse } from '../../src/commands/parse.js'
import { processorTime } from '../support/processor-time.js'

/** What a comment asks for, each as `name(words; name=word)`, or what is wrong. */
function asked(markdown: string): readonly string[] {
  const { commands, more, refused } = parse(markdown)
  const said = commands.map(({ name, words, named, problem }) => {
    if (problem !== null) return `${name}: ${problem}`
    const options = [...named].map(([key, value]) => `${key}=${value}`)
    return `${name}(${[words.join(','), ...options].filter((each) => each !== '').join('; ')})`
  })
  return [...said, ...(more > 0 ? [`+${more}`] : []), ...(refused === null ? [] : [`refused: ${refused}`])]
}

describe('what is a command', () => {
  test.each<[string, ...(readonly string[])]>([
    ['/dba help', 'help()'],
    ['/dba', '()'],
    ['/dba ', '()'],
    ['/DBA Approve 0123456789ab', 'approve(0123456789ab)'],
    ['/dba   explain \t drop-table  ', 'explain(drop-table)'],
    ['  /dba help', 'help()'],
    ['Thanks!\n/dba approve 0123456789ab\nGood night.', 'approve(0123456789ab)'],
    ['Thanks!  \n/dba locks', 'locks()'],
    ['/dba locks\r\n/dba diff\r\n', 'locks()', 'diff()'],
    ['/dba locks\r/dba diff', 'locks()', 'diff()'],
    ['/dba locks\n\n/dba diff', 'locks()', 'diff()'],
    ['> quoted\n\n/dba locks', 'locks()'],
    ['> quoted\n> more\n\nHello\n/dba locks', 'locks()'],
    ['```\ncode\n```\n/dba locks', 'locks()'],
    ['<br>\n\n/dba locks', 'locks()'],
    ['<details>\n\nhidden\n\n</details>\n\n/dba locks', 'locks()'],
    ['**bold**\n/dba locks', 'locks()'],
    ['a <b>bold</b> word\n/dba locks', 'locks()'],
    ['/dba explain db/0007_*_x.sql:12', 'explain(db/0007_*_x.sql:12)'],
    ['/dba explain #3', 'explain(#3)'],
    [
      '/dba ignore abc reason="the _table_ is empty" until=2026-05-04',
      'ignore(abc; reason=the _table_ is empty; until=2026-05-04)',
    ],
    ['/dba ignore abc reason=“it is empty”', 'ignore(abc; reason=it is empty)'],
    ['/dba ignore abc REASON="say \\"no\\" \\\\ x"', 'ignore(abc; reason=say "no" \\ x)'],
    ['/dba explain "a b.sql"', 'explain(a b.sql)'],
    ['/dba explain "a', 'explain: a quotation mark is never closed'],
    ['/dba explain "a"b', 'explain: a space is missing after a quotation'],
    ['/dba ignore a until=1 until=2', 'ignore: until is given twice'],
    ['/dba app\u200brove x', 'app\u200brove(x)'],
    ['/dba approve 012 thanks a lot', 'approve(012,thanks,a,lot)'],
    ['/dba explain __proto__ constructor=1', 'explain(__proto__; constructor=1)'],
    ['/dba loc\u212as', 'loc\u212as()'],
  ])('%j', (markdown, ...expected) => expect(asked(markdown)).toEqual(expected))
})

describe('T15: what is none', () => {
  test.each([
    ['a quotation', '> /dba approve 0123456789ab'],
    ['a quotation that goes on', '> text\n/dba approve 0123456789ab'],
    ['a fence', '```\n/dba approve 0123456789ab\n```'],
    ['a fence that is never closed', '```\n/dba approve 0123456789ab'],
    ['a fence of tildes', '~~~\n/dba approve 0123456789ab\n~~~'],
    ['indented code', '    /dba approve 0123456789ab'],
    ['code after a tab', '\t/dba approve 0123456789ab'],
    ['code in a line', '`/dba approve 0123456789ab`'],
    ['code over two lines', 'a `b\n/dba approve 0123456789ab` c'],
    ['an HTML comment', '<!--\n\n/dba approve 0123456789ab\n\n-->'],
    ['an HTML comment in a line', 'a <!-- b\n/dba approve 0123456789ab --> c'],
    ['details', '<details>\n\n/dba approve 0123456789ab\n\n</details>'],
    ['details with a summary', '<details><summary>x</summary>\n\n/dba approve 0123456789ab\n\n</details>'],
    ['a block of HTML', '<div>\n/dba approve 0123456789ab\n</div>'],
    ['an element that is never closed', '<div>\n\n/dba approve 0123456789ab'],
    ['an element over two lines', 'a <b>x\n/dba approve 0123456789ab</b>'],
    ['a cell of a table', '| a |\n| - |\n| /dba approve 0123456789ab |'],
    ['a row of a table', 'a | b\n- | -\n/dba approve 0123456789ab | x'],
    ['a list', '- /dba approve 0123456789ab'],
    ['a list that goes on', '1. text\n/dba approve 0123456789ab'],
    ['a heading', '# /dba approve 0123456789ab'],
    ['an underlined heading', '/dba approve 0123456789ab\n==='],
    ['a link', '[/dba approve 0123456789ab](https://a.example)'],
    ['a link over two lines', '[a\n/dba approve 0123456789ab](https://a.example)'],
    ['emphasis over two lines', '*a\n/dba approve 0123456789ab*'],
    ['struck out', '~~a\n/dba approve 0123456789ab~~'],
    ['a footnote', '[^1]: x\n\n    /dba approve 0123456789ab\n\na[^1]'],
    ['the middle of a line', 'please /dba approve 0123456789ab'],
    ['after a zero-width space', '\u200b/dba approve 0123456789ab'],
    ['after a mark of byte order', '\ufeffx\n\ufeff/dba approve 0123456789ab'],
    ['after a right-to-left mark', '\u200f/dba approve 0123456789ab'],
    ['a no-break space', '/dba\u00a0approve 0123456789ab'],
    ['a zero-width space inside', '/dba\u200bapprove 0123456789ab'],
    ['a full-width slash', '\uff0fdba approve 0123456789ab'],
    ['an entity', '/dba&#x20;approve 0123456789ab'],
    ['an entity for the slash', '&#47;dba approve 0123456789ab'],
    ['an escape', '\\/dba approve 0123456789ab'],
    ['another command', '/dbadmin approve 0123456789ab'],
    ['a bold one', '**/dba approve 0123456789ab**'],
    ['nothing', ''],
    ['emoji', '👍'.repeat(100)],
    ['a null byte', '\u0000/dba approve 0123456789ab'],
  ])('%s', (_, markdown) => expect(parse(markdown)).toEqual({ commands: [], more: 0, refused: null }))
})

describe('many', () => {
  test('five are run, and the others counted', () => {
    expect(asked('/dba locks\n'.repeat(7))).toEqual([...Array.from({ length: 5 }, () => 'locks()'), '+2'])
  })
  test.each([
    ['/dba approve 0123456789ab\n/dba revoke', 2],
    ['/dba revoke\n\ntext\n\n/dba Approve 0123456789ab', 2],
    [`/dba approve 0123456789ab\n${'/dba locks\n'.repeat(9)}/dba revoke`, 5],
  ])('approve and revoke together: %j', (markdown, commands) => {
    const asking = parse(markdown)
    expect(asking.refused).toBe('approve and revoke stand in one comment')
    expect(asking.commands).toHaveLength(commands)
  })
})

describe('what is meant to keep a reader busy', () => {
  const units = [
    '/dba x\n',
    '> ',
    '>',
    '~a',
    'a~',
    '[a](',
    '[^a]: x\n',
    '[^a]',
    '[',
    '![',
    '*a ',
    '**a',
    '***a',
    '*_a',
    '_a',
    '`',
    '``a',
    '<',
    '<a ',
  ]
  const more = [
    '&',
    '\\',
    '|',
    '|\n',
    '- ',
    '1. ',
    '1.\t',
    '* ',
    '+',
    '#',
    '# a\n',
    'a@',
    'www.',
    'http://a.b ',
    '\r',
    '[a]: /x\n',
    '<!--',
    '- [ ] ',
    '[x]',
    '"',
    '\u0000',
    '\u202e',
    'a\n\n',
  ]
  test.each([...units, ...more])('64 kB of %j are read, or refused, at once', (unit) => {
    const began = processorTime()
    const { commands, refused } = parse(`/dba help\n\n${unit.repeat(65_000 / unit.length)}`)
    const short = parse(`/dba help\n\n${unit.repeat(19_900 / unit.length)}`)
    expect(processorTime() - began).toBeLessThan(5_000)
    expect(refused).toMatch(/too long/)
    expect(commands).toEqual([])
    expect(short.commands.length).toBeLessThanOrEqual(5)
  })

  test('any text is read or refused, never an exception', () => {
    const piece = fc.constantFrom(
      '/dba',
      ' ',
      'approve',
      '\n',
      '\n\n',
      '`',
      '>',
      '- ',
      '<b>',
      '</b>',
      '"',
      '=',
      '*',
      '[',
      '](',
      '|',
      '\r',
      '\t',
      '    ',
      '\\',
      '#',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')),
        ),
        (text) => {
          const { commands, more } = parse(text)
          expect(commands.length).toBeLessThanOrEqual(5)
          expect(more === 0 || commands.length === 5).toBe(true)
          for (const { name } of commands) expect(name).not.toMatch(/[A-Z\s]/)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
