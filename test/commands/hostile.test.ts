import { beforeAll, describe, expect, test } from '@jest/globals'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { commands } from '../../src/commands/index.js'
import { parse } from '../../src/commands/parse.js'
import { respond } from '../../src/commands/respond.js'
import type { Review } from '../../src/model/review.js'
import { loadParsers } from '../../src/sql/parse.js'
import { HOSTILE, hostile, huge } from '../report/reviews.js'
import { contextOf, reviewOf } from './context.js'

let review: Review
beforeAll(async () => {
  await loadParsers({ majors: [18] })
  review = reviewOf()
})

interface Node {
  readonly type: string
  readonly value?: string
  readonly children?: readonly Node[]
}

/** What a reply has beside plain text, code and the folds of the templates. */
function alive(markdown: string): readonly string[] {
  const tree = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as Node
  const walk = ({ type, value = '', children = [] }: Node): readonly string[] => {
    const inner = children.flatMap(walk)
    if (type === 'text' && /(?:^|\W)@\w|#\d|GH-\d/.test(value)) return [`${type}: ${value}`, ...inner]
    if (/^(?:link|image|footnote|definition)/.test(type)) return [`${type}: ${value}`, ...inner]
    if (type === 'html' && /[<](?!\/?(?:details|summary)>)|[@#](?=\w)/.test(value))
      return [`${type}: ${value}`, ...inner]
    return inner
  }
  return walk(tree)
}

/** Words that try to be more than words. */
const WORDS: Readonly<Record<string, string>> = {
  ...HOSTILE,
  shell: '$(id)',
  ticks: '`id`',
  sql: "'; drop table users; --",
  team: '@org/all',
  image: '<img src=//x>',
  javascript: '[x](javascript:alert(1))',
  fold: '</details></summary>',
  runner: '::set-env name=a::b',
  encoded: '%0A::error::x',
  number: '99999999',
  negative: '-1',
  path: '../../etc/passwd',
  proto: '__proto__',
  built: 'constructor',
  empty: '',
}

describe('T27: what people write comes back as text, if at all', () => {
  test.each(Object.entries(WORDS))('%s', (_, word) => {
    const line = word.replace(/[\r\n]+/g, ' ')
    const quoted = `"${line.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
    for (const name of [...commands.map((command) => command.name), line]) {
      for (const rest of [line, quoted, `reason=${quoted}`, `${quoted} reason=${quoted}`]) {
        const answer = respond(`/dba ${name} ${rest}`.slice(0, 5_000), contextOf(review))
        expect(alive(answer?.reply ?? '')).toEqual([])
        expect(answer?.reply ?? '').not.toMatch(/^::|\n::/)
        // A reply is never read as a command, whoever should read it.
        expect(parse(answer?.reply ?? '').commands).toEqual([])
      }
    }
  })
})

describe('T27: what a pull request is made of comes back as text', () => {
  test.each(Object.entries(HOSTILE))('%s', (_, text) => {
    const dirty = hostile(text)
    for (const { name } of commands) {
      const body =
        name === 'describe' ? `/dba describe "${text.slice(0, 100).replace(/["\r\n\\]/g, '')}"` : `/dba ${name}`
      expect(alive(respond(body, contextOf(dirty))?.reply ?? '')).toEqual([])
    }
  })
})

test('however large the report, replies fit, also five of them', () => {
  for (const { name } of commands) {
    const reply = respond(`/dba ${name}`, contextOf(huge))?.reply ?? ''
    expect(Buffer.byteLength(reply)).toBeLessThanOrEqual(65_536)
  }
  const five = respond('/dba explain\n/dba plan\n/dba diff\n/dba erd\n/dba locks\n/dba help', contextOf(huge))
  expect(Buffer.byteLength(five?.reply ?? '')).toBeLessThanOrEqual(65_536)
  expect(five?.reply).toContain('1 more were not run')
}, 120_000)
