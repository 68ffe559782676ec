import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import mermaid from 'mermaid'
import type { DrawnTable, Picture } from '../../src/model/evidence.js'
import { drawing } from '../../src/report/erd.js'
import { openTemplates } from '../../src/report/render.js'
import { HOSTILE } from './reviews.js'

/** What Mermaid itself makes of a diagram. */
async function read(text: string) {
  // Reads what stands before and around a diagram: directives, comments, front matter.
  expect(await mermaid.parse(text)).toEqual({ diagramType: 'er', config: {} })
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text)
  const entities = (db as unknown as { getEntities(): Map<string, Entity> }).getEntities()
  const relationships = (db as unknown as { getRelationships(): readonly Relationship[] }).getRelationships()
  return { entities: [...entities.values()], relationships }
}
interface Entity {
  readonly id: string
  readonly label: string
  readonly alias: string
  readonly attributes: readonly {
    readonly type: string
    readonly name: string
    readonly keys: readonly string[]
    readonly comment: string
  }[]
}
interface Relationship {
  readonly entityA: string
  readonly entityB: string
  readonly roleA: string
  readonly relSpec: { readonly cardA: string; readonly cardB: string }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

function pictureOf(names: readonly string[], types: readonly string[]): Picture {
  // PostgreSQL takes no empty name.
  const unique = [...new Set(names.map((each) => (each === '' ? '_' : each)))]
  const tables = unique.map((name, at): DrawnTable => ({
    name: `public.${quoted(name)}`,
    change: ([null, 'added', 'dropped', 'altered'] as const)[at % 4] ?? null,
    columns: unique.map((column, i) => ({
      name: quoted(column),
      type: types[i % types.length] ?? 'text',
      keys: i === 0 ? ['PK', 'FK'] : [],
      change: i % 2 === 0 ? 'added' : null,
    })),
    more: 0,
    parts: [],
  }))
  const relations = tables.map(({ name }, at) => ({
    from: name,
    columns: unique.slice(0, 2).map(quoted),
    to: tables[(at + 1) % tables.length]?.name ?? name,
    optional: at % 2 === 0,
    unique: at % 3 === 0,
    change: at % 2 === 0 ? ('dropped' as const) : null,
  }))
  return { tables, relations, more: 0, partitions: 0 }
}

/** The picture is read back as what was drawn: so many tables, columns and keys, and nothing else. */
async function expectDrawn(picture: Picture): Promise<void> {
  const { mermaid: text, left } = drawing(picture, 1_000_000)
  expect(left).toEqual([])
  const page = openTemplates().render('check-run', {
    ...EMPTY_PAGE,
    pictures: { summary: 'Picture', rows: [{ root: '', drawing: text, left: '' }], more: '' },
  })
  // The block holds the diagram as it is, to the fence that ends it.
  expect(page.match(/^(`{3,})mermaid\n([^]*?)\n\1$/m)?.[2]).toBe(text)
  const { entities, relationships } = await read(text)
  expect(entities.length).toBe(picture.tables.length)
  expect(entities.map(({ attributes }) => attributes.length)).toEqual(
    picture.tables.map(({ columns }) => columns.length),
  )
  expect(relationships.length).toBe(picture.relations.length)
  for (const [at, { columns }] of picture.tables.entries()) {
    const attributes = entities[at]?.attributes ?? []
    expect(attributes.map(({ keys }) => keys)).toEqual(columns.map(({ keys }) => keys))
    for (const { name, type } of attributes) {
      expect(name).toMatch(OLDEST_WORD)
      expect(type).toMatch(OLDEST_WORD)
    }
  }
}

/** What Mermaid 10 and 11.0 to 11.4 take for an attribute's type and name (packages/mermaid/src/diagrams/er/parser/erDiagram.jison). */
const OLDEST_WORD = /^[*A-Za-z_][A-Za-z0-9\-_[\]()]*$/

const EMPTY_PAGE = {
  ...{ mark: '', title: '', subject: '', base: '', head: '', needs: '', open: [], moreOpen: '', blocking: [] },
  ...{ moreBlocking: null, proofs: null, locks: null, schemas: null, plans: null, statements: null, advice: null },
  ...{ suppressions: null, notes: null, gates: [], omitted: '' },
}

/** Words and marks that mean something to Mermaid's grammar, to its configuration or to the Markdown around it. */
const SPELLS = [
  ...[
    '"',
    '\n',
    '\r\n',
    '`',
    '```',
    '````mermaid',
    '%%',
    '%%{init: {"theme":"dark"}}%%',
    '---\ntitle: x\n---',
    '\\',
    '\\n',
  ],
  ...['direction TB', 'direction  LR', 'accTitle: x', 'accDescr { x }', 'title x', 'erDiagram', 'classDef x fill:red'],
  ...[
    'style a fill:#f00',
    'class a b',
    ':::x',
    'subgraph',
    'end',
    'one',
    'only one',
    'zero or more',
    'many(0)',
    '1',
    '1+',
  ],
  ...['to', 'optionally to', '||--o{', '}o..||', 'u', 'pk', 'FK', 'uk', 'pk-x', 'fké', '#35;', '#quot;', '&quot;', ';'],
  ...['<script>alert(1)</script>', '</details>', '[x](javascript:alert)', '**bold**', '__proto__', 'constructor'],
  ...['größe', '表', '😀', '👩‍👩‍👧', '\u202e', '\u200b', '\u2028', 'a b', 'a.b', 'a~b~c', '$$x$$', '{', '}', ' ', '\t'],
  ...Object.values(HOSTILE).map((text) => text.slice(0, 63)),
]
const name = fc.oneof(
  fc.constantFrom(...SPELLS),
  fc.array(fc.constantFrom(...SPELLS), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('').slice(0, 63)),
  fc.string({ maxLength: 63, unit: 'binary' }),
  fc.string({ maxLength: 20, unit: 'grapheme' }),
)

describe('the picture', () => {
  test.each(SPELLS)('takes %j for a name', async (spell) =>
    expectDrawn(pictureOf([spell, 'b'], [quoted(spell), 'text'])),
  )

  test('no name breaks it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(name, { minLength: 1, maxLength: 4 }),
        fc.array(name, { minLength: 1, maxLength: 3 }),
        (names, types) => expectDrawn(pictureOf(names, types)),
      ),
      { numRuns: 300 },
    )
  }, 120_000)

  test('says how many rows refer to how many', async () => {
    const kinds = [false, true].flatMap((optional) => [false, true].map((unique) => ({ optional, unique })))
    const picture: Picture = {
      tables: ['public.a', 'public.b'].map((table) => ({ name: table, change: null, columns: [], more: 0, parts: [] })),
      relations: kinds.map((kind) => ({ from: 'public.a', columns: ['b_id'], to: 'public.b', ...kind, change: null })),
      more: 0,
      partitions: 0,
    }
    const { relationships } = await read(drawing(picture, 10_000).mermaid)
    // `cardB` is written beside the first table, `b`, which is referred to.
    expect(relationships.map(({ relSpec }) => [relSpec.cardB, relSpec.cardA])).toEqual([
      ['ONLY_ONE', 'ZERO_OR_MORE'],
      ['ONLY_ONE', 'ZERO_OR_ONE'],
      ['ZERO_OR_ONE', 'ZERO_OR_MORE'],
      ['ZERO_OR_ONE', 'ZERO_OR_ONE'],
    ])
  })

  test.each([
    [100_000, 20, 800, []],
    [20_000, 20, 20, ['780 columns of 20 tables']],
    [1_000, 20, 0, ['800 columns of 20 tables']],
    [150, 5, 0, ['15 more tables', '200 columns of 5 tables']],
    [20, 0, 0, ['20 more tables']],
  ])('in %d characters: %d tables with %d columns', async (most, tables, columns, left) => {
    const wide = Array.from({ length: 20 }, (_, at): DrawnTable => ({
      name: `public.table_number_${at}`,
      change: null,
      columns: Array.from({ length: 40 }, (_, i) => ({
        name: `column_number_${i}`,
        type: 'timestamp with time zone',
        keys: i === 0 ? ['PK'] : [],
        change: null,
      })),
      more: 0,
      parts: [],
    }))
    const drawn = drawing({ tables: wide, relations: [], more: 0, partitions: 0 }, most)
    expect(drawn.mermaid.length).toBeLessThanOrEqual(Math.max(most, 'erDiagram'.length))
    expect(drawn.left).toEqual(left)
    if (tables === 0) return
    const { entities } = await read(drawn.mermaid)
    expect([entities.length, entities.flatMap(({ attributes }) => attributes).length]).toEqual([tables, columns])
  })

  test.each([
    ['character varying(20)', 'varchar(20)'],
    ['timestamp(3) with time zone', 'timestamptz(3)'],
    ['timestamp without time zone', 'timestamp'],
    ['time with time zone', 'timetz'],
    ['numeric(10,2)', 'numeric(10_2)'],
    ['public.mood[]', 'mood[]'],
    ['"FK"', '_FK'],
    ['"1st"', '_1st'],
  ])('writes the type %s as %s', (type, word) => {
    const columns = [{ name: 'c', type, keys: [], change: null }]
    const { mermaid: text } = drawing(
      { ...pictureOf(['a'], []), tables: [{ name: 'a', change: null, columns, more: 0, parts: [] }] },
      1_000,
    )
    expect(text).toContain(`    ${word} c\n`)
  })
})
