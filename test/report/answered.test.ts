import { beforeAll, describe, expect, test } from '@jest/globals'
import { answering, answeredRows } from '../../src/report/answered.js'
import { rules } from '../../src/rules/index.js'
import { loadParsers } from '../../src/sql/parse.js'
import { saidBy } from '../rules/said.js'

beforeAll(() => loadParsers({ majors: [18], second: true }))

const BASE = `
CREATE TABLE parents (id bigint PRIMARY KEY, code text);
CREATE UNIQUE INDEX parents_code ON parents (code);
CREATE TABLE children (id bigint, parent_id bigint, a int, b int, t varchar(20));
CREATE UNIQUE INDEX children_id ON children (id);
CREATE VIEW shown AS SELECT b FROM children;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touched BEFORE UPDATE ON children FOR EACH ROW EXECUTE FUNCTION f();
CREATE TABLE parts (id bigint, a int) PARTITION BY RANGE (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
`
const FK = 'FOREIGN KEY (parent_id) REFERENCES parents (id)'

/** What each row is about, once for each rule that is said to answer to it. */
const CASES: Readonly<Record<string, readonly string[]>> = {
  A24: ['ALTER TABLE later ADD COLUMN z int'],
  B29: ['DROP TABLE parents'],
  C6: ['CREATE INDEX i ON parts (a)', 'CREATE INDEX CONCURRENTLY i ON parts (a)'],
  C20: [`ALTER TABLE children ADD CONSTRAINT fk ${FK} NOT VALID`],
  C21: ['CREATE TABLE grandchildren (id bigint PRIMARY KEY, parent_id bigint REFERENCES parents (id))'],
  C28: ['ALTER TABLE children ADD CONSTRAINT pk PRIMARY KEY USING INDEX children_id'],
  C29: ['ALTER TABLE parents ADD CONSTRAINT u UNIQUE USING INDEX parents_code'],
  C39: ['ALTER TABLE children ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY'],
  C42: ['ALTER TABLE children ADD COLUMN n bigint CHECK (n > 0)'],
  C43: ['ALTER TABLE children ADD COLUMN n bigint UNIQUE'],
  C44: ['ALTER TABLE children ADD COLUMN n bigint REFERENCES parents (id)'],
  C50: ['ALTER TABLE children ALTER COLUMN a TYPE text USING a::text'],
  C53: ['ALTER TABLE children ALTER COLUMN a SET DEFAULT 1'],
  C63: ['CREATE TRIGGER t BEFORE INSERT ON children FOR EACH ROW EXECUTE FUNCTION f()'],
  C64: ['ALTER TABLE children DISABLE TRIGGER touched'],
  C65: ['DROP TRIGGER touched ON children'],
  C66: ['CREATE POLICY p ON children USING (true)', 'ALTER TABLE children ENABLE ROW LEVEL SECURITY'],
  C87: ['ALTER TABLE children ADD COLUMN z int; CREATE INDEX z ON children (z)'],
  D17: ['ALTER TABLE children DROP COLUMN b', 'ALTER TABLE children ALTER COLUMN b TYPE bigint'],
  F1: ['ALTER TABLE children ALTER COLUMN a SET NOT NULL'],
  F2: ['ALTER TABLE children ADD CONSTRAINT u UNIQUE (a)'],
  F3: ['ALTER TABLE children ADD CONSTRAINT c CHECK (a > 0)'],
  F4: [`ALTER TABLE children ADD CONSTRAINT fk ${FK}`],
  F5: ['ALTER TABLE children ALTER COLUMN t TYPE integer USING t::integer'],
}
/** What only a rehearsal tells: the rule's own fixture is the case. */
const REHEARSED: readonly string[] = ['G2', 'G3']

test('every row without a rule of its own has its case, and no row has both', () => {
  expect([...Object.keys(CASES), ...REHEARSED].sort()).toEqual([...answeredRows].sort())
  const own = new Set(rules.map(({ meta }) => meta.code))
  expect(answeredRows.filter((row) => own.has(row))).toEqual([])
})

describe.each(Object.entries(CASES))('%s', (row, pulls) => {
  const pairs = answering(row).map((rule, index) => [rule, pulls[index] ?? ''] as const)
  test.each(pairs)('%s speaks', (rule, pull) => expect(saidBy(rule, BASE, [`${pull};`])).toHaveLength(1))
})

test.each(REHEARSED)('%s is answered by a rule that is rehearsed', (row) => {
  const ids = answering(row)
  expect(rules.filter(({ meta, check }) => ids.includes(meta.id) && check.evidence !== undefined)).toHaveLength(1)
})
