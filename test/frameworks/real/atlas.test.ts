import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { cutsOf } from '../../../src/frameworks/sql/atlas-cuts.js'
import { sourceText } from '../../../src/source/source-text.js'
import { findingsOf } from '../findings.js'
import { repository } from '../tree.js'
import { ATLAS } from './atlas-program.js'
import { withTool } from './fetching.js'
import { behaves, ran, type Place, type Run } from './scene.js'

const fixture = repository('atlas-basic')
const BASE = Object.fromEntries(fixture.paths.map((path) => [path, fixture.read(path)?.text ?? '']))
const SUM = BASE['db/migrations/atlas.sum'] ?? ''

const at = (name: string): string => `db/migrations/${name}`
const sql = (table: string): string => `CREATE TABLE ${table} (id int);\n`
const A = { [at('atlas.sum')]: '', [at('1_a.sql')]: sql('a') }
const B = { [at('3_b.sql')]: sql('b') }
const CHECKPOINT = `-- atlas:checkpoint\n\n${sql('a')}${sql('b')}`

await withTool(ATLAS, async (program) => {
  const apply =
    (mode: string, order: string) =>
    async (place: Place): Promise<Run> => {
      const folder = join(place.folder, place.root)
      const hashed = await ran(program, ['hash', folder], place.folder)
      return hashed.done ? ran(program, ['apply', folder, place.url, mode, order], place.folder) : hashed
    }
  const unhashed = (place: Place): Promise<Run> =>
    ran(program, ['apply', join(place.folder, place.root), place.url, 'file', 'linear'], place.folder)

  await behaves(
    { id: 'atlas', books: 'atlas_schema_revisions', up: apply('file', 'linear') },
    ['atlas-basic', 'atlas-checkpoint'],
    [
      {
        name: 'an edited migration is not run again',
        base: { ...A, ...B },
        pull: { [at('1_a.sql')]: sql('c') },
        stops: null,
        tables: 'a b',
        finding: 'Atlas does not run it again, so databases that ran the old text never get the change',
      },
      {
        name: 'without a new sum file it stops at an edited migration',
        base: { ...A, ...B },
        pull: { [at('1_a.sql')]: sql('c') },
        then: unhashed,
        stops: /checksum mismatch/,
        tables: 'a b',
        finding: 'without a new atlas.sum it stops on every database',
      },
      {
        name: 'it says nothing when a migration is gone',
        base: { ...A, ...B },
        pull: { [at('1_a.sql')]: null },
        stops: null,
        tables: 'a b',
        finding: 'Atlas says nothing once atlas.sum is written anew',
      },
      {
        name: 'it says nothing when the newest migration is gone',
        base: { ...A, ...B },
        pull: { [at('3_b.sql')]: null, [at('4_c.sql')]: sql('c') },
        stops: null,
        tables: 'a b c',
        finding: 'Atlas says nothing once atlas.sum is written anew',
      },
      {
        name: 'a late migration is refused',
        base: { ...A, ...B },
        pull: { [at('2_c.sql')]: sql('c') },
        stops: /migration file 2_c\.sql was added out of order/,
        tables: 'a b',
        finding: 'Atlas refuses to run on every database that is past it',
      },
      {
        name: 'a late migration is run when it is told so',
        base: { ...A, ...B },
        pull: { [at('2_c.sql')]: sql('c') },
        then: apply('file', 'non-linear'),
        stops: null,
        tables: 'a b c',
        finding: 'unless --exec-order says non-linear, which runs it',
      },
      {
        name: 'a late migration is skipped when it is told so',
        base: { ...A, ...B },
        pull: { [at('2_c.sql')]: sql('c') },
        then: apply('file', 'linear-skip'),
        stops: null,
        tables: 'a b',
        finding: 'or linear-skip, which leaves it out',
      },
      {
        name: 'a migration before the first that was applied is skipped silently, whatever it is told',
        base: { ...A, ...B },
        pull: { [at('0_c.sql')]: sql('c') },
        then: apply('file', 'non-linear'),
        stops: null,
        tables: 'a b',
        finding: 'one that sorts before the first that ran there is left out without a word in any case',
      },
      {
        name: 'it passes over the second of one version where the first was applied',
        base: { ...A, ...B },
        pull: { [at('3_c.sql')]: sql('c') },
        stops: null,
        tables: 'a b',
        finding: 'Atlas passes over one where the other was applied before',
      },
      {
        name: 'it crashes at the second of two new ones of one version',
        base: { ...A, ...B },
        pull: { [at('4_c.sql')]: sql('c'), [at('4_d.sql')]: sql('d') },
        stops: /panic: runtime error: index out of range/,
        tables: 'a b c',
        finding: 'fails at the second of two new ones',
      },
      {
        name: 'of a file without a transaction that fails, what ran stays',
        base: { ...A, [at('3_b.sql')]: sql('b') },
        pull: { [at('4_c.sql')]: `-- atlas:txmode none\n\n${sql('c')}SELECT 1 / 0;\n` },
        stops: /division by zero/,
        tables: 'a b c',
        finding: null,
      },
      {
        name: 'a file that fails leaves nothing',
        base: { ...A, ...B },
        pull: { [at('4_c.sql')]: `${sql('c')}SELECT 1 / 0;\n` },
        stops: /division by zero/,
        tables: 'a b',
        finding: null,
      },
      {
        name: 'told all, the files before it leave nothing either',
        base: { ...A, ...B },
        pull: { [at('4_c.sql')]: sql('c'), [at('5_d.sql')]: `${sql('d')}SELECT 1 / 0;\n` },
        then: apply('all', 'linear'),
        stops: /division by zero/,
        tables: 'a b',
        finding: null,
      },
      {
        name: 'told all, it refuses a file that asks for none',
        base: { ...A, ...B },
        pull: { [at('4_c.sql')]: `-- atlas:txmode none\n\n${sql('c')}` },
        then: apply('all', 'linear'),
        stops: /cannot set txmode directive to "none" in "4_c.sql" when txmode "all" is set globally/,
        tables: 'a b',
        finding: null,
      },
      {
        name: 'a carriage return in the empty line after it makes a directive void',
        base: { ...A, ...B },
        pull: { [at('4_i.sql')]: '-- atlas:txmode none\r\n\r\nCREATE INDEX CONCURRENTLY i ON a (id);\r\n' },
        stops: /CREATE INDEX CONCURRENTLY cannot run inside a transaction block/,
        tables: 'a b',
        finding: 'concurrently-in-transaction',
      },
      {
        name: 'an archive is run as SQL from its first line to its last, where there is no account',
        base: { ...A, ...B },
        pull: {
          [at('4_c.sql')]: `-- atlas:txtar\n\n-- migration.sql --\n${sql('c')}\n-- down.sql --\nDROP TABLE c;\n`,
        },
        stops: null,
        tables: 'a b',
        finding: null,
      },
      {
        name: 'a checkpoint is passed over by a database that exists',
        base: { ...A, ...B },
        pull: { [at('4_all.sql')]: CHECKPOINT, [at('5_c.sql')]: sql('c') },
        stops: null,
        tables: 'a b c',
        finding: null,
      },
    ],
  )

  test.each([
    ['the fixture', {}, true],
    ['an edit', { 'db/migrations/20240110090000_authors.sql': 'SELECT 2;\n' }, false],
    ['a comment more', { 'db/migrations/20240110090000_authors.sql': '-- a\n' }, false],
    ['a late file', { 'db/migrations/20240111090000_late.sql': 'SELECT 1;\n' }, false],
    ['a new file', { 'db/migrations/20250101000000_new.sql': 'SELECT 1;\n' }, false],
    ['an ignored file before others', { 'db/migrations/2023_x.sql': '-- atlas:sum ignore\n\nSELECT 1;\n' }, false],
    ['a sum without its last line end', { 'db/migrations/atlas.sum': SUM.trimEnd() }, true],
    ['a sum with CRLF', { 'db/migrations/atlas.sum': SUM.replace(/\n/g, '\r\n') }, true],
    ['marks of a merge', { 'db/migrations/atlas.sum': `<<<<<<< a\n${SUM}` }, false],
  ])('the sum fits, or not, as Atlas finds: %s', async (_, change, fits) => {
    const files: Record<string, string> = { ...BASE, ...change }
    const folder = mkdtempSync(join(tmpdir(), 'dba-atlas-'))
    try {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), text)
      }
      const run = await ran(program, ['validate', join(folder, 'db/migrations')], folder)
      expect(run).toEqual({ done: fits, said: fits ? '' : expect.stringMatching(/checksum/) })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    const said = findingsOf(BASE, files).filter((line) => line.startsWith('checksum-manifest-not-updated'))
    expect(said).toHaveLength(fits ? 0 : 1)
  })

  const cutsOfAtlas = async (texts: readonly string[]): Promise<readonly (readonly string[] | null)[]> => {
    const folder = mkdtempSync(join(tmpdir(), 'dba-atlas-'))
    try {
      const paths = texts.map((text, index) => {
        const path = join(folder, `${index}.sql`)
        writeFileSync(path, text)
        return path
      })
      return JSON.parse((await ran(program, ['cut', ...paths], folder)).said) as (string[] | null)[]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  test('files are cut as Atlas cuts them', async () => {
    const texts = [...TEXTS, ...composed(2000)]
    const expected = await cutsOfAtlas(texts)
    const found = texts.map(cut)
    texts.forEach((text, index) => expect([text, found[index]]).toEqual([text, expected[index]]))
    // Both answers are there to be compared.
    expect(found.filter((one) => one === null).length).toBeGreaterThan(100)
    expect(found.filter((one) => (one?.length ?? 0) > 1).length).toBeGreaterThan(100)
  })
})

