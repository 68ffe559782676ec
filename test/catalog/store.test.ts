import { beforeAll, describe, expect, test } from '@jest/globals'
import { createCatalog, type CatalogStore } from '../../src/catalog/store.js'
import type { Born, Catalog } from '../../src/model/catalog.js'
import type { Transaction } from '../../src/model/operations/data.js'
import { startOf } from '../../src/source/span.js'
import { loadParsers } from '../../src/sql/parse.js'
import { processorTime } from '../support/processor-time.js'
import { normalForm } from './normal-form.js'
import { statementsIn } from './statements.js'

beforeAll(async () => {
  await loadParsers()
})

const named = (name: string, schema = ''): { readonly schema: string; readonly name: string } => ({ schema, name })

function run(catalog: CatalogStore, sql: string, born: Born = 'base'): CatalogStore {
  for (const { operations } of statementsIn(sql)) for (const operation of operations) catalog.apply(operation, born)
  return catalog
}

function after(sql: string, { complete = true } = {}): CatalogStore {
  return run(createCatalog({ complete }), sql)
}

describe('forks', () => {
  test('change neither the original nor each other', () => {
    const base = after('CREATE TABLE a (id integer); CREATE TABLE b (id integer)')
    const before = normalForm(base)
    const one = run(base.fork(), 'DROP TABLE a; ALTER TABLE b ADD COLUMN x text')
    const other = run(base.fork(), 'CREATE INDEX ON a (id)')
    expect(normalForm(base)).toEqual(before)
    run(base, 'CREATE TABLE c (id integer)')
    expect(normalForm(one)).toEqual(['column b.id integer', 'column b.x text', 'table b'])
    expect(normalForm(other)).toEqual([...before, 'index a_id_idx on a btree (id)'].sort())
    run(one.fork(), 'DROP TABLE b')
    expect(one.table(named('b'))).toBeDefined()
  })

  test('carry the open transaction along', () => {
    const base = after('CREATE TABLE a (id integer); BEGIN; DROP TABLE a')
    const fork = run(base.fork(), 'ROLLBACK')
    expect(fork.table(named('a'))).toBeDefined()
    expect(base.table(named('a'))).toBeUndefined()
  })
})

describe('since when things exist', () => {
  const bornOf = (catalog: Catalog): readonly string[] => [
    `table ${catalog.born(named('t'))}`,
    `column ${catalog.column(named('t'), 'x')?.born}`,
    `index ${catalog.index(named('t_x_idx'))?.born}`,
    `constraint ${catalog.table(named('t'))?.constraints[0]?.born}`,
  ]

  test('goes from the transaction to the file to the pull request', () => {
    const catalog = after('CREATE TABLE t (id integer)')
    catalog.begin()
    run(catalog, 'ALTER TABLE t ADD COLUMN x integer CHECK (x > 0); CREATE INDEX ON t (x)', 'transaction')
    expect(bornOf(catalog)).toEqual(['table base', 'column transaction', 'index transaction', 'constraint transaction'])
    catalog.commit()
    expect(bornOf(catalog)).toEqual(['table base', 'column file', 'index file', 'constraint file'])
    catalog.endFile()
    expect(bornOf(catalog)).toEqual(['table base', 'column pull', 'index pull', 'constraint pull'])
    run(catalog, 'ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME TO t', 'file')
    expect(bornOf(catalog)).toEqual(['table base', 'column pull', 'index pull', 'constraint pull'])
  })

  test.each([
    ['CREATE VIEW o AS SELECT 1', (catalog: Catalog) => catalog.view(named('o'))?.born],
    ["CREATE TYPE o AS ENUM ('a')", (catalog: Catalog) => catalog.enum(named('o'))?.born],
    ['CREATE DOMAIN o AS text', (catalog: Catalog) => catalog.domain(named('o'))?.born],
    ['CREATE SEQUENCE o', (catalog: Catalog) => [...catalog.objects].find(({ name }) => name.name === 'o')?.born],
    ['CREATE TABLE o (id integer); CREATE POLICY p ON o', (catalog: Catalog) => [...catalog.objects][0]?.born],
  ])('also for %s', (sql, born) => {
    const catalog = createCatalog({ complete: true })
    catalog.begin()
    run(catalog, sql, 'transaction')
    const seen = [born(catalog)]
    catalog.commit()
    seen.push(born(catalog))
    catalog.endFile()
    expect([...seen, born(catalog)]).toEqual(['transaction', 'file', 'pull'])
  })

  test('a new enum value is fresh until the commit', () => {
    const catalog = after("CREATE TYPE mood AS ENUM ('sad')")
    const fresh = (): readonly string[] | undefined => catalog.enum(named('mood'))?.fresh
    run(catalog, "BEGIN; ALTER TYPE mood ADD VALUE 'happy'")
    expect(fresh()).toEqual(['happy'])
    run(catalog, 'COMMIT')
    expect(fresh()).toEqual([])
    run(catalog, "ALTER TYPE mood ADD VALUE 'so-so'", 'file')
    expect(fresh()).toEqual([])
  })
})

