import { describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LONGEST_MARKDOWN, markdown } from '../../src/report/markdown.js'
import { code, codeCell, fence, openTemplates, TEMPLATES, text } from '../../src/report/render.js'
import { expectGolden } from './golden.js'
import { agreed, blocked, empty, HOSTILE, hostile, huge, LOOKUPS, unread, waiting } from './reviews.js'

const render = markdown(LOOKUPS).render

/** What is seen before anything is unfolded. */
function visibleLines(output: string): readonly string[] {
  const folded = output.replace(/(<details><summary>.*<\/summary>)[^]*?\n<\/details>/g, '$1')
  return folded.split('\n').filter((line) => line.trim() !== '' && !/^\| ---/.test(line))
}

/** The parts of a Markdown text that are not code: fences and spans are taken out as CommonMark finds them. */
function outsideCode(output: string): string {
  let fenced = ''
  const lines = output.split('\n').filter((line) => {
    const mark = /^(`{3,})[^`]*$/.exec(line)?.[1] ?? ''
    if (fenced === '' && mark !== '') {
      fenced = mark
      return false
    }
    if (fenced !== '' && new RegExp(`^\`{${fenced.length},}$`).test(line)) {
      fenced = ''
      return false
    }
    return fenced === ''
  })
  expect(fenced).toBe('')
  return lines.join('\n').replace(/(?<![`\\])(`+)(?!`)([^`]|(?!(?<!`)\1(?!`))`)*?(?<!`)\1(?!`)/g, 'code')
}

describe('the report', () => {
  test.each([
    ['empty', empty],
    ['blocked', blocked],
    ['unread', unread],
    ['waiting', waiting],
    ['agreed', agreed],
  ])('%s', (name, review) => expectGolden(`${name}.md`, render(review)))

  test.each([
    ['blocked', blocked],
    ['huge', huge],
    ['waiting', waiting],
    ['agreed', agreed],
    ['hostile', hostile(HOSTILE['html'] ?? '')],
  ])('shows at most 25 lines before anything is unfolded: %s', (_, review) => {
    expect(visibleLines(render(review)).length).toBeLessThanOrEqual(25)
  })

  test('ten thousand findings fit, and what is left out is counted', () => {
    const output = render(huge)
    expect(output.length).toBeLessThanOrEqual(LONGEST_MARKDOWN)
    expect(output).toContain('3,334 findings to fix; a maintainer must agree to 3,333 findings')
    expect(output).toMatch(/6,665 more findings in the way/)
    expect(output).toMatch(/… and [\d,]+ more/)
    expect(output.match(/<details>/g)?.length).toBe(output.match(/<\/details>/g)?.length)
    expect((output.match(/^```/gm)?.length ?? 0) % 2).toBe(0)
  })

  test.each(Object.entries(HOSTILE))('nothing of a hostile text comes to life: %s', (_, hostileText) => {
    const output = outsideCode(render(hostile(hostileText)))
    const known = /<\/?(?:details|summary)>/g
    expect(output.replace(known, '')).not.toMatch(/<(?!\s)/)
    expect(output).not.toMatch(/[@#](?=[\w/])/)
    expect(output).not.toMatch(/(?<!\\)\]\(/)
    expect(output).not.toMatch(/:\/\/|\bwww\./)
    expect(output).not.toMatch(/GH-\d/)
    expect(output.match(/<details>/g)?.length).toBe(output.match(/<\/details>/g)?.length)
    for (const row of output.split('\n').filter((line) => line.startsWith('| '))) {
      expect([4, 8]).toContain(row.match(/(?<!\\)\|/g)?.length)
    }
  })
})

describe('helpers', () => {
  test.each([
    ['a', '`a`'],
    ['a`b', '``a`b``'],
    ['`a`', '`` `a` ``'],
    ['```', '```` ``` ````'],
    ['', ''],
    ['a\nb', '`a\\nb`'],
    ['\u202edrop', '`\\u202edrop`'],
  ])('code %j', (value, expected) => expect(code(value)).toBe(expected))

  test.each([
    ['a|b', '`a\\|b`'],
    ["'a' || 'b'", "`'a' \\|\\| 'b'`"],
    ['a\\|b', '`a\\\\u007cb`'],
  ])('code in a table %j', (value, expected) => expect(codeCell(value)).toBe(expected))

  test.each([
    ['SELECT 1;\n', '```sql\nSELECT 1;\n```'],
    ['a\n````\nb', '`````sql\na\n````\nb\n`````'],
    ['a\r\n\tb', '```sql\na\n\tb\n```'],
    ['  \n', ''],
  ])('fence %j', (value, expected) => expect(fence(value)).toBe(expected))

  test.each([
    ['drops column order_total of orders', 'drops column order_total of orders'],
    ['_a_ *b* `c` [d] <e> & ~f~ | \\', '\\_a\\_ \\*b\\* \\`c\\` \\[d\\] &lt;e&gt; &amp; \\~f\\~ \\| \\\\'],
    ['@acme #12', '@\u200bacme #\u200b12'],
    ['https://a.example www.a.example', 'https:\u200b//a.example www\u200b.a.example'],
    // GitHub takes an underscore before it for the beginning of an address.
    ['_www.a.example', '\\_www\u200b.a.example'],
    ['1. one', '1\\. one'],
    ['- one', '\\- one'],
    ['a\nb', 'a b'],
  ])('text %j', (value, expected) => expect(text(value)).toBe(expected))
})

describe('templates', () => {
  const files = ['.', 'partials'].flatMap((folder) =>
    readdirSync(join(TEMPLATES, folder))
      .filter((file) => file.endsWith('.hbs'))
      .map((file) => join(folder, file)),
  )

  test.each(files)('%s fills every hole through a helper', (file) => {
    const holes = readFileSync(join(TEMPLATES, file), 'utf8').match(/\{\{.*?\}\}+/g) ?? []
    const safe =
      /^\{\{(?:(?:text|code|codecell|cell|fence|diff|mermaid|shell|suggestion|prose|mention) [\w.]+|#(?:if|each) [\w.]+|#unless @first|else|\/(?:if|each|unless)|> [\w-]+(?: [\w.]+)?)\}\}$/
    expect(holes.filter((hole) => !safe.test(hole))).toEqual([])
  })

  test('a hole without a value is an error, and so is one that is not text', () => {
    expect(() => openTemplates().render('check-run', {})).toThrow()
    expect(() => openTemplates().render('nowhere', {})).toThrow(/no template nowhere/)
  })
})
