/** The schema that every row starts from: each table holds rows. */
export const SCHEMA = `
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
  CREATE TABLE ptc (id integer, at integer NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE ptcd PARTITION OF ptc DEFAULT;
  ALTER TABLE ptcd ADD CHECK (at >= 90);
  CREATE TABLE ptf (id integer, at integer, p_id integer REFERENCES p) PARTITION BY RANGE (at);
  CREATE TABLE ptf1 PARTITION OF ptf FOR VALUES FROM (0) TO (10);
  CREATE TABLE g (id integer, x integer GENERATED ALWAYS AS (id * 2) STORED, y integer GENERATED ALWAYS AS (id * 2) VIRTUAL,
    z integer GENERATED ALWAYS AS IDENTITY)
`
/** Enough rows for plans to be what they are on real tables. */
export const ROWS = `
  INSERT INTO p SELECT i, i::text FROM generate_series(1, 900) i;
  INSERT INTO t (id, a, b, c, n, ts, tz, ch, d, nn, k)
    SELECT i, i, i, i, i, now(), now(), i, i, i, i FROM generate_series(1, 900) i;
  INSERT INTO tfk SELECT i, i, i FROM generate_series(1, 900) i;
  INSERT INTO ul SELECT i FROM generate_series(1, 5) i;
  INSERT INTO plainly SELECT i FROM generate_series(1, 5) i;
  INSERT INTO base VALUES (1); INSERT INTO derived VALUES (1); INSERT INTO ch VALUES (1); INSERT INTO un VALUES (1);
  INSERT INTO td VALUES (1); INSERT INTO pt SELECT i, i % 20, i FROM generate_series(1, 900) i; INSERT INTO np VALUES (1, 21); INSERT INTO npc VALUES (1, 31);
  INSERT INTO ptd VALUES (1, 99); INSERT INTO ptc VALUES (1, 99); INSERT INTO npd VALUES (1, 1); INSERT INTO ptf VALUES (1, 1, 1); INSERT INTO g VALUES (1);
  REFRESH MATERIALIZED VIEW mv;
  ANALYZE
`

/** Statements by what they are about. Each runs in a transaction of its own that is rolled back. */
export const CASES: Readonly<Record<string, readonly string[]>> = {
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
    'CREATE TABLE fresh PARTITION OF ptc FOR VALUES FROM (50) TO (60)',
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
export const DEVIATIONS: Readonly<Record<string, { readonly why: string; readonly lines: readonly string[] }>> = {
  'ALTER TABLE t DROP COLUMN b CASCADE': {
    why: 'which of the views use the column is not known',
    lines: ['mv ACCESS EXCLUSIVE'],
  },
  'SELECT count(*) FROM t': { why: 'the text of a query does not tell how it is planned', lines: ['t read'] },
}
