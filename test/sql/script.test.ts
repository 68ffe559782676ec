import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Script } from '../../src/model/migration.js'
import { sourceText } from '../../src/source/source-text.js'
import { startOf } from '../../src/source/span.js'
import { loadParsers } from '../../src/sql/parse.js'
import { readScript, readTranslated, type Reading } from '../../src/sql/script.js'

beforeAll(() => loadParsers({ majors: [15, 16, 17], second: true }))

const QUICK: Reading = { postgres: 18, thorough: false }
const THOROUGH: Reading = { postgres: 18, thorough: true }

function read(sql: string, reading: Reading = THOROUGH): Script {
  return readScript(sourceText('m.sql', sql), reading, { transaction: 'one' })
}
function statements(script: Script): readonly string[] {
  return script.kind === 'script' ? script.statements.map(({ sql }) => sql) : []
}
/** Each gap as `line: reason`. */
function gaps(script: Script): readonly string[] {
  if (script.kind !== 'script') return [`${script.kind}`]
  return script.gaps.map(({ at, bearing, message }) => `${at?.start.line} ${bearing}: ${message}`)
}

describe('plain files', () => {
  test.each([
    ['', []],
    ['\n-- nothing here\n', []],
    ['create table a (b int);\r\n\r\n-- é\r\ndrop table "c;d";', ['create table a (b int)', 'drop table "c;d"']],
    ["do $$ begin null; end $$; select 'a;b'", ['do $$ begin null; end $$', "select 'a;b'"]],
    ['copy t to stdout; select 1', ['copy t to stdout', 'select 1']],
    ['select a[1:2], 5 % 2, 10 %b from t', ['select a[1:2], 5 % 2, 10 %b from t']],
    ["select '${x}', '{{y}}', $$ :z $$", ["select '${x}', '{{y}}', $$ :z $$"]],
  ])('%j holds %j', (sql, expected) => {
    const script = read(sql)
    expect(gaps(script)).toEqual([])
    expect(statements(script)).toEqual(expected)
  })

  test('every statement knows its lines, its bytes and its order', () => {
    const script = read('-- ü\nselect 1;\n\n  drop table t\n  cascade;\n')
    expect(script).toMatchObject({
      kind: 'script',
      transaction: 'one',
      statements: [
        { index: 0, origin: 'written', bytes: { start: 6, end: 14 }, span: { start: { line: 2, column: 1 } } },
        {
          index: 1,
          sql: 'drop table t\n  cascade',
          span: { path: 'm.sql', start: { line: 4, column: 3 }, end: { line: 5, column: 10 } },
        },
      ],
      comments: [{ text: 'ü', span: { start: { line: 1, column: 1 }, end: { line: 1, column: 5 } } }],
    })
  })

  test('comments lose their markers', () => {
    const script = read('--a\nselect 1 /* b\n /* c */ */; --  \n')
    expect(script.kind === 'script' && script.comments.map(({ text }) => text)).toEqual(['a', 'b\n /* c */', ''])
  })

  test('a range is read as a text of its own, with places of the file', () => {
    const text = '-- +up é\ncreate table a ();\n-- +down\ndrop table a;\n'
    const start = Buffer.byteLength(text.slice(0, text.indexOf('-- +down')))
    const script = readScript(sourceText('m.sql', text), THOROUGH, {
      transaction: 'none',
      range: { start, end: Buffer.byteLength(text) },
    })
    expect(script).toMatchObject({
      kind: 'script',
      transaction: 'none',
      statements: [
        { index: 0, sql: 'drop table a', span: { start: { line: 4, column: 1 }, end: { line: 4, column: 13 } } },
      ],
      comments: [{ text: '+down', span: { start: { line: 3, column: 1 } } }],
    })
    const [statement] = script.kind === 'script' ? script.statements : []
    expect(Buffer.from(text).subarray(statement?.bytes?.start, statement?.bytes?.end).toString()).toBe('drop table a')
  })

  test('translated SQL stands where the call stands that it came from', () => {
    const at = startOf('versions/a.py')
    const script = readTranslated('create table a (); -- x\ndrop table b', at, THOROUGH, 'one')
    expect(script).toMatchObject({
      statements: [{ span: at, bytes: null, origin: 'translated' }, { span: at }],
      comments: [],
    })
    expect(readTranslated('create tabel a ()', at, THOROUGH, 'one')).toMatchObject({ cause: 'syntax', at })
  })
})