/** What we say that Atlas sends of a file; null where we say that it refuses it. */
function cut(text: string): readonly string[] | null {
  const directive = /^-- atlas:delimiter +(.+)\n/.exec(text)
  const delimiter = directive?.[1]?.replaceAll('\\n', '\n') ?? ';'
  const bytes = Buffer.from(text)
  const cuts = cutsOf(sourceText('a.sql', text), { start: directive?.[0].length ?? 0, end: bytes.length }, delimiter)
  if (cuts.kind === 'refused') return null
  return cuts.pieces.map(({ start, end }) => {
    const piece = bytes.subarray(start, end).toString()
    return (delimiter !== ';' && piece.endsWith(delimiter) ? piece.slice(0, -delimiter.length) : piece).trim()
  })
}

const TEXTS = [
  'SELECT \'a;b\', "c;d", $$e;f$$, $g$h;$$i;$g$; SELECT 1',
  'CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3;',
  "SELECT E'it\\'s; so'; SELECT 1;",
  'SELECT 1; -- a; b\nSELECT 2 -- c; d\n; SELECT 3; -- it’s the end',
  "SELECT 1; -- it's the end",
  '/* a; /* b; */ c; */ SELECT 1;',
  'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END; SELECT 2;',
  'BEGIN; SELECT 1; COMMIT;',
  'BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; END; SELECT 2;',
  'BEGIN TRANSACTION; SELECT 1; COMMIT;',
  'DO $do$ BEGIN PERFORM 1; END $do$; SELECT 1;',
  '-- atlas:delimiter \\n\\n\nSELECT 1;\nSELECT 2;\n\nSELECT 3;\n\n\n\nSELECT 4',
  '-- atlas:delimiter -- end\nSELECT 1; SELECT 2;\n-- end\nSELECT 3;\n-- end\n',
  '-- a leading comment;\n\n-- another\nSELECT 1;',
  ';;SELECT 1;;',
  '',
]

/** Texts of words that mean something where text is cut, the same ones each time. */
function composed(count: number): readonly string[] {
  const words = [
    'a',
    ';',
    '; ',
    '\n',
    "'",
    '"',
    '`',
    '(',
    ')',
    '$$',
    '$a$',
    '--',
    '-- b\n',
    '/*',
    '*/',
    'é',
    '€😀',
    ' ',
  ]
  const blocks = ['BEGIN ', 'BEGIN', ' BEGIN ATOMIC ', 'END', 'END;', ' END ', 'begin\n', 'SELECT 1;', 'x']
  const word = fc.oneof(fc.constantFrom(...words), fc.constantFrom(...blocks))
  return fc.sample(
    fc.array(word, { maxLength: 24 }).map((all) => all.join('')),
    { numRuns: count, seed: 7 },
  )
}
