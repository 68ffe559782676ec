import { beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { sourceText } from '../../src/source/source-text.js'
import { loadParsers, parserHealth } from '../../src/sql/parse.js'
import { readScript } from '../../src/sql/script.js'
import { tokens } from '../../src/sql/tokens.js'

beforeAll(() => loadParsers({ majors: [15], second: true }))

const name = fc.constantFrom('t', 'größe', '"a;b"', '"ü "" 🚀"', 'таблица', 'U&"d\\0061t"')
const literal = fc.constantFrom(
  ...[
    "'a;b'",
    "'it''s -- not'",
    "E'\\';'",
    '$$;$$',
    "$é$ $$ '; /* $é$",
    "'é\n;'",
    "'a'\n'b;'",
    "'/*'",
    '-1',
    "U&'\\0441;'",
  ],
)
const gap = fc.constantFrom(
  ...[' ', '\n', '\r\n', '\t', ' /* ; */ ', '-- ; 🚀 é\n', "/* it's /* nested; */ */", '-- $$\r\n', '\f'],
)
const blank = fc.array(gap, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''))

/** Tokens of one statement, to be joined by any blanks. */
const statement = fc.oneof(
  fc.tuple(name, literal).map(([table, value]) => ['insert', 'into', table, 'values', '(', value, ',', value, ')']),
  fc.tuple(name, name).map(([table, column]) => ['alter', 'table', table, 'add', 'column', column, 'int']),
  fc.tuple(name, literal).map(([column, value]) => ['select', value, 'as', column]),
  name.map((table) => [
    'create',
    'function',
    table,
    '()',
    'returns int',
    'begin',
    'atomic',
    'select 1;',
    'select 2;',
    'end',
  ]),
  literal.map((value) => ['do', `$do$ begin perform ${value}; end; $do$`]),
)
const file = fc.record({
  head: blank,
  statements: fc.array(
    fc.record({
      words: statement,
      blanks: fc.array(blank, { minLength: 12, maxLength: 12 }),
      after: fc.constantFrom(';', ';;', ' ; ', '/* ; */;', '; -- ;\r\n', ';\n\n'),
    }),
    { maxLength: 8 },
  ),
  open: fc.boolean(),
  tail: blank,
})

test('statements are exactly the statements written, in order, and nothing else is left over', () => {
  fc.assert(
    fc.property(file, ({ head, statements, open, tail }) => {
      const written = statements.map(({ words, blanks }) =>
        words.map((word, i) => (i === 0 ? word : `${blanks[i]}${word}`)).join(''),
      )
      const last = written.length - 1
      const body = written.map((sql, i) => sql + (open && i === last ? '' : (statements[i]?.after ?? ''))).join('')
      const text = `${head}${body}${tail}`
      const source = sourceText('m.sql', text)
      const script = readScript(source, { postgres: 15, thorough: true }, { transaction: 'one' })
      if (script.kind !== 'script') throw new Error(JSON.stringify([script, text]))

      expect(script.statements.map(({ sql }) => sql)).toEqual(written)
      expect(script.statements.map(({ span }) => source.slice(span))).toEqual(written)
      expect(script.gaps.filter(({ message }) => !message.startsWith('DO block'))).toEqual([])

      const bytes = Buffer.from(text)
      let end = 0
      let between = ''
      for (const { bytes: range } of script.statements) {
        if (range === null) throw new Error('a written statement has no bytes')
        expect(range.start).toBeGreaterThanOrEqual(end)
        expect(range.end).toBeGreaterThan(range.start)
        between += `${bytes.toString('utf8', end, range.start)}\n`
        end = range.end
      }
      between += bytes.toString('utf8', end)
      expect(tokens(between).filter(({ kind, text: token }) => kind !== 'comment' && token !== ';')).toEqual([])
      expect(script.comments.map(({ span }) => source.slice(span))).toEqual(
        tokens(text).flatMap((token) => (token.kind === 'comment' ? [token.text] : [])),
      )
    }),
    { numRuns: 600 },
  )
  expect(parserHealth().poisonings).toBe(0)
})

test('no text at all makes the reading throw or break the parser', () => {
  const sign = fc.constantFrom(
    ...[
      "'",
      '"',
      '$$',
      '$a$',
      '--',
      '/*',
      '*/',
      ';',
      '(',
      ')',
      '\\',
      '\n',
      ' ',
      'E',
      'select',
      'copy t from stdin',
      '{{',
      '}}',
      '${',
      '}',
      ':a',
      '%(x)s',
      'é',
      '1',
      'begin',
      'end',
      '\\g',
      '\\.',
    ],
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(sign, fc.string({ unit: 'binary', maxLength: 2 })), { maxLength: 30 }), (parts) => {
      const source = sourceText('m.sql', parts.join(''))
      const script = readScript(source, { postgres: 15, thorough: true }, { transaction: 'one' })
      for (const { sql, span } of script.kind === 'script' ? script.statements : [])
        expect(source.slice(span)).toBe(sql)
    }),
    { numRuns: 3_000 },
  )
  expect(parserHealth().poisonings).toBe(0)
})
