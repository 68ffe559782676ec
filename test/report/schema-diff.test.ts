import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { SchemaChange } from '../../src/model/evidence.js'
import type { Review } from '../../src/model/review.js'
import { markdown } from '../../src/report/markdown.js'
import { diffOf } from '../../src/report/schema-diff.js'
import { blocked, HOSTILE, LOOKUPS } from './reviews.js'

const change = (kind: string, name: string, before: string | null, after: string | null): SchemaChange => {
  const table = ['table', 'column', 'constraint', 'index'].includes(kind) ? 'public.orders' : null
  return { kind, name, table, before, after }
}
const shown = (...changes: readonly SchemaChange[]): readonly string[] =>
  diffOf(changes).map(({ sign, text }) => `${sign} ${text}`.trimEnd())

test.each<[SchemaChange, readonly string[]]>([
  [change('table', 'public.orders', null, 'table'), ['+ table orders']],
  [
    change('table', 'public.orders', 'table', 'unlogged, table'),
    ['- table orders', '+ table orders (unlogged, table)'],
  ],
  [change('column', 'note', null, "text DEFAULT 'public.x'"), ['  table orders', "+   note text DEFAULT 'public.x'"]],
  [change('column', '"public.a"', 'public.mood', null), ['  table orders', '-   "public.a" mood']],
  [
    change('constraint', 'c', null, 'FOREIGN KEY (a) REFERENCES public.b(id)'),
    ['  table orders', '+   constraint c FOREIGN KEY (a) REFERENCES b(id)'],
  ],
  [change('enum', 'public.mood', "'a'", "'a', 'b'"), ["- enum mood ('a')", "+ enum mood ('a', 'b')"]],
  [change('view', 'public.v', null, ' SELECT 1;'), ['+ view v AS', '+  SELECT 1;']],
  [change('extension', 'citext', null, 'version 1.6'), ['+ extension citext: version 1.6']],
  [change('collation', 'public.c', null, ''), ['+ collation c']],
])('%j', (each, lines) => expect(shown(each)).toEqual(lines))

test('of a long text only what is around a difference', () => {
  const lines = Array.from({ length: 30 }, (_, i) => `line ${i}`)
  const text = (middle: string): string => lines.with(15, middle).join('\n')
  expect(shown(change('function', 'public.f()', text('old'), text('new')))).toEqual([
    ...['  line 0', '  line 1', '  line 2', '    … 9 unchanged lines', '  line 12', '  line 13', '  line 14'],
    ...['- old', '+ new'],
    ...['  line 16', '  line 17', '  line 18', '    … 8 unchanged lines', '  line 27', '  line 28', '  line 29'],
  ])
})

/** The blocks of a report in the language `diff`, as CommonMark finds them. */
function diffBlocks(report: string): readonly string[] {
  const blocks: string[] = []
  let fence: { readonly mark: string; readonly language: string; readonly lines: string[] } | null = null
  for (const line of report.split('\n')) {
    const [, mark = '', language = ''] = /^(`{3,})([^`]*)$/.exec(line) ?? []
    if (fence !== null && line.trim() === line && mark.length >= fence.mark.length && language === '') {
      if (fence.language === 'diff') blocks.push(fence.lines.join('\n'))
      fence = null
    } else if (fence !== null) fence.lines.push(line)
    else if (mark !== '') fence = { mark, language, lines: [] }
  }
  expect(fence).toBeNull()
  return blocks
}

const text = fc.oneof(
  fc.constantFrom(
    ...Object.values(HOSTILE).map((hostile) => hostile.slice(0, 200)),
    '```',
    '\n```\n',
    '~~~',
    '\r',
    '- x',
    '+',
  ),
  fc.string({ maxLength: 60, unit: 'binary' }),
  fc
    .array(fc.constantFrom('`', '\n', ' ', '\r\n', 'a', '~', '"', "'"), { maxLength: 30 })
    .map((parts) => parts.join('')),
)

test('no name and no definition ends the block, and each line of it has its sign', () => {
  const changes = fc.array(
    fc.record<SchemaChange>({
      kind: fc.constantFrom('table', 'column', 'index', 'view', 'function', 'enum', 'grants on table'),
      name: text,
      table: fc.option(text),
      before: fc.option(text),
      after: fc.option(text),
    }),
    { minLength: 1, maxLength: 5 },
  )
  fc.assert(
    fc.property(changes, (some) => {
      const rehearsals = blocked.rehearsals.map((each) => ({ ...each, schema: { changes: some, more: 0 } }))
      const review: Review = { ...blocked, rehearsals }
      const blocks = diffBlocks(markdown(LOOKUPS).render(review))
      const blank = diffOf(some).every(({ sign, text: line }) => sign === ' ' && line.trim() === '')
      expect(blocks.length).toBe(blank ? 0 : 1)
      for (const line of blocks[0]?.split('\n') ?? []) expect(line).toMatch(/^(?:[-+ ]|$)/)
    }),
    { numRuns: 200 },
  )
}, 60_000)