describe('what does not parse is refused with PostgreSQL’s words and the place', () => {
  test.each([
    ['select 1;\n-- ü 🚀\ncreate tabel t ();', 'syntax error at or near "tabel"', '3:8-3:13'],
    ['select (', 'syntax error at end of input', '1:8-1:9'],
    ["select 1;\nselect 'a\nb", 'unterminated quoted string', '2:8-3:2'],
    ['select 1;\n  /* a', 'unterminated /* comment', '2:3-2:7'],
    ['create table `a` (b int);', 'syntax error at or near "`"', '1:14-1:15'],
    ['create table a (b int)\nGO\n', 'syntax error at or near "GO"', '2:1-2:3'],
    ['DELIMITER //\nselect 1//', 'syntax error at or near "DELIMITER"', '1:1-1:10'],
    ['\\d\nselect 1;\nselect frm x y;', 'syntax error at or near "y"', '3:14-3:15'],
  ])('%j', (sql, reason, place) => {
    const script = read(sql)
    expect(script).toMatchObject({ kind: 'refused', cause: 'syntax', reason })
    if (script.kind !== 'refused') return
    const { start, end } = script.at
    expect(`${start.line}:${start.column}-${end.line}:${end.column}`).toBe(place)
  })

  test('the reason does not repeat a whole literal', () => {
    const script = read(`select 1 'é${'x'.repeat(10_000)}'`)
    expect(script.kind === 'refused' && script.reason.length < 400 && script.reason).toMatch(
      /^syntax error at or near "'éxxx/,
    )
  })

  test.each([
    [15, 'select 1;\nselect 0x1F', 'PostgreSQL 15 reads 0x1F as a number and a name', 2],
    [15, 'select 1_000', 'PostgreSQL 15 reads 1_000 as a number and a name', 1],
  ])('PostgreSQL %i does not reject %j, but misreads it', (postgres, sql, reason, line) => {
    for (const thorough of [true, false]) {
      expect(read(sql, { postgres, thorough })).toMatchObject({
        kind: 'refused',
        cause: 'version',
        reason,
        at: { start: { line } },
      })
    }
    expect(read(sql, { postgres: 16, thorough: true }).kind).toBe('script')
  })

  test.each([
    [
      15,
      'select 1;\nalter table t alter c set expression as (a + 1)',
      'not valid on PostgreSQL 15: syntax error at or near "expression"',
      2,
    ],
    [
      17,
      'create table t (a int, b int generated always as (a) virtual)',
      'not valid on PostgreSQL 17: syntax error at or near "virtual"',
      1,
    ],
  ])('PostgreSQL %i rejects %j', (postgres, sql, reason, line) => {
    expect(read(sql, { postgres, thorough: true })).toMatchObject({
      kind: 'refused',
      cause: 'version',
      reason,
      at: { start: { line } },
    })
    expect(read(sql, { postgres, thorough: false }).kind).toBe('script')
  })
})

describe('what is no SQL is a gap, and the rest is read', () => {
  test.each([
    [
      'select 1;\n\\d users\nselect 2;',
      ['select 1', 'select 2'],
      ['2 withholds: psql meta-command \\d is not SQL and is not reviewed'],
    ],
    ['\\i other.sql\nselect 1;', ['select 1'], ['1 withholds: psql meta-command \\i is not SQL and is not reviewed']],
    ["\\echo it's\nselect 1;", ['select 1'], ['1 withholds: psql meta-command \\echo is not SQL and is not reviewed']],
    [
      "select 'drop table t'\n\\gexec\nselect 2",
      ["select 'drop table t'", 'select 2'],
      ['2 withholds: psql meta-command \\gexec is not SQL and is not reviewed'],
    ],
    [
      'select 1\n\\d\n, 2; select 3',
      ['select 3'],
      [
        '1 withholds: a statement that is interrupted by other text is not reviewed',
        '2 withholds: psql meta-command \\d is not SQL and is not reviewed',
      ],
    ],
    [
      "copy t (a) from stdin;\n1\t'; drop table x;\n\\.\nselect 1;",
      ['copy t (a) from stdin', 'select 1'],
      ['2 withholds: data lines of COPY FROM stdin are not SQL and are not reviewed'],
    ],
    [
      'copy t from stdin with (format csv);\n1\nselect 1;',
      ['copy t from stdin with (format csv)'],
      ['2 withholds: data lines of COPY FROM stdin are not SQL and are not reviewed'],
    ],
    [
      '\\copy t from stdin\n1;\n\\.\nselect 1;',
      ['select 1'],
      [
        '1 withholds: psql meta-command \\copy is not SQL and is not reviewed',
        '2 withholds: data lines of COPY FROM stdin are not SQL and are not reviewed',
      ],
    ],
    [
      'select 1;\nalter table ${schema}.t\n add c int;\nselect 2;',
      ['select 1', 'select 2'],
      ['2 withholds: template placeholder ${schema} has no value here, so the statement cannot be read'],
    ],
    [
      'drop table {{ t }}; select 1',
      ['select 1'],
      ['1 withholds: template placeholder {{ t }} has no value here, so the statement cannot be read'],
    ],
    [
      'select a[1:2];\ndelete from t where a = :id;\nselect 2',
      ['select a[1:2]', 'select 2'],
      ['2 withholds: template placeholder :id has no value here, so the statement cannot be read'],
    ],
    [
      'delete from t where a = %(id)s;\nselect 10 % 3',
      ['select 10 % 3'],
      ['1 withholds: template placeholder %(id)s has no value here, so the statement cannot be read'],
    ],
    [
      'create function f() returns int begin atomic select 1; select ${x}; end; select 2',
      ['select 2'],
      ['1 withholds: template placeholder ${x} has no value here, so the statement cannot be read'],
    ],
    [
      'select é ü;\n\\! rm -rf é\nselect "ö" -- ü',
      ['select é ü', 'select "ö"'],
      ['2 withholds: psql meta-command \\! is not SQL and is not reviewed'],
    ],
  ])('%j', (sql, expected, expectedGaps) => {
    for (const reading of [QUICK, THOROUGH]) {
      const script = read(sql, reading)
      expect(gaps(script)).toEqual(expectedGaps)
      expect(statements(script)).toEqual(expected)
    }
  })

  test('a template does not excuse a mistake elsewhere', () => {
    expect(read('select ${x};\ncreate tabel t ();')).toMatchObject({
      kind: 'refused',
      cause: 'syntax',
      at: { start: { line: 2, column: 8 } },
    })
  })
})

