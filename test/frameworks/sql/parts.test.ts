import { describe, expect, test } from '@jest/globals'
import { findingsOf } from '../findings.js'
import { readAll, sketch, tree } from '../tree.js'

/** What a tool runs of some files: `up => down` of each migration, one below the other. */
function runs(files: Readonly<Record<string, string>>): readonly string[] {
  return readAll(tree(files)).flatMap(({ migrations }) =>
    migrations.flatMap(({ up, down }) => [sketch(up), `=> ${sketch(down)}`]),
  )
}

const many = 'CREATE TABLE a (); CREATE TABLE b ();'
const alone = 'CREATE INDEX CONCURRENTLY i ON a (b)'

describe('golang-migrate', () => {
  const up = (text: string) => runs({ 'go.mod': '', 'migrations/1_a.up.sql': text })[0]
  test.each([
    ['a query of several statements is one transaction', many, /^one: CREATE TABLE a \(\) \| CREATE TABLE b/],
    ['a statement alone is in none', `${alone};`, /^none: CREATE INDEX/],
    ['a text with its own BEGIN and COMMIT has no other', `BEGIN; ${many} COMMIT;`, /^none: BEGIN \|/],
    ['what follows a COMMIT is in a transaction again', `BEGIN; ${many} COMMIT; ${alone}`, /^one: BEGIN \|/],
    ['a text that begins a block and never ends it is left in it', `BEGIN; ${many}`, /^none: BEGIN \|/],
    ['and so is one that begins another', `BEGIN; ${many} COMMIT; BEGIN; ${alone}`, /^none: BEGIN \|/],
    ['two blocks are not one', `BEGIN; COMMIT; BEGIN; COMMIT;`, /^one: BEGIN \|/],
    ['a syntax error is told', 'CREATE TABEL a ();', /^syntax in line 1/],
  ])('%s', (_, text, expected) => expect(up(text)).toMatch(expected))

  test('a down that only says that there is no way back is irreversible', () => {
    const down = (text: string) => runs({ 'm/1_a.up.sql': many, 'm/1_a.down.sql': text })[1]
    expect(down('-- irreversible: the old values are gone')).toBe('=> irreversible: the old values are gone')
    expect(down('/* Irreversible */')).toBe('=> irreversible: null')
    expect(down('-- This cannot be undone, rows were merged')).toBe(
      '=> irreversible: This cannot be undone, rows were merged',
    )
    expect(down('-- nothing to do')).toBe('=> none: ')
    expect(down('-- irreversible\nDROP TABLE a;')).toBe('=> none: DROP TABLE a')
  })

  test('a file that cannot be read is refused, not left out', () => {
    const files = tree({ 'm/1_a.up.sql': new Uint8Array([65, 0]), 'm/1_a.down.sql': '' })
    const [read] = readAll(files)
    expect(read?.migrations.map(({ up }) => sketch(up))).toEqual([
      'refused in line 1: file holds a NUL byte, which hides what follows it',
    ])
  })
})

describe('sqlx', () => {
  const up = (text: string) => runs({ 'Cargo.toml': '', 'migrations/1_a.sql': text })[0]
  test.each([
    ['one transaction a file', `${alone};`, /^one:/],
    ['none when the first line says so', `-- no-transaction\n${alone};`, /^none:/],
    ['not when another line says so', `\n-- no-transaction\n${alone};`, /^one:/],
    ['several statements without a transaction are still one query', `-- no-transaction\n${many}`, /^one:/],
  ])('%s', (_, text, expected) => expect(up(text)).toMatch(expected))
})

describe('diesel', () => {
  const up = (text: string, metadata?: string) =>
    runs({
      'diesel.toml': '',
      'migrations/2023-01-01-000000_a/up.sql': text,
      ...(metadata === undefined ? {} : { 'migrations/2023-01-01-000000_a/metadata.toml': metadata }),
    })[0]
  test.each([
    ['one transaction a file', undefined, /^one:/],
    ['none when the metadata say so', 'run_in_transaction = false', /^none:/],
    ['one when they say so', '# run_in_transaction = false\nrun_in_transaction = true', /^one:/],
    ['none when they are there and do not say', '[other]\nrun_in_transaction = true', /^none:/],
  ])('%s', (_, metadata, expected) => expect(up(`${alone};`, metadata)).toMatch(expected))
  test('refuses an empty file', () =>
    expect(up('')).toMatch(/^refused in line 1: diesel refuses to run an empty up.sql/))
})

