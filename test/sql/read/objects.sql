CREATE INDEX ON t (a);
--> create-index table=t method=btree keys=[{column=a}] | CREATE INDEX ON t (a)
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s."tè" USING gin (a, lower(b) DESC, (c || 'x') text_pattern_ops, to_tsvector('english', d)) INCLUDE (z) NULLS NOT DISTINCT WITH (fillfactor = 70) WHERE a IS NULL AND b = 'é';
--> create-index table=s.tè name=i unique concurrently ifNotExists only method=gin keys=[{column=a}, {expression=‹lower(b): columns=[b]› reversed}, {expression=‹c || 'x': columns=[c] strings=[x]›}, {expression=‹to_tsvector('english', d): columns=[d] strings=[english]›}] include=[z] where=‹a IS NULL AND b = 'é': columns=[a, b] strings=[é]› nullsNotDistinct | CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s."tè" USING gin (a, lower(b) DESC, (c || 'x') text_pattern_ops, to_tsvector('english', d)) INCLUDE (z) NULLS NOT DISTINCT WITH (fillfactor = 70) WHERE a IS NULL AND b = 'é'
CREATE INDEX i ON t (a, (random()), coalesce(b, 1));
--> create-index table=t name=i method=btree keys=[{column=a}, {expression=‹random(): volatility=volatile›}, {expression=‹coalesce(b, 1): columns=[b]›}] | CREATE INDEX i ON t (a, (random()), coalesce(b, 1))
DROP INDEX CONCURRENTLY IF EXISTS a, b.c;
--> drop-index index=a concurrently ifExists | a
--> drop-index index=b.c concurrently ifExists | b.c
DROP INDEX a CASCADE;
--> drop-index index=a cascade | DROP INDEX a CASCADE
REINDEX INDEX CONCURRENTLY s.i;
--> reindex target=index name=s.i concurrently | REINDEX INDEX CONCURRENTLY s.i
REINDEX (CONCURRENTLY) TABLE t;
--> reindex target=table name=t concurrently | REINDEX (CONCURRENTLY) TABLE t
REINDEX (CONCURRENTLY false) SCHEMA s;
--> reindex target=schema name=s | REINDEX (CONCURRENTLY false) SCHEMA s
REINDEX DATABASE d;
--> reindex target=database name=d | REINDEX DATABASE d
REINDEX SYSTEM;
--> reindex target=system | REINDEX SYSTEM
CREATE VIEW s.v AS WITH q AS (SELECT * FROM w) SELECT * FROM q JOIN s.x ON EXISTS (SELECT FROM y);
--> create-view view=s.v withData reads=[s.x, y, w] | CREATE VIEW s.v AS WITH q AS (SELECT * FROM w) SELECT * FROM q JOIN s.x ON EXISTS (SELECT FROM y)
CREATE OR REPLACE VIEW v (id) AS SELECT a.x, 1 AS n, lower(y), z::text AS z FROM a;
--> create-view view=v replace withData reads=[a] columns=[id, n, lower, z] uses=[x, y, z] | CREATE OR REPLACE VIEW v (id) AS SELECT a.x, 1 AS n, lower(y), z::text AS z FROM a
CREATE VIEW v AS SELECT 1 AS a UNION SELECT 2 AS b;
--> create-view view=v withData columns=[a] | CREATE VIEW v AS SELECT 1 AS a UNION SELECT 2 AS b
CREATE VIEW v AS VALUES (1);
--> create-view view=v withData | CREATE VIEW v AS VALUES (1)
CREATE VIEW v AS SELECT 1 + 1;
--> create-view view=v withData | CREATE VIEW v AS SELECT 1 + 1
CREATE OR REPLACE TEMP VIEW v AS SELECT 1;
--> create-view view=v replace temporary withData | CREATE OR REPLACE TEMP VIEW v AS SELECT 1
CREATE MATERIALIZED VIEW IF NOT EXISTS m AS SELECT * FROM a, b.c WITH NO DATA;
--> create-view view=m materialized ifNotExists reads=[a, b.c] | CREATE MATERIALIZED VIEW IF NOT EXISTS m AS SELECT * FROM a, b.c WITH NO DATA
REFRESH MATERIALIZED VIEW CONCURRENTLY s.m;
--> refresh-materialized-view view=s.m concurrently withData | REFRESH MATERIALIZED VIEW CONCURRENTLY s.m
REFRESH MATERIALIZED VIEW m WITH NO DATA;
--> refresh-materialized-view view=m | REFRESH MATERIALIZED VIEW m WITH NO DATA
CREATE TYPE s.mood AS ENUM ('sad', 'fröhlich');
--> create-enum type=s.mood values=[sad, fröhlich] | CREATE TYPE s.mood AS ENUM ('sad', 'fröhlich')
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'x' BEFORE 'y';
--> add-enum-value type=mood value=x ifNotExists neighbour={value=y} | ALTER TYPE mood ADD VALUE IF NOT EXISTS 'x' BEFORE 'y'
ALTER TYPE mood ADD VALUE 'x' AFTER 'y';
--> add-enum-value type=mood value=x neighbour={value=y after} | ALTER TYPE mood ADD VALUE 'x' AFTER 'y'
ALTER TYPE mood RENAME VALUE 'a' TO 'b';
--> rename-enum-value type=mood value=a newValue=b | ALTER TYPE mood RENAME VALUE 'a' TO 'b'
CREATE TYPE c AS (x int, y varchar(3)[]);
--> create-type type=c form=composite attributes=[{name=x type=integer}, {name=y type=character varying(3)[]}] | CREATE TYPE c AS (x int, y varchar(3)[])
CREATE TYPE r AS RANGE (subtype = int4);
--> create-type type=r form=range | CREATE TYPE r AS RANGE (subtype = int4)
CREATE TYPE shell;
--> create-type type=shell form=shell | CREATE TYPE shell
CREATE TYPE base (input = a, output = b);
--> create-type type=base form=base | CREATE TYPE base (input = a, output = b)
ALTER TYPE base SET (storage = plain);
--> alter-type type=base action=set-options | ALTER TYPE base SET (storage = plain)
CREATE DOMAIN s.d AS varchar(3) COLLATE "C" NOT NULL DEFAULT 'a' CONSTRAINT q CHECK (value <> 'x') CHECK (length(value) < 5);
--> create-domain domain=s.d type=character varying(3) notNull default=‹'a': constant strings=[a]› checks=[{name=q expression=‹value <> 'x': columns=[value] strings=[x]›}, {expression=‹length(value) < 5: columns=[value]›}] | CREATE DOMAIN s.d AS varchar(3) COLLATE "C" NOT NULL DEFAULT 'a' CONSTRAINT q CHECK (value <> 'x') CHECK (length(value) < 5)
ALTER DOMAIN d SET DEFAULT 1;
--> alter-domain domain=d action={type=set-default} | ALTER DOMAIN d SET DEFAULT 1
ALTER DOMAIN d DROP DEFAULT;
--> alter-domain domain=d action={type=drop-default} | ALTER DOMAIN d DROP DEFAULT
ALTER DOMAIN d SET NOT NULL;
--> alter-domain domain=d action={type=set-not-null} | ALTER DOMAIN d SET NOT NULL
ALTER DOMAIN d DROP NOT NULL;
--> alter-domain domain=d action={type=drop-not-null} | ALTER DOMAIN d DROP NOT NULL
ALTER DOMAIN d ADD CONSTRAINT x CHECK (value > 0) NOT VALID;
--> alter-domain domain=d action={type=add-constraint name=x} | ALTER DOMAIN d ADD CONSTRAINT x CHECK (value > 0) NOT VALID
ALTER DOMAIN d VALIDATE CONSTRAINT x;
--> alter-domain domain=d action={type=validate-constraint name=x} | ALTER DOMAIN d VALIDATE CONSTRAINT x
ALTER DOMAIN d DROP CONSTRAINT IF EXISTS x;
--> alter-domain domain=d action={type=drop-constraint name=x} | ALTER DOMAIN d DROP CONSTRAINT IF EXISTS x
CREATE SEQUENCE IF NOT EXISTS s AS smallint OWNED BY a.b.c;
--> create-sequence sequence=s ifNotExists type=smallint ownedBy={table=a.b column=c} | CREATE SEQUENCE IF NOT EXISTS s AS smallint OWNED BY a.b.c
CREATE TEMP SEQUENCE s;
--> create-sequence sequence=s temporary type=bigint | CREATE TEMP SEQUENCE s
ALTER SEQUENCE s AS bigint RESTART OWNED BY t.c;
--> alter-sequence sequence=s type=bigint restart ownedBy={table=t column=c} | ALTER SEQUENCE s AS bigint RESTART OWNED BY t.c
ALTER SEQUENCE s OWNED BY NONE;
--> alter-sequence sequence=s ownedBy=none | ALTER SEQUENCE s OWNED BY NONE
CREATE FUNCTION s.f(a int, OUT b text, VARIADIC c text[] DEFAULT '{}') RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$BEGIN END$$;
--> create-function function=s.f arguments=[integer, text[]] parameters=[{name=a mode=in type=integer}, {name=b mode=out type=text}, {name=c mode=variadic type=text[] default}] returns={type=text} language=plpgsql volatility=stable securityDefiner body=BEGIN END | CREATE FUNCTION s.f(a int, OUT b text, VARIADIC c text[] DEFAULT '{}') RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$BEGIN END$$
CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC INSERT INTO x VALUES (1); END;
--> create-function function=p procedure replace language=sql volatility=volatile body=BEGIN ATOMIC INSERT INTO x VALUES (1); END | CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC INSERT INTO x VALUES (1); END
CREATE FUNCTION g() RETURNS int IMMUTABLE RETURN 1 + 2;
--> create-function function=g returns={type=integer} language=sql volatility=immutable body=RETURN 1 + 2 | CREATE FUNCTION g() RETURNS int IMMUTABLE RETURN 1 + 2
CREATE FUNCTION h() RETURNS TABLE (a int) LANGUAGE c AS 'lib', 'symbol';
--> create-function function=h parameters=[{name=a mode=table type=integer}] returns={type=integer set} language=c volatility=volatile | CREATE FUNCTION h() RETURNS TABLE (a int) LANGUAGE c AS 'lib', 'symbol'
ALTER FUNCTION f(int) IMMUTABLE;
--> alter-function function=f | ALTER FUNCTION f(int) IMMUTABLE
CREATE TRIGGER a BEFORE INSERT ON s.t FOR EACH ROW EXECUTE FUNCTION s.f();
--> create-trigger table=s.t name=a row function=s.f | CREATE TRIGGER a BEFORE INSERT ON s.t FOR EACH ROW EXECUTE FUNCTION s.f()
CREATE OR REPLACE TRIGGER a AFTER UPDATE ON t EXECUTE FUNCTION f();
--> create-trigger table=t name=a replace function=f | CREATE OR REPLACE TRIGGER a AFTER UPDATE ON t EXECUTE FUNCTION f()
CREATE CONSTRAINT TRIGGER a AFTER INSERT ON t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION f();
--> create-trigger table=t name=a row constraint function=f | CREATE CONSTRAINT TRIGGER a AFTER INSERT ON t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION f()
CREATE OR REPLACE RULE r AS ON INSERT TO t DO INSTEAD NOTHING;
--> create-rule table=t name=r replace | CREATE OR REPLACE RULE r AS ON INSERT TO t DO INSTEAD NOTHING
CREATE POLICY p ON s.t USING (true);
--> create-policy table=s.t name=p | CREATE POLICY p ON s.t USING (true)
CREATE POLICY p ON t AS RESTRICTIVE USING (true);
--> create-policy table=t name=p restrictive | CREATE POLICY p ON t AS RESTRICTIVE USING (true)
ALTER POLICY p ON t USING (false);
--> alter-policy table=t name=p | ALTER POLICY p ON t USING (false)
CREATE SCHEMA IF NOT EXISTS s;
--> create-schema schema=s ifNotExists | CREATE SCHEMA IF NOT EXISTS s
CREATE SCHEMA AUTHORIZATION joe;
--> create-schema schema=joe | CREATE SCHEMA AUTHORIZATION joe
CREATE EXTENSION IF NOT EXISTS "uuid-ossp";
--> create-extension extension=uuid-ossp ifNotExists | CREATE EXTENSION IF NOT EXISTS "uuid-ossp"
ALTER EXTENSION x UPDATE TO '2';
--> alter-extension extension=x | ALTER EXTENSION x UPDATE TO '2'
ALTER EXTENSION x ADD TABLE t;
--> alter-extension extension=x | ALTER EXTENSION x ADD TABLE t
CREATE ROLE a;
--> change-role action=create role=a | CREATE ROLE a
CREATE USER a;
--> change-role action=create role=a | CREATE USER a
ALTER ROLE a NOLOGIN;
--> change-role action=alter role=a | ALTER ROLE a NOLOGIN
ALTER ROLE ALL SET work_mem = '1MB';
--> change-role action=alter role=all | ALTER ROLE ALL SET work_mem = '1MB'
CREATE DATABASE d;
--> change-database action=create database=d | CREATE DATABASE d
ALTER DATABASE d SET work_mem = '1MB';
--> change-database action=alter database=d | ALTER DATABASE d SET work_mem = '1MB'
ALTER DATABASE d CONNECTION LIMIT 5;
--> change-database action=alter database=d | ALTER DATABASE d CONNECTION LIMIT 5
-- Each dropped object stands at its own name.
DROP SCHEMA IF EXISTS a, b CASCADE;
--> drop-schema schema=a ifExists cascade | a
--> drop-schema schema=b ifExists cascade | b
DROP VIEW a, b;
--> drop-object object=view name=a | a
--> drop-object object=view name=b | b
DROP MATERIALIZED VIEW s.a, b;
--> drop-object object=materialized view name=s.a | s.a
--> drop-object object=materialized view name=b | b
DROP SEQUENCE a;
--> drop-object object=sequence name=a | DROP SEQUENCE a
DROP TYPE a, s.b;
--> drop-object object=type name=a | a
--> drop-object object=type name=s.b | s.b
DROP DOMAIN a;
--> drop-object object=domain name=a | DROP DOMAIN a
DROP FUNCTION f(int, OUT b text), s.g CASCADE;
--> drop-object object=function name=f takes=[integer] cascade | f(int, OUT b text)
--> drop-object object=function name=s.g cascade | s.g
DROP PROCEDURE p;
--> drop-object object=procedure name=p | DROP PROCEDURE p
DROP ROUTINE r(int);
--> drop-object object=routine name=r takes=[integer] | DROP ROUTINE r(int)
DROP AGGREGATE a(int), b(*);
--> drop-object object=aggregate name=a | a(int)
--> drop-object object=aggregate name=b | b(*)
DROP OPERATOR @@ (int, int), ## (NONE, int);
--> drop-object object=other name=@@ | @@ (int, int)
--> drop-object object=other name=## | ## (NONE, int)
DROP CAST (int AS text);
--> drop-object object=other name=int4.text | DROP CAST (int AS text)
DROP COLLATION c;
--> drop-object object=other name=c | DROP COLLATION c
DROP TRIGGER x ON s.t;
--> drop-object object=trigger name=x table=s.t | DROP TRIGGER x ON s.t
DROP POLICY IF EXISTS x ON t;
--> drop-object object=policy name=x table=t ifExists | DROP POLICY IF EXISTS x ON t
DROP RULE x ON t;
--> drop-object object=rule name=x table=t | DROP RULE x ON t
DROP EXTENSION x, "y-z";
--> drop-object object=extension name=x | x
--> drop-object object=extension name=y-z | "y-z"
DROP FOREIGN TABLE a, b;
--> drop-object object=foreign table name=a | a
--> drop-object object=foreign table name=b | b
DROP ROLE a, "B";
--> change-role action=drop role=a | a
--> change-role action=drop role=B | "B"
DROP DATABASE IF EXISTS d;
--> change-database action=drop database=d | DROP DATABASE IF EXISTS d
COMMENT ON TABLE s.t IS 'é';
--> comment object=table name=s.t text=é | COMMENT ON TABLE s.t IS 'é'
COMMENT ON COLUMN s.t.c IS NULL;
--> comment object=column name=c table=s.t | COMMENT ON COLUMN s.t.c IS NULL
COMMENT ON CONSTRAINT c ON t IS 'x';
--> comment object=constraint name=c table=t text=x | COMMENT ON CONSTRAINT c ON t IS 'x'
COMMENT ON CONSTRAINT c ON DOMAIN d IS 'x';
--> comment object=constraint name=c table=d text=x | COMMENT ON CONSTRAINT c ON DOMAIN d IS 'x'
COMMENT ON TRIGGER g ON s.t IS 'x';
--> comment object=trigger name=g table=s.t text=x | COMMENT ON TRIGGER g ON s.t IS 'x'
COMMENT ON FUNCTION f(int) IS 'x';
--> comment object=function name=f text=x | COMMENT ON FUNCTION f(int) IS 'x'
COMMENT ON SCHEMA s IS 'x';
--> comment object=schema name=s text=x | COMMENT ON SCHEMA s IS 'x'
GRANT SELECT, INSERT ON a, s.b TO c, PUBLIC, CURRENT_USER;
--> change-privileges action=grant object=table names=[a, s.b] grantees=[c, public, current_user] | GRANT SELECT, INSERT ON a, s.b TO c, PUBLIC, CURRENT_USER
GRANT SELECT (x) ON a TO b;
--> change-privileges action=grant object=table names=[a] grantees=[b] | GRANT SELECT (x) ON a TO b
REVOKE ALL ON ALL TABLES IN SCHEMA s FROM PUBLIC;
--> change-privileges action=revoke object=schema names=[s] grantees=[public] | REVOKE ALL ON ALL TABLES IN SCHEMA s FROM PUBLIC
GRANT EXECUTE ON FUNCTION s.f(int) TO a;
--> change-privileges action=grant object=function names=[s.f] grantees=[a] | GRANT EXECUTE ON FUNCTION s.f(int) TO a
GRANT USAGE ON SCHEMA s TO a;
--> change-privileges action=grant object=schema names=[s] grantees=[a] | GRANT USAGE ON SCHEMA s TO a
GRANT a TO b;
--> change-privileges action=grant object=role names=[a] grantees=[b] | GRANT a TO b
REVOKE a FROM b;
--> change-privileges action=revoke object=role names=[a] grantees=[b] | REVOKE a FROM b
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO a;
--> change-privileges action=alter-default object=table grantees=[a] | ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO a
-- What no rule understands is said.
CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f();
--> unmodelled node=CreateEventTrigStmt | CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f()
CREATE AGGREGATE x (int) (sfunc = a, stype = int);
--> unmodelled node=DefineStmt OBJECT_AGGREGATE | CREATE AGGREGATE x (int) (sfunc = a, stype = int)
CREATE PUBLICATION p FOR ALL TABLES;
--> change-publication action=create publication=p all | CREATE PUBLICATION p FOR ALL TABLES
CREATE PUBLICATION p FOR TABLE t, s.u (a), TABLES IN SCHEMA s;
--> change-publication action=create publication=p tables=[t, s.u] schemas=[s] | CREATE PUBLICATION p FOR TABLE t, s.u (a), TABLES IN SCHEMA s
CREATE PUBLICATION p;
--> change-publication action=create publication=p | CREATE PUBLICATION p
ALTER PUBLICATION p ADD TABLE t;
--> change-publication action=add publication=p tables=[t] | ALTER PUBLICATION p ADD TABLE t
ALTER PUBLICATION p DROP TABLE t;
--> change-publication action=drop publication=p tables=[t] | ALTER PUBLICATION p DROP TABLE t
ALTER PUBLICATION p SET TABLE t;
--> change-publication action=set publication=p tables=[t] | ALTER PUBLICATION p SET TABLE t
ALTER PUBLICATION p SET (publish = 'insert');
--> change-publication action=options publication=p | ALTER PUBLICATION p SET (publish = 'insert')
DROP PUBLICATION p;
--> drop-object object=publication name=p | DROP PUBLICATION p
CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION p;
--> unmodelled node=CreateSubscriptionStmt | CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION p
DROP OWNED BY a;
--> unmodelled node=DropOwnedStmt | DROP OWNED BY a
REASSIGN OWNED BY a TO b;
--> unmodelled node=ReassignOwnedStmt | REASSIGN OWNED BY a TO b
CREATE STATISTICS s ON a, b FROM t;
--> unmodelled node=CreateStatsStmt | CREATE STATISTICS s ON a, b FROM t
SECURITY LABEL ON TABLE t IS 'x';
--> unmodelled node=SecLabelStmt | SECURITY LABEL ON TABLE t IS 'x'
ALTER SYSTEM SET work_mem = '1MB';
--> unmodelled node=AlterSystemStmt | ALTER SYSTEM SET work_mem = '1MB'
SET CONSTRAINTS ALL DEFERRED;
--> unmodelled node=ConstraintsSetStmt | SET CONSTRAINTS ALL DEFERRED
DISCARD ALL;
--> unmodelled node=DiscardStmt | DISCARD ALL
PREPARE x AS DELETE FROM t;
--> unmodelled node=PrepareStmt | PREPARE x AS DELETE FROM t
EXECUTE x;
--> unmodelled node=ExecuteStmt | EXECUTE x
