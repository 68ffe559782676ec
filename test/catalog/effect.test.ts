import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { PGlite } from '@electric-sql/pglite'
import { effectOf } from '../../src/catalog/effect.js'
import { createCatalog } from '../../src/catalog/store.js'
import { compareLocks, type Effect, type LockMode } from '../../src/model/effect.js'
import { keyOf } from '../../src/model/names.js'
import { loadParsers } from '../../src/sql/parse.js'
import { statementsIn } from './statements.js'

/** The schema that every row starts from: each table holds rows. */
const SCHEMA = `
  CREATE TYPE mood AS ENUM ('sad', 'happy');
  CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
  CREATE DOMAIN plain AS integer;
  CREATE FUNCTION fixed() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
  CREATE FUNCTION vague() RETURNS integer LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN 1; END';
  CREATE FUNCTION noop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TABLE p (id integer PRIMARY KEY, code text UNIQUE);
  CREATE TABLE t (id integer PRIMARY KEY, a integer, b text, c varchar(10), n numeric(10,2), ts timestamp, tz timestamptz,
    ch char(5), d positive, nn integer NOT NULL, k integer CONSTRAINT k_known CHECK (k IS NOT NULL), s serial);
  CREATE INDEX t_b ON t (b);
  CREATE INDEX t_ts ON t (ts);
  CREATE UNIQUE INDEX t_u ON t (a);
  ALTER TABLE t ADD CONSTRAINT c_short CHECK (c <> 'x');
  ALTER TABLE t ADD CONSTRAINT later CHECK (a > 0) NOT VALID;
  CREATE TABLE tfk (id integer PRIMARY KEY, p_id integer CONSTRAINT tfk_p REFERENCES p, other text);
  ALTER TABLE tfk ADD CONSTRAINT tfk_late FOREIGN KEY (other) REFERENCES p (code) NOT VALID;
  CREATE TABLE ul (id integer, v integer DEFAULT 1);
  CREATE TABLE plainly (id integer NOT NULL);
  CREATE TABLE base (id integer);
  CREATE TABLE derived () INHERITS (base);
  CREATE TABLE ch (id integer);
  CREATE UNLOGGED TABLE un (id integer);
  CREATE TABLE td (x plain);
  CREATE VIEW v AS SELECT id, b FROM t;
  CREATE VIEW vv AS SELECT id FROM v;
  CREATE MATERIALIZED VIEW mv AS SELECT id FROM t;
  CREATE UNIQUE INDEX mv_id ON mv (id);
  CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION noop();
  CREATE POLICY po ON t;
  CREATE TABLE pt (id integer, at integer NOT NULL, p_id integer) PARTITION BY RANGE (at);
  CREATE TABLE pt1 PARTITION OF pt FOR VALUES FROM (0) TO (10);
  CREATE TABLE pt2 PARTITION OF pt FOR VALUES FROM (10) TO (20);
  CREATE INDEX pt_id ON pt (id);
  CREATE TABLE np (id integer, at integer NOT NULL, p_id integer);
  CREATE TABLE npc (id integer, at integer NOT NULL CHECK (at >= 30 AND at < 40), p_id integer);
  CREATE TABLE ptd (id integer, at integer NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE ptdd PARTITION OF ptd DEFAULT;
  CREATE TABLE npd (id integer, at integer NOT NULL);
  CREATE TABLE ptf (id integer, at integer, p_id integer REFERENCES p) PARTITION BY RANGE (at);
  CREATE TABLE ptf1 PARTITION OF ptf FOR VALUES FROM (0) TO (10);
  CREATE TABLE g (id integer, x integer GENERATED ALWAYS AS (id * 2) STORED, y integer GENERATED ALWAYS AS (id * 2) VIRTUAL,
    z integer GENERATED ALWAYS AS IDENTITY)
`
const ROWS = `
  INSERT INTO p SELECT i, i::text FROM generate_series(1, 900) i;
  INSERT INTO t (id, a, b, c, n, ts, tz, ch, d, nn, k)
    SELECT i, i, i, i, i, now(), now(), i, i, i, i FROM generate_series(1, 900) i;
  INSERT INTO tfk SELECT i, i, i FROM generate_series(1, 900) i;
  INSERT INTO ul SELECT i FROM generate_series(1, 5) i;
  INSERT INTO plainly SELECT i FROM generate_series(1, 5) i;
  INSERT INTO base VALUES (1); INSERT INTO derived VALUES (1); INSERT INTO ch VALUES (1); INSERT INTO un VALUES (1);
  INSERT INTO td VALUES (1); INSERT INTO pt SELECT i, i % 20, i FROM generate_series(1, 900) i; INSERT INTO np VALUES (1, 21); INSERT INTO npc VALUES (1, 31);
  INSERT INTO ptd VALUES (1, 99); INSERT INTO npd VALUES (1, 1); INSERT INTO ptf VALUES (1, 1, 1); INSERT INTO g VALUES (1);
  REFRESH MATERIALIZED VIEW mv;
  ANALYZE
`

