import { describe, expect, test } from '@jest/globals'
import { runsOutside, waitsForOthers } from '../../../src/frameworks/flyway/transaction.js'
import { readAll, repository, sketch, tree } from '../tree.js'

type Files = Readonly<Record<string, string>>

function upOf(text: string, more: Files = {}) {
  const [read] = readAll(tree({ 'sql/V1__a.sql': text, ...more }))
  const [migration] = read?.migrations ?? []
  if (migration === undefined) throw new Error('nothing was read')
  return migration.up
}
const conf = (text: string): Files => ({ 'flyway.conf': text })

describe('which statements Flyway runs outside a transaction', () => {
  test.each([
    ['CREATE INDEX CONCURRENTLY a ON b (c)', true],
    ['create unique index concurrently if not exists a on b (c)', true],
    ['/* x */ CREATE -- y\n INDEX CONCURRENTLY a ON b (c)', true],
    ['DROP INDEX CONCURRENTLY a', true],
    ['VACUUM (ANALYZE) a', true],
    ['REINDEX DATABASE a', true],
    ['REINDEX (VERBOSE) SCHEMA a', true],
    ['CREATE DATABASE a', true],
    ['ALTER SYSTEM SET a = 1', true],
    ['DISCARD ALL', true],
    ['REINDEX TABLE CONCURRENTLY a', false],
    ['ALTER TABLE a DETACH PARTITION b CONCURRENTLY', false],
    ["ALTER TYPE a ADD VALUE 'b'", false],
    ['CREATE INDEX a ON b (c)', false],
    ["SELECT 'CREATE INDEX CONCURRENTLY'", false],
    ['ANALYZE a', false],
  ])('%s', (sql, outside) => expect(runsOutside(sql)).toBe(outside))

  test('only the building of an index waits for everybody', () => {
    expect(['CREATE UNIQUE INDEX CONCURRENTLY a ON b (c)', 'DROP INDEX CONCURRENTLY a'].map(waitsForOthers)).toEqual([
      true,
      false,
    ])
  })
})

describe('how a file is sent', () => {
  const TWO = 'CREATE TABLE a (id int); VACUUM a;'
  test.each([
    ['in a transaction', 'CREATE TABLE a (id int);', {}, 'one: CREATE TABLE a (id int)'],
    ['without one', 'VACUUM a;', {}, 'none: VACUUM a'],
    [
      'through a driver that makes one question mark of two in an operator',
      "SELECT 'é??', a ?? 'b', c ??| d -- ??\n, $$??$$;",
      {},
      "one: SELECT 'é??', a ? 'b', c ?| d -- ?? , $$??$$",
    ],
    [
      'without one, by its own settings',
      'ANALYZE a;',
      { 'sql/V1__a.sql.conf': 'executeInTransaction=false' },
      'none: ANALYZE a',
    ],
    [
      'in one, by its own settings',
      'VACUUM a;',
      { 'sql/V1__a.sql.conf': 'executeInTransaction=true' },
      'one: VACUUM a',
    ],
    ['without one, by the project', 'ANALYZE a;', conf('flyway.executeInTransaction=false'), 'none: ANALYZE a'],
    ['without one where both may be in it', TWO, conf('flyway.mixed=true'), 'none: CREATE TABLE a (id int) | VACUUM a'],
    [
      'not at all with a setting that is none',
      'SELECT 1;',
      { 'sql/V1__a.sql.conf': 'transaction=false' },
      'one: SELECT 1\ngap: Flyway stops at transaction in the file beside it, which is no setting of a script',
    ],
    [
      'in a schema of its own',
      'SELECT 1;',
      conf('flyway.schemas=app,more'),
      'one: CREATE SCHEMA IF NOT EXISTS "app" | CREATE SCHEMA IF NOT EXISTS "more" | SET search_path TO "app", public | SELECT 1',
    ],
  ])('%s', (_, text, more, expected) => expect(sketch(upOf(text, more))).toBe(expected))

  test('a file with both kinds always fails', () => {
    const up = upOf(TWO)
    expect(up.kind === 'script' ? up.remarks : []).toMatchObject([
      { kind: 'always-fails', at: { start: { column: 26 } } },
    ])
    const told = upOf(TWO, { 'sql/V1__a.sql.conf': 'executeInTransaction=false' })
    expect(told.kind === 'script' ? told.remarks : null).toBeUndefined()
  })

  test.each([
    ['', 1],
    ['flyway.postgresql.transactional.lock=false', 0],
  ])('an index that waits for Flyway’s own lock is told of: %s', (settings, count) => {
    const up = upOf('CREATE INDEX CONCURRENTLY a ON b (c);', conf(settings === '' ? 'flyway.mixed=false' : settings))
    const gaps = up.kind === 'script' ? up.gaps : []
    expect(gaps.map(({ bearing }) => bearing)).toEqual(Array<string>(count).fill('informs'))
  })
})