describe('transactions', () => {
  const transaction = (action: Transaction['action'], savepoint?: string): Transaction => ({
    kind: 'transaction',
    span: startOf('a.sql'),
    action,
    chain: false,
    ...(savepoint === undefined ? {} : { savepoint }),
  })

  test('a rollback goes back to the savepoint of the name', () => {
    const catalog = after('BEGIN')
    for (const name of ['one', 'two', 'three']) {
      catalog.apply(transaction('savepoint', name), 'base')
      run(catalog, `CREATE TABLE after_${name} (id integer)`)
    }
    catalog.apply(transaction('rollback-to', 'two'), 'base')
    expect([...catalog.tables].map(({ name }) => name.name)).toEqual(['after_one'])
    catalog.apply(transaction('rollback-to', 'one'), 'base')
    expect([...catalog.tables]).toEqual([])
    expect(catalog.complete).toBe(true)
  })

  test('where the name is not known and there are several, the catalog says that it does not know', () => {
    const catalog = after('BEGIN')
    catalog.apply(transaction('savepoint'), 'base')
    catalog.apply(transaction('savepoint'), 'base')
    catalog.apply(transaction('rollback-to'), 'base')
    expect(catalog.complete).toBe(false)
  })

  test('a rollback outside of a transaction changes nothing', () => {
    expect(after('CREATE TABLE a (id integer); ROLLBACK').table(named('a'))).toBeDefined()
  })

  test('the end of a file ends its search path and its temporary tables', () => {
    const catalog = after('CREATE TEMP TABLE t (id integer); SET search_path TO app')
    expect(catalog.table(named('t'))?.persistence).toBe('temporary')
    catalog.endFile()
    expect(catalog.table(named('t'))).toBeUndefined()
    expect(run(catalog, 'CREATE TABLE t (id integer)').table(named('t', 'public'))).toBeDefined()
  })
})

describe('what is not known', () => {
  test.each([
    ['CREATE EXTENSION somebodys_own', false],
    ['CREATE EXTENSION pgcrypto', true],
    ['CREATE FOREIGN TABLE f (id integer) SERVER s', false],
    ['CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw', true],
    ['CALL somebodys_own()', false],
    ["CREATE PROCEDURE calm() LANGUAGE sql AS 'SELECT 1'; CALL calm()", true],
    ["CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'CREATE TABLE x ()'; SELECT f()", false],
    ["SELECT setval('s', 1)", true],
    ['DO $$ BEGIN EXECUTE $x$DROP TABLE a$x$ || 1; END $$', false],
    ['CREATE TABLE a (id integer); CREATE VIEW v AS SELECT id FROM a; ALTER TABLE a DROP COLUMN id CASCADE', false],
    ["PREPARE TRANSACTION 'x'", false],
    ['VACUUM', true],
  ])('%s: complete is %s', (sql, complete) => {
    expect(after(sql).complete).toBe(complete)
  })

  test('a table that a statement changes must have been there', () => {
    const catalog = after('ALTER TABLE users ADD COLUMN x integer', { complete: false })
    expect(catalog.table(named('users'))).toMatchObject({ complete: false, born: 'base' })
    expect(catalog.column(named('users'), 'x')?.type.text).toBe('integer')
    expect(after('ALTER TABLE users ADD COLUMN x integer').table(named('users'))).toBeUndefined()
  })

  test.each(['CREATE TABLE b AS SELECT * FROM a', 'CREATE TABLE b (LIKE a)', 'CREATE TABLE b () INHERITS (unknown)'])(
    '%s: its columns are not all known',
    (sql) => {
      expect(after(`CREATE TABLE a (id integer); ${sql}`).table(named('b'))?.complete).toBe(false)
    },
  )
})