/** Statements by what they are about. Each runs in a transaction of its own that is rolled back. */
const CASES: Readonly<Record<string, readonly string[]>> = {
  'add column': [
    'ALTER TABLE t ADD COLUMN x integer',
    'ALTER TABLE t ADD COLUMN x integer DEFAULT 1',
    'ALTER TABLE t ADD COLUMN x integer NOT NULL DEFAULT 1',
    'ALTER TABLE t ADD COLUMN x timestamptz DEFAULT now()',
    'ALTER TABLE t ADD COLUMN x timestamptz DEFAULT clock_timestamp()',
    'ALTER TABLE t ADD COLUMN x double precision DEFAULT random()',
    'ALTER TABLE t ADD COLUMN x uuid DEFAULT gen_random_uuid()',
    'ALTER TABLE t ADD COLUMN x integer DEFAULT fixed()',
    'ALTER TABLE t ADD COLUMN x integer DEFAULT vague()',
    'ALTER TABLE t ADD COLUMN x serial',
    'ALTER TABLE t ADD COLUMN x integer GENERATED ALWAYS AS IDENTITY',
    'ALTER TABLE t ADD COLUMN x integer GENERATED ALWAYS AS (a + 1) STORED',
    'ALTER TABLE t ADD COLUMN x integer GENERATED ALWAYS AS (a + 1) VIRTUAL',
    'ALTER TABLE t ADD COLUMN x integer CHECK (x > 0)',
    'ALTER TABLE t ADD COLUMN x integer UNIQUE',
    'ALTER TABLE tfk ADD COLUMN x integer REFERENCES p',
    'ALTER TABLE tfk ADD COLUMN x integer DEFAULT 1 REFERENCES p',
    'ALTER TABLE t ADD COLUMN x positive',
    'ALTER TABLE t ADD COLUMN x plain',
    'ALTER TABLE t ADD COLUMN IF NOT EXISTS a integer DEFAULT random()',
    'ALTER TABLE pt ADD COLUMN x integer',
    'ALTER TABLE pt ADD COLUMN x serial',
    'ALTER TABLE base ADD COLUMN x integer',
  ],
  'other column changes': [
    'ALTER TABLE t DROP COLUMN n',
    'ALTER TABLE t DROP COLUMN b CASCADE',
    'ALTER TABLE tfk DROP COLUMN p_id',
    'ALTER TABLE p DROP COLUMN code CASCADE',
    'ALTER TABLE pt DROP COLUMN p_id',
    'ALTER TABLE t RENAME COLUMN n TO m',
    'ALTER TABLE pt RENAME COLUMN id TO ident',
    'ALTER TABLE t ALTER n SET DEFAULT 1',
    'ALTER TABLE ul ALTER v DROP DEFAULT',
    'ALTER TABLE pt ALTER p_id SET DEFAULT 1',
    'ALTER TABLE t ALTER a SET NOT NULL',
    'ALTER TABLE t ALTER k SET NOT NULL',
    'ALTER TABLE t ALTER nn SET NOT NULL',
    'ALTER TABLE t ALTER id SET NOT NULL',
    'ALTER TABLE pt ALTER id SET NOT NULL',
    'ALTER TABLE t ALTER nn DROP NOT NULL',
    'ALTER TABLE ul ALTER id SET STATISTICS 100',
    'ALTER TABLE t ALTER b SET STORAGE EXTERNAL',
    'ALTER TABLE t ALTER b SET COMPRESSION pglz',
    'ALTER TABLE t ALTER a SET (n_distinct = 5)',
    'ALTER TABLE plainly ALTER id ADD GENERATED ALWAYS AS IDENTITY',
    'ALTER TABLE g ALTER z SET GENERATED BY DEFAULT',
    'ALTER TABLE g ALTER z DROP IDENTITY',
    'ALTER TABLE g ALTER x SET EXPRESSION AS (id * 3)',
    'ALTER TABLE g ALTER y SET EXPRESSION AS (id * 3)',
    'ALTER TABLE g ALTER x DROP EXPRESSION',
  ],
  'type changes': [
    'ALTER TABLE t ALTER c TYPE varchar(20)',
    'ALTER TABLE t ALTER b TYPE varchar',
    'ALTER TABLE t ALTER b TYPE varchar(20)',
    'ALTER TABLE t ALTER a TYPE bigint',
    'ALTER TABLE t ALTER n TYPE numeric(12,2)',
    'ALTER TABLE t ALTER n TYPE numeric(12,4)',
    'ALTER TABLE t ALTER ts TYPE timestamptz',
    'ALTER TABLE t ALTER tz TYPE timestamp',
    'ALTER TABLE t ALTER b TYPE text COLLATE "C"',
    'ALTER TABLE t ALTER n TYPE numeric(12,2) USING n::numeric(12,2)',
    'ALTER TABLE t ALTER n TYPE numeric(12,2) USING n + 1',
    'ALTER TABLE p ALTER id TYPE bigint',
    'ALTER TABLE tfk ALTER p_id TYPE bigint',
    'ALTER TABLE tfk ALTER other TYPE varchar',
    'ALTER TABLE pt ALTER p_id TYPE bigint',
  ].map((sql) => (/\bb TYPE|\bid TYPE/.test(sql) ? `DROP VIEW v CASCADE; DROP MATERIALIZED VIEW mv; ${sql}` : sql)),
  constraints: [
    'ALTER TABLE t ADD CHECK (a > 0)',
    'ALTER TABLE t ADD CHECK (a > 0) NOT VALID',
    'ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED',
    'ALTER TABLE pt ADD CHECK (id > 0)',
    'ALTER TABLE tfk ADD FOREIGN KEY (id) REFERENCES p',
    'ALTER TABLE tfk ADD FOREIGN KEY (id) REFERENCES p NOT VALID',
    'ALTER TABLE pt ADD FOREIGN KEY (p_id) REFERENCES p',
    'ALTER TABLE tfk VALIDATE CONSTRAINT tfk_late',
    'ALTER TABLE tfk VALIDATE CONSTRAINT tfk_p',
    'ALTER TABLE t VALIDATE CONSTRAINT later',
    'ALTER TABLE t ADD UNIQUE (nn)',
    'ALTER TABLE t ADD UNIQUE USING INDEX t_u',
    'ALTER TABLE ul ADD PRIMARY KEY (id)',
    'ALTER TABLE plainly ADD PRIMARY KEY (id)',
    'ALTER TABLE plainly ADD EXCLUDE USING btree (id WITH =)',
    'ALTER TABLE t ADD NOT NULL a NOT VALID',
    'ALTER TABLE t ADD NOT NULL a',
    'ALTER TABLE t DROP CONSTRAINT c_short',
    'ALTER TABLE tfk DROP CONSTRAINT tfk_p',
    'ALTER TABLE p DROP CONSTRAINT p_pkey CASCADE',
    'ALTER TABLE ptf DROP CONSTRAINT ptf_p_id_fkey',
    'ALTER TABLE tfk ALTER CONSTRAINT tfk_p DEFERRABLE',
    'ALTER TABLE t RENAME CONSTRAINT c_short TO c_brief',
    'ALTER DOMAIN plain ADD CHECK (VALUE > 0)',
    'ALTER DOMAIN plain ADD CHECK (VALUE > 0) NOT VALID',
    'ALTER DOMAIN plain SET NOT NULL',
  ],
  tables: [
    'CREATE TABLE fresh (id integer PRIMARY KEY, p_id integer REFERENCES p)',
    'CREATE TABLE fresh (LIKE t)',
    'CREATE TABLE fresh () INHERITS (base)',
    'CREATE TABLE IF NOT EXISTS t (p_id integer REFERENCES p)',
    'CREATE TABLE fresh PARTITION OF pt FOR VALUES FROM (50) TO (60)',
    'CREATE TABLE fresh PARTITION OF ptd FOR VALUES FROM (50) TO (60)',
    'CREATE TABLE fresh PARTITION OF ptf FOR VALUES FROM (50) TO (60)',
    'ALTER TABLE pt ATTACH PARTITION np FOR VALUES FROM (20) TO (30)',
    'ALTER TABLE pt ATTACH PARTITION npc FOR VALUES FROM (30) TO (40)',
    'ALTER TABLE ptd ATTACH PARTITION npd FOR VALUES FROM (0) TO (10)',
    'ALTER TABLE pt DETACH PARTITION pt1',
    'ALTER TABLE ptf DETACH PARTITION ptf1',
    'DROP TABLE pt1',
    'DROP TABLE pt',
    'DROP TABLE ul',
    'DROP TABLE tfk',
    'DROP TABLE p CASCADE',
    'DROP TABLE t CASCADE',
    'DROP TABLE IF EXISTS nowhere',
    'ALTER TABLE t RENAME TO u',
    'ALTER TABLE t SET (fillfactor = 90)',
    'ALTER TABLE t SET (autovacuum_enabled = false)',
    'ALTER TABLE t SET (user_catalog_table = true)',
    'ALTER TABLE plainly SET UNLOGGED',
    'ALTER TABLE un SET LOGGED',
    'ALTER TABLE un SET UNLOGGED',
    'ALTER TABLE t SET TABLESPACE pg_default',
    'ALTER TABLE t SET ACCESS METHOD heap',
    'ALTER TABLE t CLUSTER ON t_b',
    'ALTER TABLE t SET WITHOUT CLUSTER',
    'ALTER TABLE t REPLICA IDENTITY FULL',
    'ALTER TABLE t OWNER TO CURRENT_USER',
    'ALTER TABLE ch INHERIT base',
    'ALTER TABLE derived NO INHERIT base',
    'ALTER TABLE t DISABLE TRIGGER tr',
    'ALTER TABLE t ENABLE ROW LEVEL SECURITY',
    'ALTER TABLE t FORCE ROW LEVEL SECURITY',
    'CREATE SCHEMA s; ALTER TABLE t SET SCHEMA s',
    'DROP SCHEMA public CASCADE',
  ],
  'indexes and views': [
    'CREATE INDEX ON t (n)',
    'CREATE UNIQUE INDEX ON t (nn)',
    'CREATE INDEX ON pt (p_id)',
    'CREATE INDEX ON ONLY pt (p_id)',
    'CREATE INDEX ON mv (id)',
    'CREATE INDEX IF NOT EXISTS t_b ON t (n)',
    'DROP INDEX t_b',
    'DROP INDEX pt_id',
    'ALTER INDEX t_b RENAME TO t_bb',
    'ALTER INDEX t_b SET (fillfactor = 80)',
    'REINDEX INDEX t_b',
    'REINDEX TABLE t',
    'CLUSTER t USING t_b',
    'ANALYZE t',
    'CREATE VIEW w AS SELECT * FROM t',
    'CREATE OR REPLACE VIEW v AS SELECT id, b FROM t WHERE id > 1',
    'CREATE MATERIALIZED VIEW w AS SELECT * FROM t',
    'REFRESH MATERIALIZED VIEW mv',
    'REFRESH MATERIALIZED VIEW CONCURRENTLY mv',
    'DROP VIEW vv',
    'DROP VIEW v CASCADE',
    'DROP MATERIALIZED VIEW mv',
    'ALTER VIEW v RENAME TO w',
  ],
  'other objects': [
    'CREATE TRIGGER tr2 BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION noop()',
    'CREATE TRIGGER tr2 BEFORE INSERT ON pt FOR EACH ROW EXECUTE FUNCTION noop()',
    'DROP TRIGGER tr ON t',
    'ALTER TRIGGER tr ON t RENAME TO tr3',
    'CREATE POLICY po2 ON t',
    'ALTER POLICY po ON t USING (true)',
    'DROP POLICY po ON t',
    'CREATE RULE ru AS ON DELETE TO t DO NOTHING',
    "COMMENT ON TABLE t IS 'x'",
    "COMMENT ON COLUMN t.a IS 'x'",
    "COMMENT ON VIEW v IS 'x'",
    "COMMENT ON CONSTRAINT c_short ON t IS 'x'",
    'GRANT SELECT ON t TO PUBLIC',
    "ALTER TYPE mood ADD VALUE 'so-so'",
    "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
    'CREATE SEQUENCE sq OWNED BY t.a',
    'ALTER SEQUENCE t_s_seq RESTART',
    'DROP SEQUENCE t_s_seq CASCADE',
    'DROP DOMAIN plain CASCADE',
    'CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM t $$',
  ],
  rows: [
    'UPDATE t SET a = a',
    'UPDATE t SET a = 1 WHERE id = 1',
    'DELETE FROM ul',
    'INSERT INTO ul VALUES (1, 2)',
    'TRUNCATE ul',
    'TRUNCATE p CASCADE',
    'TRUNCATE pt',
    'LOCK TABLE t',
    'LOCK TABLE t IN SHARE MODE',
    'LOCK TABLE pt IN SHARE ROW EXCLUSIVE MODE',
    'SELECT count(*) FROM t',
    'DO $$ BEGIN ALTER TABLE t ADD COLUMN x integer; CREATE TABLE y (id integer); ALTER TABLE y ADD CHECK (id > 0); END $$',
    'CREATE TABLE y (id integer); CREATE INDEX ON y (id); ALTER TABLE y ADD FOREIGN KEY (id) REFERENCES p',
  ],
}

