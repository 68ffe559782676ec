import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Review } from '../../src/model/review.js'
import { checkRunOf } from '../../src/report/check-run.js'
import { commentOf } from '../../src/report/comment.js'
import { inlineOf } from '../../src/report/inline.js'
import { openTemplates } from '../../src/report/render.js'
import { alive, shape } from './inert.js'
import { HOSTILE, hostile, LOOKUPS } from './reviews.js'

const templates = openTemplates()
const extras = { commands: [{ usage: '/dba help', does: 'lists what can be asked' }] }
const everywhere = { changed: () => [{ start: 1, length: 1_000 }], removed: () => false }

/** Each text that GitHub is sent as Markdown. */
const REPORTS: Readonly<Record<string, (review: Review) => string>> = {
  comment: (review) => commentOf(review, extras, LOOKUPS, templates),
  'check run, summary': (review) => checkRunOf(review, extras, LOOKUPS, templates).summary,
  'check run, text': (review) => checkRunOf(review, extras, LOOKUPS, templates).text,
  'comments on lines': (review) =>
    inlineOf(review, everywhere, LOOKUPS, templates)
      .map(({ body }) => body)
      .join('\n\n'),
}

/** The corpus of hostile output: names, SQL, branches and messages that try to be more than text. */
const CORPUS: Readonly<Record<string, string>> = {
  ...HOSTILE,
  O01: '`|<br>@org/team #1 ``',
  O02: 'm/a\n`b`]]>%0A::error::x\r\n\u202egnp.sql',
  O03: 'zzz";echo${IFS}x;#',
  O04: `${'`'.repeat(50)} </details> <!-- dba-state --> ${'`'.repeat(50)}`,
  O08: '::add-mask::x\n::stop-commands::y',
  O09: '\u001b]8;;https://evil.example\u0007x\u001b]8;;\u0007',
  T27: '@org/team Closes #1 ![x](https://evil.example/x.png) ✅ **Approved** </details>',
  'a heading below': 'x\n===\ny\n---',
  'an ordered list': '1. one\n2) two',
  'a task': '[ ] do [x] done - [ ] x',
  'a quote': '> quoted\n>> twice',
  'a reference': '[x]: https://evil.example\n[x]',
  'a footnote': '[^1]\n\n[^1]: x',
  'a line that begins with a tab': '\tcode\n    code',
  'an entity': '&#64;org &commat;org &#35;1 &lt;b&gt; &#x3c;img&#x3e;',
  'an escape before an escape': '\\@org \\#1 \\\\<b> \\`x` \\| |',
  'a break': 'one  \ntwo\\\nthree',
  'an address in brackets': '<https://evil.example> <mailto:a@b.example>',
  'an address of mail': 'mail a.b+c@d.example now',
  'other schemes': 'ftp://evil.example mailto:a@b.example xmpp:a@b.example/c HTTP://EVIL.example WWW.evil.example',
  'an issue by address': 'https://github.com/acme/shop/issues/1 acme/shop#1 acme#1 GH-1 gh-1',
  'a fence of tildes': '~~~\nx\n~~~',
  'a comment': '<!-- --> <?php ?> <!DOCTYPE x> <![CDATA[x]]>',
  'a mark of ours': '<!-- dba:review --> <!-- dba:finding 0011223344556677 -->',
  mathematics: '$\\color{green}{Approved}$ $$x$$ $`x`$',
  'a suggestion': '```suggestion\nDROP TABLE users;\n```',
}

const plain = hostile('orders')

describe.each(Object.entries(REPORTS))('%s', (_, render) => {
  const expected = shape(render(plain))

  test('the plain one is whole, and nothing in it is alive', () => {
    expect(alive(render(plain))).toEqual([])
    expect(expected.filter((line) => /code|inlineCode/.test(line)).length).toBeGreaterThan(0)
  })

  test.each(Object.entries(CORPUS))('nothing in it comes to life: %s', (_, text) => {
    expect(alive(render(hostile(text)))).toEqual([])
  })

  const short = { ...CORPUS, long: 'x' }
  const fragments = Object.values(short).flatMap((text) => text.split(/(?<=\s)|(?=[`|<>@#[\]()*_~$\\&])/))
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.array(fc.constantFrom(...fragments), { maxLength: 12 }).map((parts) => parts.join('')),
    fc
      .array(fc.constantFrom(...'`~|<>@#[](){}*_$\\&!:/-+=.1aW \t\n\r'), { maxLength: 30 })
      .map((parts) => parts.join('')),
  )
  test('nothing in it comes to life, whatever the text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(alive(render(hostile(text)))).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  test('no text changes the shape of what is around it', () => {
    const words = texts.map((text) => `a${text}z`).filter((text) => !/[\n\r]/.test(text))
    fc.assert(
      fc.property(words, (text) => {
        expect(shape(render(hostile(text)))).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })
})