describe('placeholders', () => {
  test.each([
    ['a value', 'SELECT ${a};', 'flyway.placeholders.A=1', 'one: SELECT 1'],
    [
      'no value',
      'SELECT 1; SELECT ${b}; SELECT 3;',
      'flyway.placeholders.a=1',
      'one: SELECT 1 | SELECT 3\ngap: no value for the placeholder ${b} is configured: Flyway stops at it unless it is told one when it runs',
    ],
    [
      'no value in a comment',
      '-- ${b}\nSELECT 1;',
      'flyway.placeholders.a=1',
      'one: SELECT 1\ngap: no value for the placeholder ${b} is configured: Flyway stops at it unless it is told one when it runs',
    ],
    [
      'a value from elsewhere',
      "SELECT '${a}';",
      'flyway.placeholders.a=${env.A}',
      'one: \ngap: the value of ${a} is set to what is not written in the configuration',
    ],
    [
      'one of Flyway’s own',
      'SELECT ${flyway:defaultSchema}.${flyway:table}; -- ${flyway:filename}',
      '',
      'one: SELECT public.flyway_schema_history',
    ],
    ['one that is known at run time', 'SELECT 1; -- ${flyway:timestamp}', '', 'one: SELECT 1'],
    [
      'one that is needed and known at run time',
      "SELECT '${flyway:timestamp}';",
      '',
      'one: \ngap: the value of ${flyway:timestamp} is known only when Flyway runs',
    ],
    ['none are replaced', "SELECT '${a}';", 'flyway.placeholderReplacement=false', "one: SELECT '${a}'"],
    [
      'other marks',
      "SELECT '${a} #[b]';",
      'flyway.placeholderPrefix=#[\nflyway.placeholderSuffix=]\nflyway.placeholders.b=c',
      "one: SELECT '${a} c'",
    ],
    [
      'what is no SQL without its value',
      '${all}',
      'flyway.placeholders.a=1',
      'refused in line 1: no value for the placeholder ${all} is configured: Flyway stops at it unless it is told one when it runs',
    ],
    ['one that never ends', "SELECT '${a';", '', "one: SELECT '${a'"],
  ])('%s', (_, text, settings, expected) => {
    expect(sketch(upOf(text, settings === '' ? {} : conf(settings)))).toBe(expected)
  })

  test('places are those of the file', () => {
    const text = '-- ä ${long} ü\nSELECT 1; SELECT ${long} AS "é", 2;\nSELECT 3;\n'
    const up = upOf(text, conf('flyway.placeholders.long=a_much_longer_value'))
    const statements = up.kind === 'script' ? up.statements : []
    const told = statements.map(({ span, origin, bytes, sql }) => {
      const at = `${span.start.line}:${span.start.column}-${span.end.line}:${span.end.column}`
      return [at, origin, bytes === null ? null : Buffer.from(text).subarray(bytes.start, bytes.end).toString(), sql]
    })
    expect(told).toEqual([
      ['2:1-2:9', 'written', 'SELECT 1', 'SELECT 1'],
      ['2:11-2:35', 'translated', null, 'SELECT a_much_longer_value AS "é", 2'],
      ['3:1-3:9', 'written', 'SELECT 3', 'SELECT 3'],
    ])
  })

  test('of a fixture', () => {
    const [read] = readAll(repository('flyway-placeholders'))
    expect(read?.migrations.map(({ up }) => sketch(up)).slice(1)).toEqual([
      "one: CREATE TABLE shop_items (id bigint PRIMARY KEY, name text NOT NULL DEFAULT 'shop_owner') | GRANT SELECT ON public.shop_items TO shop_owner",
      "one: CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL DEFAULT 'Dear ${name},')",
      'none: CREATE INDEX notes_body_idx ON notes (body) | ANALYZE notes',
    ])
  })
})