/** Where the prediction knowingly differs. */
const DEVIATIONS: Readonly<Record<string, { readonly why: string; readonly lines: readonly string[] }>> = {
  'ALTER TABLE t DROP COLUMN b CASCADE': {
    why: 'which of the views use the column is not known',
    lines: ['mv ACCESS EXCLUSIVE'],
  },
  'SELECT count(*) FROM t': { why: 'the text of a query does not tell how it is planned', lines: ['t read'] },
}

let db: PGlite
const schema = createCatalog({ complete: true })
beforeAll(async () => {
  ;[db] = await Promise.all([PGlite.create(), loadParsers()])
  await db.exec(`SET TimeZone = 'Europe/Berlin'; ${SCHEMA}; ${ROWS}`)
  for (const { operations } of statementsIn(SCHEMA)) for (const operation of operations) schema.apply(operation, 'base')
})
afterAll(async () => {
  await db.close()
})

describe.each(Object.entries(CASES))('%s', (_, statements) => {
  test.each(statements)('%s', async (sql) => {
    const predicted = predict(sql)
    const seen = await observe(sql)
    const deviations = DEVIATIONS[sql]?.lines ?? []
    const differing = (one: readonly string[], other: readonly string[]): string[] =>
      one.filter((line) => !other.includes(line))
    const [told, real] = [lines(predicted, seen), lines(seen, predicted)]
    expect(told.filter((line) => !deviations.includes(line))).toEqual(real.filter((line) => !deviations.includes(line)))
    expect([...differing(told, real), ...differing(real, told)]).toEqual(deviations)
  })
})

