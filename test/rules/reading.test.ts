import { beforeAll, describe, expect, test } from '@jest/globals'
import { analyse } from '../../src/review/analyse.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'
import { findingsOf, saidBy } from './said.js'

beforeAll(() => loadParsers({ majors: [18], second: true }))

const BASE = `
CREATE TABLE orders (id bigint PRIMARY KEY, note text);
CREATE FUNCTION total() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT count(*) FROM orders $$;
CREATE FUNCTION clean() RETURNS void LANGUAGE sql AS $$ DELETE FROM orders $$;
`

describe('unanalysable-statement', () => {
  test.each([
    ['SELECT count(*) FROM orders', []],
    ["SELECT setval('orders_id_seq', 7)", []],
    ['SELECT pg_sleep(1)', []],
    ['SELECT total()', []],
    ['SELECT clean()', ['What clean() does is not known here: the call is not analysed']],
    [
      "SELECT create_hypertable('orders', 'at')",
      ['What create_hypertable() does is not known here: the call is not analysed'],
    ],
    ['CALL close_year(2025)', ['What procedure close_year does is not known here: the call is not analysed']],
    ['ALTER SYSTEM SET work_mem = 1', ['ALTER SYSTEM is not analysed: what it locks and changes is not known here']],
    [
      "DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'a'); END $$",
      ['The DO block runs SQL that it builds at run time, which is not analysed'],
    ],
    ['DO $$ BEGIN UPDATE orders SET note = NULL; END $$', []],
    ['ALTER TABLE orders ADD a int', []],
  ])('%s', (sql, said) => expect(saidBy('unanalysable-statement', BASE, [sql])).toEqual(said))
})

describe('do-block-ddl', () => {
  test.each([
    [
      'DO $$ BEGIN CREATE TYPE mood AS ENUM (); ALTER TABLE orders ADD a int; ALTER TABLE orders ADD b int; END $$',
      ['DO block changes the schema where rules cannot follow: CREATE ENUM mood, ADD COLUMN orders'],
    ],
    ['DO $$ BEGIN UPDATE orders SET note = NULL; PERFORM clean(); END $$', []],
  ])('%s', (sql, said) => expect(saidBy('do-block-ddl', BASE, [sql])).toEqual(said))
})

describe('suppressions', () => {
  const add = 'ALTER TABLE orders ADD CHECK (id > 0) NOT VALID;'
  test.each([
    ['-- dba:allow not-valid-never-validated the old rows go next year', [], []],
    [
      '-- dba:allow not-valid-never-validated',
      [],
      ['This comment allows not-valid-never-validated without a reason, and is not heeded until it has one'],
    ],
    ['-- dba:allow drop-table it is archived', ['This comment allows drop-table, which finds nothing here'], []],
    [
      '-- dba:allow not-valid-never-validated, drop-table, drop-column old',
      ['This comment allows drop-table, drop-column, which finds nothing here'],
      [],
    ],
    ['-- allow drop-table', [], []],
  ])('%s', (comment, unused, reasonless) => {
    const sql = `${comment}\n${add}`
    expect(saidBy('unused-suppression', BASE, [sql])).toEqual(unused)
    expect(saidBy('suppression-without-reason', BASE, [sql])).toEqual(reasonless)
  })

  const unheard = (written: string): string =>
    `\`${written}\` is not heeded: a finding is allowed by \`dba:allow RULE reason\``
  const strange = (name: string, meant?: string): string =>
    `This comment allows ${name}, and there is no such rule${meant === undefined ? '' : `; ${meant} may be meant`}`
  const wide = (written: string): string => `This comment would allow ${written} at once, and is not heeded`
  test.each<readonly [comment: string, ...said: readonly string[]]>([
    ['dba:allow not-valid-never-validated the old rows go next year'],
    ['dba:allow', 'This comment names no rule, so that it allows nothing'],
    ['dba:allow ,', 'This comment names no rule, so that it allows nothing'],
    ['dba:allow not-valid old', strange('not-valid')],
    ['dba:allow not-valid-never-validate old', strange('not-valid-never-validate', 'not-valid-never-validated')],
    ['dba:allow zebra old', strange('zebra')],
    ['dba:allow not_valid_never_validated old', strange('not_valid_never_validated', 'not-valid-never-validated')],
    ['dba:allow Drop-Table old', strange('Drop-Table', 'drop-table')],
    ['dba:allow because it is small', strange('because')],
    ['dba:allow * all is well', wide('*')],
    ['dba:allow all it is fine', wide('all')],
    ['dba:allow drop-table,* old', wide('*')],
    ['dba:allow drop-table,drop-column,truncate,vacuum-full,rename-table,rename-column old', wide('6 rules')],
    ['dba:allow-file drop-table', unheard('dba:allow-file')],
    ['dba:ignore drop-table', unheard('dba:ignore')],
    ['dba-disable drop-table', unheard('dba-disable')],
    ['dba: allow drop-table', unheard('dba: allow')],
    ['dba allow drop-table', unheard('dba allow')],
    ['dba: please run this by hand'],
    ['dba: allow some time for the vacuum'],
    ['DBA: ignore the old rows'],
    ['the dba:allow comments of the tool are not used here'],
  ])('%s', (comment, ...said) => {
    const sql = `-- ${comment}\n${add}`
    expect(saidBy('suppression-malformed-or-too-wide', BASE, [sql])).toEqual(said)
  })

  test.each([
    ['names no rule', 'dba:allow'],
    ['means them all', 'dba:allow * well'],
    ['has a slip in its name', 'dba:allow not-valid-never-validate well'],
  ])('one that %s allows nothing, and is said once', (_, comment) => {
    const sql = `-- ${comment}\n${add}`
    expect(findingsOf('not-valid-never-validated', BASE, [sql]).map(({ allowed }) => allowed)).toEqual([null])
    expect(saidBy('suppression-malformed-or-too-wide', BASE, [sql])).toHaveLength(1)
    expect(saidBy('unused-suppression', BASE, [sql])).toEqual([])
  })
})

describe('a comment in an applied migration', () => {
  const path = 'migrations/0001_step.up.sql'
  const late = [`This comment is written into applied migration ${path}, and is not heeded`]
  const old = '-- dba:allow drop-table it is archived\n'
  test.each<readonly [name: string, before: string, after: string, said: readonly string[]]>([
    ['is not heeded when it is added', BASE, `${old}${BASE}`, late],
    ['has been agreed to when it was merged', `${old}${BASE}`, `${old}-- The old ones.\n${BASE}`, []],
    ['may go', `${old}${BASE}`, BASE, []],
    ['is another when its reason is', `${old}${BASE}`, `${old.replace('archived', 'gone')}${BASE}`, late],
    ['may be about something else', BASE, `-- The old ones.\n${BASE}`, []],
  ])('%s', (_, before, after, said) => {
    const { findings } = analyse({
      base: new Map([[path, { text: before }]]),
      head: new Map([[path, { text: after }]]),
      settings: DEFAULTS,
      today: '2026-01-15',
      mode: 'pull',
    })
    const messages = findings.filter(({ rule }) => rule === 'suppression-added-on-merged-file')
    expect(messages.map(({ message }) => message)).toEqual(said)
    expect(findings.filter(({ rule }) => rule === 'unused-suppression')).toEqual([])
  })
})
