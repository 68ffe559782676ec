import { expect, test } from '@jest/globals'
import { loadParsers } from '../../../src/sql/parse.js'
import { changes, sketches } from './changelog.js'

await loadParsers()

const TABLE = '<createTable tableName="t"><column name="a" type="int"/></createTable>'
const CREATE = 'CREATE TABLE t (a INTEGER)'

// The ups are what `liquibase update-sql` prints (4.33.0); a rollback is rewritten by `AbstractJdbcDatabase#filterRollbackVisitors`.
test.each([
  ['append', '<append value=" WITH (fillfactor = 70)"/>', `one: ${CREATE} WITH (fillfactor = 70)`, 'one: DROP TABLE t'],
  ['prepend', '<prepend value="/* of t */ "/>', `one: ${CREATE}`, 'one: DROP TABLE t'],
  ['replace', '<replace replace="INTEGER" with="BIGINT"/>', 'one: CREATE TABLE t (a BIGINT)', 'one: DROP TABLE t'],
  [
    'replace, every place, and not as a pattern',
    '<replace replace="a" with="$&amp;"/><replace replace="$&amp;" with="b"/>',
    'one: CREATE TABLE t (b INTEGER)',
    'one: DROP TABLE t',
  ],
  [
    'regExpReplace',
    '<regExpReplace replace="INT.*" with="BIGINT)"/>',
    `one: ${CREATE}\ngap: modifySql rewrites what is sent (regExpReplace), which is not followed`,
    'one: DROP TABLE t',
  ],
  [
    'append without a value',
    '<append/>',
    `one: ${CREATE}\ngap: modifySql rewrites what is sent (append), which is not followed`,
    'one: DROP TABLE t',
  ],
])('%s', (_, rewrite, up, down) => {
  expect(sketches(changes(`${TABLE}<modifySql>${rewrite}</modifySql>`))).toEqual({ up, down })
})

test.each([
  ['another database', ' dbms="mysql"', `one: ${CREATE}`],
  ['PostgreSQL', ' dbms="postgresql"', 'one: CREATE TABLE t (a BIGINT)'],
  ['a context', ' context="test"', 'one: CREATE TABLE t (a BIGINT)'],
  ['a required context', ' context="@test"', `one: ${CREATE}`],
])('one for %s', (_, attributes, up) => {
  const rewrite = `<modifySql${attributes}><replace replace="INTEGER" with="BIGINT"/></modifySql>`
  expect(sketches(changes(TABLE + rewrite)).up).toBe(up)
})

test('several are applied in order', () => {
  const body = `${TABLE}<modifySql><append value=" -- x"/></modifySql><modifySql><replace replace=" -- x" with=" TABLESPACE y"/></modifySql>`
  expect(sketches(changes(body)).up).toBe(`one: ${CREATE} TABLESPACE y`)
})

test('each statement of a text is rewritten', () => {
  const body = '<sql>DELETE FROM a; DELETE FROM b</sql><modifySql><append value=" WHERE id = 1"/></modifySql>'
  expect(sketches(changes(body)).up).toBe('one: DELETE FROM a WHERE id = 1 | DELETE FROM b WHERE id = 1')
})

test.each([
  ['what undoes it', '', 'one: DROP TABLE t CASCADE'],
  [
    'what its author says undoes it',
    '<rollback>DROP TABLE IF EXISTS t</rollback>',
    'one: DROP TABLE IF EXISTS t CASCADE',
  ],
])('%s is rewritten where it is asked to be', (_, rollback, down) => {
  const rewrite = '<modifySql applyToRollback="true"><append value=" CASCADE"/></modifySql>'
  expect(sketches(changes(`<sql>SELECT 1</sql>${rollback}${rewrite}`.replace('<sql>SELECT 1</sql>', TABLE))).down).toBe(
    down,
  )
})

test('what undoes it is not known where a rewrite is not followed', () => {
  const rewrite = '<modifySql applyToRollback="true"><regExpReplace replace="t" with="u"/></modifySql>'
  expect(sketches(changes(TABLE + rewrite)).down).toMatch(
    /^refused .* modifySql rewrites what undoes it \(regExpReplace\)/,
  )
})