interface Seen {
  readonly locks: ReadonlyMap<string, LockMode>
  readonly rewrites: ReadonlySet<string>
  readonly scans: ReadonlySet<string>
}

/** All statements of the text, as one transaction; the last one is the one in question. */
function predict(sql: string): Seen {
  const catalog = schema.fork()
  catalog.begin()
  const locks = new Map<string, LockMode>()
  const rewrites = new Set<string>()
  const scans = new Set<string>()
  const note = (effect: Effect): void => {
    for (const { table, mode } of effect.locks) {
      const before = locks.get(keyOf(table))
      if (before === undefined || compareLocks(before, mode) < 0) locks.set(keyOf(table), mode)
    }
    for (const table of effect.rewrites) rewrites.add(keyOf(table))
    for (const table of effect.scans) scans.add(keyOf(table))
  }
  for (const { operations } of statementsIn(sql)) {
    for (const operation of operations) {
      note(effectOf(operation, catalog, { postgres: 18, inTransaction: true }))
      catalog.apply(operation, 'transaction')
    }
  }
  return { locks, rewrites, scans }
}

async function observe(sql: string): Promise<Seen> {
  const before = await relations()
  await db.exec('BEGIN')
  try {
    const earlier = await sequentialScans()
    await db.exec(sql)
    const { rows } = await db.query<{ oid: number; mode: string }>(
      `SELECT relation::int AS oid, mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation IS NOT NULL`,
    )
    const locks = new Map<string, LockMode>()
    for (const { oid, mode } of rows) {
      const name = before.get(oid)?.name
      const lock = modeOf(mode)
      const held = name === undefined ? undefined : locks.get(name)
      if (name !== undefined && (held === undefined || compareLocks(held, lock) < 0)) locks.set(name, lock)
    }
    const rewrites = new Set<string>()
    for (const [oid, { file }] of await relations()) {
      const old = before.get(oid)
      if (old !== undefined && old.file !== file && !/^TRUNCATE/.test(sql)) rewrites.add(old.name)
    }
    const read = [...(await sequentialScans())].filter(([oid, count]) => count > (earlier.get(oid) ?? 0))
    const scans = new Set(read.flatMap(([oid]) => before.get(oid)?.name ?? []))
    return { locks, rewrites, scans }
  } finally {
    await db.exec('ROLLBACK')
  }
}

