import { beforeAll, expect, test } from '@jest/globals'
import { analyse } from '../../src/review/analyse.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'

beforeAll(() => loadParsers({ majors: [18], second: true }))

/** What is said of a down script when nobody knows which schema the up script met. */
function saidOf(up: string, down: string): readonly string[] {
  const head = new Map([
    ['migrations/0007_change.up.sql', { text: up }],
    ['migrations/0007_change.down.sql', { text: down }],
  ])
  const input = { base: new Map(), head, settings: DEFAULTS, today: '2026-01-15', mode: 'files' as const }
  const findings = analyse(input).findings.filter(({ rule }) => rule === 'down-does-not-cover-up')
  return findings.map(({ message }) => message.replace(/^.* before up: /, ''))
}

test.each([
  ['DROP TABLE visits', 'CREATE TABLE visits (id int)', []],
  ['DROP FUNCTION f', "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", []],
  ['DROP TRIGGER t ON visits', 'CREATE TRIGGER t BEFORE INSERT ON visits FOR EACH ROW EXECUTE FUNCTION f()', []],
  ['DROP INDEX visits_at', 'CREATE INDEX visits_at ON visits (at)', []],
  ['ALTER TABLE visits DROP COLUMN at', 'ALTER TABLE visits ADD at date', []],
  ['ALTER TABLE visits RENAME TO calls', 'ALTER TABLE calls RENAME TO visits', []],
  ['ALTER TABLE visits ADD a int, ADD b int', 'ALTER TABLE visits DROP a, DROP b', []],
  ['ALTER TABLE visits ADD a int, ADD b int', 'ALTER TABLE visits DROP b', ['column visits.a remains']],
  [
    'CREATE INDEX visits_at ON visits (at); ALTER TABLE visits ADD a int',
    'ALTER TABLE visits DROP a',
    ['index visits_at remains'],
  ],
  ['CREATE TABLE a (); CREATE TABLE b ()', 'DROP TABLE a', ['table b remains']],
])('%s, then %s', (up, down, expected) => {
  expect(saidOf(up, down)).toEqual(expected)
})

test('the columns of a table that was seen created are known all the same', () => {
  const head = new Map([
    ['migrations/0001_base.up.sql', { text: 'CREATE TABLE visits (id int); SELECT make_the_rest();' }],
    ['migrations/0001_base.down.sql', { text: 'DROP TABLE visits;' }],
    ['migrations/0002_change.up.sql', { text: 'ALTER TABLE visits DROP COLUMN IF EXISTS at, ADD note text;' }],
    ['migrations/0002_change.down.sql', { text: 'ALTER TABLE visits DROP note, ADD at date;' }],
  ])
  const input = { base: new Map(), head, settings: DEFAULTS, today: '2026-01-15', mode: 'files' as const }
  const findings = analyse(input).findings.filter(({ rule }) => rule === 'down-does-not-cover-up')
  expect(findings.map(({ message }) => message)).toEqual([expect.stringMatching(/: column visits\.at remains$/)])
})
