import { describe, expect, test } from '@jest/globals'
import { findingsOf, type Files } from '../findings.js'
import { xml } from './changelog.js'

const LOG = 'db.changelog-master.xml'
const log = (body: string, more: Files = {}): Files => ({ [LOG]: xml(body), ...more })
const set = (body: string, settings = ''): string => `<changeSet id="1" author="a"${settings}>${body}</changeSet>`
const edits = (base: Files, head: Files): readonly string[] =>
  findingsOf(base, head).filter((finding) => /^(edited|deleted|duplicate)/.test(finding))

const STOPS = /^edited-applied-migration: Applied migration db\.changelog-master\.xml \(1::a\) gets other SQL: .*stops/
const SUMMED = /^edited-applied-migration-comments-only: .* still sends the same SQL, but .* stops/
const UNNOTICED = /^edited-applied-migration-comments-only: .* in a part of which Liquibase takes no checksum/

const LONG = Array.from({ length: 400 }, () => '1').join(' + ')

// That Liquibase takes these checksums, test/frameworks/real/liquibase-sql.test.ts shows.
describe('what an applied changeSet names is part of it', () => {
  const sqlFile = set('<sqlFile path="sql/a.sql"/>')
  const rows = set('<loadData tableName="t" file="rows.csv"/>')
  const view = set('<createView viewName="v" path="sql/v.sql"/>')
  test.each<readonly [string, Files, Files, RegExp | null]>([
    [
      'an edit of an sqlFile',
      log(sqlFile, { 'sql/a.sql': 'CREATE TABLE a (id int);\n' }),
      log(sqlFile, { 'sql/a.sql': 'CREATE TABLE a (id bigint);\n' }),
      STOPS,
    ],
    [
      'an edited comment in an sqlFile',
      log(sqlFile, { 'sql/a.sql': 'CREATE TABLE a (id int);\n' }),
      log(sqlFile, { 'sql/a.sql': '-- The letter.\nCREATE TABLE a (id int);\n' }),
      SUMMED,
    ],
    [
      'white space in an sqlFile',
      log(sqlFile, { 'sql/a.sql': 'CREATE TABLE a (id int);\n' }),
      log(sqlFile, { 'sql/a.sql': 'CREATE TABLE a\n  (id  int);' }),
      null,
    ],
    [
      'an sqlFile that moves with its name',
      log(sqlFile, { 'sql/a.sql': 'CREATE TABLE a (id int);\n' }),
      log(sqlFile.replace('a.sql', 'b.sql'), { 'sql/b.sql': 'CREATE TABLE a (id int);\n', 'sql/a.sql': null }),
      UNNOTICED,
    ],
    [
      'an sqlFile that becomes another',
      log(sqlFile, { 'sql/a.sql': 'CREATE TABLE a (id int);\n', 'sql/b.sql': 'CREATE TABLE b (id int);\n' }),
      log(sqlFile.replace('a.sql', 'b.sql'), {
        'sql/a.sql': 'CREATE TABLE a (id int);\n',
        'sql/b.sql': 'CREATE TABLE b (id int);\n',
      }),
      STOPS,
    ],
    [
      'an sqlFile of one that runs on change',
      log(set('<sqlFile path="sql/a.sql"/>', ' runOnChange="true"'), { 'sql/a.sql': 'CREATE VIEW a AS SELECT 1;\n' }),
      log(set('<sqlFile path="sql/a.sql"/>', ' runOnChange="true"'), { 'sql/a.sql': 'CREATE VIEW a AS SELECT 2;\n' }),
      null,
    ],
    ['an edit of rows', log(rows, { 'rows.csv': 'id,n\n1,a\n' }), log(rows, { 'rows.csv': 'id,n\n1,a\n2,b\n' }), STOPS],
    [
      'rows of which only the line ends change',
      log(rows, { 'rows.csv': 'id,n\n1,a\n' }),
      log(rows, { 'rows.csv': 'id,n\r\n1,a\r\n' }),
      null,
    ],
    [
      'an edit of the body of a view',
      log(view, { 'sql/v.sql': 'SELECT 1' }),
      log(view, { 'sql/v.sql': 'SELECT 2' }),
      STOPS,
    ],
    [
      'a property that gets another value',
      log(`<property name="t" value="a"/>${set('<dropTable tableName="${t}"/>')}`),
      log(`<property name="t" value="b"/>${set('<dropTable tableName="${t}"/>')}`),
      STOPS,
    ],
    [
      'a property that no changeSet asks for',
      log(`<property name="u" value="a"/>${set('<dropTable tableName="t"/>')}`),
      log(`<property name="u" value="b"/>${set('<dropTable tableName="t"/>')}`),
      null,
    ],
    [
      'a precondition that comes later',
      log(set('<dropTable tableName="t"/>')),
      log(
        set('<preConditions onFail="MARK_RAN"><tableExists tableName="t"/></preConditions><dropTable tableName="t"/>'),
      ),
      UNNOTICED,
    ],
    [
      // More terms than the second parser is asked about, which only the changed side is told.
      'a comment before SQL that is read once',
      log(set(`<sql>SELECT ${LONG}</sql>`)),
      log(set(`<sql>-- Why.\nSELECT ${LONG}</sql>`)),
      SUMMED,
    ],
    [
      'SQL that moves into a file',
      log(set('<sql>DROP TABLE a</sql>')),
      log(sqlFile, { 'sql/a.sql': 'DROP TABLE a\n' }),
      UNNOTICED,
    ],
  ])('%s', (_, base, head, finding) => {
    const said = edits(base, head)
    if (finding === null) expect(said).toEqual([])
    else expect(said).toEqual([expect.stringMatching(finding)])
  })
})