describe('goose', () => {
  const of = (text: string) => runs({ 'go.mod': '', 'goose/1_a.sql': text })
  test.each([
    ['up and down', '-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;', ['one: SELECT 1', '=> one: SELECT 2']],
    [
      'any case',
      '-- +goose up\nSELECT 1;\n-- +GOOSE'.replace('GOOSE', 'goose') + ' DOWN\n',
      ['one: SELECT 1', '=> one: '],
    ],
    ['no down', '-- +goose Up\nSELECT 1;', ['one: SELECT 1', '=> absent']],
    [
      'no transaction',
      `-- +goose NO TRANSACTION\n-- +goose Up\n${alone};\n-- +goose Down\nSELECT 2;`,
      [`none: ${alone}`, '=> none: SELECT 2'],
    ],
    [
      'text before the first annotation',
      'SELECT 0;\n-- +goose Up\nSELECT 1;',
      Array(2).fill('refused in line 1: goose refuses the file: there is text before the Up annotation'),
    ],
    [
      'down first',
      '-- +goose Down\n-- +goose Up\n',
      Array(2).fill('refused in line 1: goose refuses the file: Down stands before Up'),
    ],
    [
      'up twice',
      '-- +goose Up\nSELECT 1;\n-- +goose Up\n',
      Array(2).fill('refused in line 3: goose refuses the file: the Up annotation is there twice'),
    ],
    [
      'a word that goose does not know',
      '-- +goose Up\n-- +goose StatementBgin\nSELECT 1;',
      Array(2).fill('refused in line 2: goose refuses the file: the annotation is not one that goose knows'),
    ],
    [
      'a statement that is not ended concerns its direction alone',
      '-- +goose Up\nSELECT 1\n-- +goose Down\nSELECT 2;',
      [
        'refused in line 2: goose refuses the file: the statement that begins here has no semicolon at the end of a line',
        '=> one: SELECT 2',
      ],
    ],
    [
      'a function that goose cuts apart',
      '-- +goose Up\nCREATE FUNCTION f() RETURNS int AS $$\nBEGIN\n  RETURN 1;\nEND;\n$$ LANGUAGE plpgsql;',
      [expect.stringMatching(/\ngap: goose cuts the statement in line 2 apart at a semicolon/), '=> absent'],
    ],
    [
      'a marker inside a function is a marker',
      '-- +goose Up\nDO $$\n-- +goose Down\nBEGIN END $$;',
      [
        'refused in line 2: goose refuses the file: the statement that begins here has no semicolon at the end of a line',
        '=> syntax in line 4: unterminated dollar-quoted string',
      ],
    ],
    [
      'several statements that are sent as one query are a transaction',
      '-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1; SELECT 2;',
      ['one: SELECT 1 | SELECT 2', '=> absent'],
    ],
    [
      'several such queries are as many transactions',
      '-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1; SELECT 2;\nSELECT 3;\nSELECT 4; SELECT 5;',
      [
        'none: BEGIN | SELECT 1 | SELECT 2 | COMMIT | SELECT 3 | BEGIN | SELECT 4 | SELECT 5 | COMMIT\n' +
          'gap: goose sends the 2 statements from line 3 on as one query, which is a transaction of its own\n' +
          'gap: goose sends the 2 statements from line 5 on as one query, which is a transaction of its own',
        '=> absent',
      ],
    ],
    [
      'a query that ends its transaction half-way is told as it stands',
      '-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1; COMMIT; SELECT 2;\nSELECT 3;',
      [
        'none: SELECT 1 | COMMIT | SELECT 2 | SELECT 3\n' +
          'gap: goose sends the 3 statements from line 3 on as one query, which is a transaction of its own',
        '=> absent',
      ],
    ],
    [
      'text from the environment',
      "-- +goose Up\n-- +goose ENVSUB ON\nSELECT '${X}';\n-- +goose ENVSUB OFF\nSELECT '$';",
      [
        "one: SELECT '${X}' | SELECT '$'\ngap: line 3 takes text from the environment (ENVSUB ON), which is not known here",
        '=> absent',
      ],
    ],
    [
      'text from the environment that makes it no SQL is no syntax error',
      '-- +goose Up\n-- +goose ENVSUB ON\nCREATE TABLE $SCHEMA.a ();',
      ['refused in line 3: line 3 takes text from the environment (ENVSUB ON), which is not known here', '=> absent'],
    ],
    [
      'a blank line begins a statement, to which a comment then belongs',
      '-- +goose Up\nSELECT 1;\n \n-- the end\n',
      [
        'refused in line 4: goose refuses the file: the statement that begins here has no semicolon at the end of a line',
        '=> absent',
      ],
    ],
    [
      'an empty block swallows the line after it',
      '-- +goose Up\n-- +goose StatementBegin\n-- +goose StatementEnd\nSELECT 1;\n-- +goose Down\nSELECT 2;',
      [
        'refused in line 4: goose does not send line 4, since the StatementBegin before it holds nothing',
        '=> one: SELECT 2',
      ],
    ],
    [
      'an empty block at the end of a direction swallows nothing',
      '-- +goose Up\n-- +goose StatementBegin\n-- +goose StatementEnd\n-- +goose Down\nSELECT 2;',
      ['one: ', '=> one: SELECT 2'],
    ],
    [
      'a block that begins within a statement goes on with it',
      '-- +goose Up\nSELECT 1,\n-- +goose StatementBegin\n2;\n3;\n-- +goose StatementEnd',
      [expect.stringMatching(/^(one|syntax)/), '=> absent'],
    ],
    [
      'Windows line ends',
      '-- +goose Up\r\nSELECT 1;\r\n-- +goose Down\r\nSELECT 2;\r\n',
      ['one: SELECT 1', '=> one: SELECT 2'],
    ],
    [
      'text beyond ASCII',
      "-- +goose Up\nSELECT 'é😀';\n-- +goose Down\nSELECT 2;",
      ["one: SELECT 'é😀'", '=> one: SELECT 2'],
    ],
  ])('%s', (_, text, expected) => {
    const [up, down] = expected
    expect(of(text)).toEqual([up, typeof down === 'string' && !down.startsWith('=>') ? `=> ${down}` : down])
  })

  test('that a migration in Go changes is seen', () => {
    const side = (text: string) => ({
      'go.mod': '',
      'migrations/1_a.sql': '-- +goose Up\nSELECT 1;',
      'migrations/2_b.go': text,
    })
    expect(findingsOf(side('package m'), side('package m // other'))).toContainEqual(
      expect.stringMatching(/^edited-applied-migration: Applied migration migrations\/2_b.go changes/),
    )
  })

  test('a migration in Go is refused', () => {
    expect(runs({ 'go.mod': '', 'migrations/1_a.sql': '-- +goose Up\n', 'migrations/2_b.go': 'package m' })).toEqual([
      'one: ',
      '=> absent',
      'refused in line 1: a migration in Go is code, which is not read',
      '=> refused in line 1: a migration in Go is code, which is not read',
    ])
  })
})