/** The counters go on over transactions until they are sent. Index builds count too. */
async function sequentialScans(): Promise<ReadonlyMap<number, number>> {
  const { rows } = await db.query<{ oid: number; scans: number }>(
    `SELECT relid::int AS oid, seq_tup_read::int AS scans FROM pg_stat_xact_all_tables`,
  )
  return new Map(rows.map(({ oid, scans }) => [oid, scans]))
}

async function relations(): Promise<ReadonlyMap<number, { readonly name: string; readonly file: number }>> {
  const { rows } = await db.query<{ oid: number; name: string; file: number }>(
    `SELECT c.oid::int AS oid, relname AS name, relfilenode::int AS file
     FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND relkind IN ('r', 'p', 'v', 'm')`,
  )
  return new Map(rows.map(({ oid, name, file }) => [oid, { name, file }]))
}

/** `AccessExclusiveLock` is ACCESS EXCLUSIVE. */
function modeOf(mode: string): LockMode {
  return mode
    .replace(/Lock$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase() as LockMode
}

/** A reading lock may be seen that the text does not tell of; a scan is asked for only where the table is not rewritten. */
function lines(one: Seen, other: Seen): string[] {
  const isWeak = (name: string, mode: LockMode): boolean => mode === 'ACCESS SHARE' && !other.locks.has(name)
  return [
    ...[...one.locks].filter(([name, mode]) => !isWeak(name, mode)).map(([name, mode]) => `${name} ${mode}`),
    ...[...one.rewrites].map((name) => `${name} rewritten`),
    ...[...one.scans]
      .filter((name) => !one.rewrites.has(name) && !other.rewrites.has(name))
      .map((name) => `${name} read`),
  ].sort()
}