describe('a DO block that was not understood in full is a gap', () => {
  test.each([
    ['do $$ begin alter table t add c int; end $$', []],
    [
      "do $$ begin execute 'DR' || 'OP TABLE users'; end $$",
      ['1 withholds: DO block runs SQL that it makes at run time'],
    ],
    [
      "select 1;\ndo language plpythonu $$ plpy.execute('x') $$",
      [
        '2 withholds: DO block runs SQL that it makes at run time',
        '2 withholds: DO block holds parts that cannot be read as SQL',
      ],
    ],
  ])('%j', (sql, expected) => {
    expect(gaps(read(sql, QUICK))).toEqual(expected)
  })
})

describe('nothing behind a change of lexing is read as if all were well', () => {
  const trick = "select 'a\\' , ' ; drop table victim; -- ';"
  test.each([
    ['set standard_conforming_strings = off;', 'standard_conforming_strings'],
    ['SET LOCAL Standard_Conforming_Strings TO false;', 'standard_conforming_strings'],
    ['set U&"standard\\005fconforming_strings" = off;', 'standard_conforming_strings'],
    ["select set_config('standard_conforming_strings', 'off', false);", 'standard_conforming_strings'],
    ["select pg_catalog.set_config(E'standard\\x5fconforming_strings', 'off', false);", 'standard_conforming_strings'],
    [
      "select set_config('standard_' || 'conforming_strings', 'off', false);",
      'set_config with a name made at run time',
    ],
    [
      "do $$ begin perform set_config('standard' || '_conforming_strings', 'off', false); end $$;",
      'set_config with a name made at run time',
    ],
    ['do $$ begin set standard_conforming_strings = off; end $$;', 'standard_conforming_strings'],
    ["update pg_settings set setting = 'off' where name like 'standard%';", 'UPDATE of pg_settings'],
    ["do $$ begin execute E'set standard\\x5fconforming_strings = off'; end $$;", 'standard_conforming_strings'],
    ['create function f() returns int language sql set backslash_quote = on as $$ select 1 $$;', 'backslash_quote'],
    ['alter role app set standard_conforming_strings = off;', 'standard_conforming_strings'],
    ['alter database app set backslash_quote = on;', 'backslash_quote'],
    ['alter system set escape_string_warning = off;', 'escape_string_warning'],
    ['set backslash_quote = off;', 'backslash_quote'],
    ["set client_encoding = 'SJIS';", 'client_encoding'],
    ["set names 'GBK';", 'client_encoding'],
  ])('%s', (change, what) => {
    const script = read(`select 1;\n${change}\n${trick}`, QUICK)
    expect(statements(script)).toEqual(['select 1', change.slice(0, -1)])
    expect(gaps(script)).toEqual([
      `2 withholds: ${what} may change how PostgreSQL reads quotes and escapes, so nothing from here on can be reviewed`,
    ])
  })

  test.each([
    'set standard_conforming_strings = on;',
    'reset standard_conforming_strings;',
    'show standard_conforming_strings;',
    "select current_setting('standard_conforming_strings');",
    "set client_encoding = 'UTF8';",
    "set names 'utf-8';",
    "select pg_catalog.set_config('search_path', '', false);",
    'set backslash_quote = safe_encoding;',
    '-- standard_conforming_strings\nselect 1;',
  ])('%s changes nothing', (harmless) => {
    const script = read(`${harmless}\ndrop table t;`, QUICK)
    expect(gaps(script)).toEqual([])
    expect(statements(script).at(-1)).toBe('drop table t')
  })
})