describe('dbmate', () => {
  const of = (text: string) => runs({ 'db/migrations/1_a.sql': text })
  const refused = (reason: string) => [`refused in ${reason}`, `=> refused in ${reason}`]
  test.each([
    ['up and down', '-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;', ['one: SELECT 1', '=> one: SELECT 2']],
    [
      'options are for one direction',
      `-- migrate:up transaction:false\n${alone};\n-- migrate:down\nSELECT 2;`,
      [`none: ${alone}`, '=> one: SELECT 2'],
    ],
    [
      'several statements without a transaction are still one query',
      `-- migrate:up transaction:false\n${many}\n-- migrate:down`,
      ['one: CREATE TABLE a () | CREATE TABLE b ()', '=> one: '],
    ],
    [
      'no down',
      '-- migrate:up\nSELECT 1;',
      refused('line 1: dbmate refuses the file: there is no line `-- migrate:down`'),
    ],
    [
      'down first',
      '-- migrate:down\n-- migrate:up\n',
      refused('line 1: dbmate refuses the file: `-- migrate:down` stands before `-- migrate:up`'),
    ],
    [
      'text before up',
      '-- note\r\n\r\nSELECT 0;\n-- migrate:up\n-- migrate:down\n',
      refused('line 3: dbmate refuses the file: there is text before `-- migrate:up`'),
    ],
    [
      'down twice',
      '-- migrate:up\n-- migrate:down\n-- migrate:down\n',
      refused('line 3: dbmate refuses the file: `-- migrate:down` is there twice'),
    ],
    [
      'a marker inside a string is a marker',
      "-- migrate:up\nSELECT '\n-- migrate:down\n';",
      [expect.stringMatching(/^syntax in line 2: unterminated quoted string/), expect.stringMatching(/^=> syntax/)],
    ],
  ])('%s', (_, text, expected) => expect(of(text)).toEqual(expected))
})