test('volatility of functions: the replaced one counts no more, of overloads the worst', () => {
  const create = (volatility: string, argument = '', replace = ''): string =>
    `CREATE ${replace} FUNCTION f(${argument}) RETURNS integer LANGUAGE sql ${volatility} AS 'SELECT 1'`
  expect(after(create('STABLE')).volatilityOf('f')).toBe('stable')
  expect(after(`${create('VOLATILE')}; ${create('IMMUTABLE', '', 'OR REPLACE')}`).volatilityOf('f')).toBe('immutable')
  expect(after(`${create('STABLE')}; ${create('IMMUTABLE', 'integer')}`).volatilityOf('f')).toBe('stable')
  expect(after(`${create('STABLE')}; ALTER FUNCTION f() VOLATILE`).volatilityOf('f')).toBeUndefined()
})

describe('views and materialized views', () => {
  test.each<readonly [sql: string, columns: readonly string[] | null]>([
    ['SELECT 1', ['id', 'name']],
    ['CREATE OR REPLACE VIEW v AS SELECT id, name, 1 AS one FROM t', ['id', 'name', 'one']],
    ['CREATE OR REPLACE VIEW v AS SELECT * FROM t', null],
    ['ALTER VIEW v RENAME COLUMN id TO ident', null],
    ['ALTER TABLE v RENAME COLUMN id TO ident', null],
    ['ALTER VIEW v RENAME TO w; ALTER VIEW w RENAME TO v', ['id', 'name']],
  ])('what the columns are called after %s', (sql, columns) => {
    const catalog = after(`CREATE TABLE t (id int, name text); CREATE VIEW v AS SELECT id, t.name FROM t; ${sql}`)
    expect(catalog.view(named('v'))?.columns).toEqual(columns)
  })

  test.each([
    ['CREATE MATERIALIZED VIEW v AS SELECT 1 AS a', true],
    ['CREATE MATERIALIZED VIEW v AS SELECT 1 AS a WITH NO DATA', false],
    ['CREATE MATERIALIZED VIEW v AS SELECT 1 AS a WITH NO DATA; REFRESH MATERIALIZED VIEW v', true],
    ['CREATE MATERIALIZED VIEW v AS SELECT 1 AS a; REFRESH MATERIALIZED VIEW v WITH NO DATA', false],
  ])('%s: filled is %s', (sql, populated) => {
    expect(after(sql).view(named('v'))?.populated).toBe(populated)
  })
})

describe('functions by what they take', () => {
  const define = (name: string, takes: string): string =>
    `CREATE OR REPLACE FUNCTION ${name}(${takes}) RETURNS int LANGUAGE sql AS 'SELECT 1';`
  const both = `CREATE TYPE mood AS ENUM ('ok'); ${define('f', 'a int')} ${define('f', 'a mood')} ${define('s.f', 'a int')}`

  test.each<readonly [sql: string, taken: readonly string[]]>([
    ['SELECT 1', ['integer', 'mood']],
    [define('f', 'b int4'), ['mood', 'integer']],
    ['DROP FUNCTION f(int)', ['mood']],
    ['DROP FUNCTION f(int); DROP FUNCTION f(mood)', []],
    ['DROP ROUTINE f', []],
    ['DROP FUNCTION IF EXISTS f(text)', ['integer', 'mood']],
    ['DROP TYPE mood CASCADE', ['integer']],
    ['ALTER FUNCTION f(int) RENAME TO g', []],
    ['ALTER FUNCTION f(int) SET SCHEMA s', []],
  ])('after %s', (sql, taken) => {
    const known = after(`${both} ${sql}`).functions(named('f'))
    expect(known.map(({ parameters }) => parameters.map(({ type }) => type.text).join())).toEqual(taken)
  })

  test('each schema has its own', () => {
    expect(after(both).functions(named('f', 's'))).toHaveLength(1)
    expect(after(`${both} SET search_path TO s, public`).functions(named('f'))).toHaveLength(1)
  })
})

test('a large schema is forked and changed without copying it', () => {
  const tables = Array.from({ length: 3_000 }, (_, at) => `CREATE TABLE t${at} (id serial PRIMARY KEY, name text)`)
  const catalog = after(tables.join(';'))
  const [change] = statementsIn('ALTER TABLE t7 ADD COLUMN x integer')
  const start = processorTime()
  for (let at = 0; at < 1_000; at++) {
    const fork = catalog.fork()
    for (const operation of change?.operations ?? []) fork.apply(operation, 'file')
    fork.endFile()
  }
  // Copying 3,000 tables 1,000 times takes seconds.
  expect(processorTime() - start).toBeLessThan(1_500)
  expect(catalog.column(named('t7'), 'x')).toBeUndefined()
})