describe('Atlas', () => {
  const up = (text: string) => runs({ 'm/1_a.sql': text, 'm/atlas.sum': '' })[0]
  test.each([
    ['one transaction a file', `${alone};`, /^one:/],
    ['none when the comments at the top say so', `-- a note\n-- atlas:txmode none\n\n${alone};`, /^none:/],
    ['not when they belong to a statement', `-- atlas:txmode none\n${alone};`, /^one:/],
    ['statements are sent one by one', `-- atlas:txmode none\n\n${many}`, /^none: CREATE TABLE a \(\) \| CREATE/],
    [
      'a mode that no file can ask for',
      '-- atlas:txmode all\n\nSELECT 1;',
      /^refused in line 1: Atlas refuses the file/,
    ],
    ['a delimiter that is no comment', '-- atlas:delimiter GO\n\nSELECT 1 GO', /^refused in line 1: the delimiter GO/],
    ['a delimiter of blank lines', '-- atlas:delimiter \\n\\n\n\nSELECT 1;', /^one: SELECT 1$/],
    [
      'what stands between two delimiters is one query',
      `-- atlas:delimiter -- end\n-- atlas:txmode none\n\n${alone};\n-- end\n${many}`,
      /^none: [^|]* \| BEGIN \| CREATE TABLE a \(\) \| .* \| COMMIT\ngap: Atlas sends the 2 statements from line 6 on as one query/,
    ],
    [
      'a statement with a semicolon where Atlas sees no quotes',
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS E'SELECT \\'a;b\\'::int';",
      /\ngap: Atlas cuts the statement in line 1 apart at a semicolon: name a delimiter/,
    ],
    [
      'a parenthesis too many',
      'SELECT 1);',
      /^refused in line 1: Atlas refuses the file: the parenthesis was not opened/,
    ],
    [
      'a quote in the last comment',
      "SELECT 1; -- it's",
      /^refused in line 1: Atlas refuses the file: the quote is not closed/,
    ],
  ])('%s', (_, text, expected) => expect(up(text)).toMatch(expected))
})

describe('numbered SQL files', () => {
  test.each([
    ['sql-migrate', '-- +migrate Up\nSELECT 1;\n-- +migrate Down\nSELECT 2;'],
    ['Liquibase', '--liquibase formatted sql\n--changeset a:1\nSELECT 1;\n--rollback SELECT 2;'],
    ['tern', 'SELECT 1;\n---- create above / drop below ----\nSELECT 2;'],
    ['goose', 'SELECT 1;\n-- +goose Down\nSELECT 2;'],
  ])('markers of %s are not read as plain SQL', (tool, text) => {
    expect(runs({ 'migrations/1_a.sql': text })[0]).toMatch(`the file carries markers of ${tool}`)
  })
})
