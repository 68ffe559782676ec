INSERT INTO s.t VALUES (1, 'é'), (2, 'b');
--> insert table=s.t source=values rows=2 widths=[2] strings=[é, b] | INSERT INTO s.t VALUES (1, 'é'), (2, 'b')
INSERT INTO t VALUES (gen_random_uuid(), 1), (2, random(), 3);
--> insert table=t source=values rows=2 widths=[2, 3] drawn=[0, 1] | INSERT INTO t VALUES (gen_random_uuid(), 1), (2, random(), 3)
INSERT INTO t SELECT 1, u.*, count(*) FROM u GROUP BY u;
--> insert table=t source=query rows=0 | INSERT INTO t SELECT 1, u.*, count(*) FROM u GROUP BY u
INSERT INTO t (a, b) SELECT a, 'x' FROM u ON CONFLICT DO NOTHING;
--> insert table=t columns=[a, b] source=query rows=0 widths=[2] onConflict=nothing strings=[x] | INSERT INTO t (a, b) SELECT a, 'x' FROM u ON CONFLICT DO NOTHING
INSERT INTO t DEFAULT VALUES;
--> insert table=t source=default rows=0 | INSERT INTO t DEFAULT VALUES
INSERT INTO t (a) VALUES (1) ON CONFLICT (a) WHERE b DO UPDATE SET a = excluded.a WHERE true RETURNING a;
--> insert table=t columns=[a] source=values rows=1 widths=[1] onConflict=update | INSERT INTO t (a) VALUES (1) ON CONFLICT (a) WHERE b DO UPDATE SET a = excluded.a WHERE true RETURNING a
UPDATE t SET a = 1;
--> update table=t columns=[a] alias=t | UPDATE t SET a = 1
UPDATE s.t AS u SET a = 'x', (b, c) = (2, 3) FROM x JOIN y AS z ON true, (SELECT 1) q WHERE u.id = x.id AND c > now() RETURNING u.id;
--> update table=s.t columns=[a, b, c] where=‹u.id = x.id AND c > now(): volatility=stable columns=[id, c] qualifiers=[u, x]› from=[x, z, q] alias=u strings=[x] | UPDATE s.t AS u SET a = 'x', (b, c) = (2, 3) FROM x JOIN y AS z ON true, (SELECT 1) q WHERE u.id = x.id AND c > now() RETURNING u.id
UPDATE t SET a = (SELECT max(b) FROM u WHERE u.c = 1) WHERE NOT false;
--> update table=t columns=[a] where=‹NOT false: tautology› alias=t | UPDATE t SET a = (SELECT max(b) FROM u WHERE u.c = 1) WHERE NOT false
DELETE FROM ONLY t AS q USING a, b AS c WHERE q.id = a.id OR 1 = 1;
--> delete table=t where=‹q.id = a.id OR 1 = 1: columns=[id] tautology qualifiers=[q, a]› using=[a, c] | DELETE FROM ONLY t AS q USING a, b AS c WHERE q.id = a.id OR 1 = 1
DELETE FROM t WHERE CURRENT OF c;
--> delete table=t where=‹CURRENT OF c: volatility=stable› | DELETE FROM t WHERE CURRENT OF c
DELETE FROM t WHERE true AND 'a' = 'a';
--> delete table=t where=‹true AND 'a' = 'a': strings=[a, a] tautology› strings=[a, a] | DELETE FROM t WHERE true AND 'a' = 'a'
DELETE FROM t WHERE id IN (1, 2) AND 'x' = 'y';
--> delete table=t where=‹id IN (1, 2) AND 'x' = 'y': columns=[id] strings=[x, y]› strings=[x, y] | DELETE FROM t WHERE id IN (1, 2) AND 'x' = 'y'
MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE;
--> merge table=t | MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE
-- Changes within WITH are operations of their own, before the statement that they stand in.
WITH a AS (DELETE FROM t WHERE x = 1 RETURNING *), b (c) AS MATERIALIZED (UPDATE t SET y = 2 WHERE z RETURNING id), c AS (SELECT 1) INSERT INTO q (a) SELECT * FROM a;
--> delete table=t where=‹x = 1: columns=[x]› | DELETE FROM t WHERE x = 1 RETURNING *
--> update table=t columns=[y] where=‹z: columns=[z]› alias=t | UPDATE t SET y = 2 WHERE z RETURNING id
--> insert table=q columns=[a] source=query rows=0 | INSERT INTO q (a) SELECT * FROM a
WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT n + 1 FROM r), d AS (INSERT INTO t VALUES (1) RETURNING a) SELECT nextval('s'), r.* FROM r, d, s.u;
--> insert table=t source=values rows=1 widths=[1] | INSERT INTO t VALUES (1) RETURNING a
--> select functions=[nextval] reads=[s.u] | SELECT nextval('s'), r.* FROM r, d, s.u
WITH update AS (SELECT 1) UPDATE t SET a = 1 WHERE b IN (SELECT * FROM update);
--> update table=t columns=[a] where=‹b IN (SELECT * FROM update): volatility=stable columns=[b]› alias=t | UPDATE t SET a = 1 WHERE b IN (SELECT * FROM update)
SELECT pg_catalog.setval('s', 1), lower("Upper"(a)) FROM s.t, t, generate_series(1, 2);
--> select functions=[setval, lower, upper, generate_series] reads=[s.t, t] | SELECT pg_catalog.setval('s', 1), lower("Upper"(a)) FROM s.t, t, generate_series(1, 2)
VALUES (1);
--> select  | VALUES (1)
TABLE t;
--> select reads=[t] | TABLE t
DECLARE c CURSOR FOR SELECT f() FROM t;
--> select functions=[f] reads=[t] | DECLARE c CURSOR FOR SELECT f() FROM t
EXPLAIN DELETE FROM t;
--> select  | EXPLAIN DELETE FROM t
EXPLAIN (ANALYZE off) DELETE FROM t;
--> select  | EXPLAIN (ANALYZE off) DELETE FROM t
EXPLAIN (ANALYZE, VERBOSE) WITH a AS (DELETE FROM t) UPDATE u SET b = 1 WHERE c;
--> delete table=t | DELETE FROM t
--> update table=u columns=[b] where=‹c: columns=[c]› alias=u | UPDATE u SET b = 1 WHERE c
COPY s.t (a) FROM STDIN;
--> copy table=s.t direction=from endpoint=stdin | COPY s.t (a) FROM STDIN
COPY t FROM PROGRAM 'x';
--> copy table=t direction=from endpoint=program | COPY t FROM PROGRAM 'x'
COPY (SELECT 1) TO '/x';
--> copy direction=to endpoint=file | COPY (SELECT 1) TO '/x'
COPY (DELETE FROM t WHERE a RETURNING *) TO STDOUT;
--> delete table=t where=‹a: columns=[a]› | DELETE FROM t WHERE a RETURNING *
--> copy direction=to endpoint=stdin | COPY (DELETE FROM t WHERE a RETURNING *) TO STDOUT
TRUNCATE t;
--> truncate table=t | TRUNCATE t
TRUNCATE TABLE ONLY a, s.b *, c RESTART IDENTITY CASCADE;
--> truncate table=a cascade restartIdentity | a
--> truncate table=s.b cascade restartIdentity | s.b
--> truncate table=c cascade restartIdentity | c
LOCK t;
--> lock-table table=t mode=ACCESS EXCLUSIVE | LOCK t
LOCK TABLE ONLY a, "ü".b IN SHARE ROW EXCLUSIVE MODE NOWAIT;
--> lock-table table=a mode=SHARE ROW EXCLUSIVE nowait | a
--> lock-table table=ü.b mode=SHARE ROW EXCLUSIVE nowait | "ü".b
VACUUM;
--> vacuum  | VACUUM
VACUUM FULL ANALYZE t;
--> vacuum full analyze table=t | VACUUM FULL ANALYZE t
VACUUM (FULL off, ANALYZE) a, s.b (c);
--> vacuum analyze table=a | a
--> vacuum analyze table=s.b | s.b
ANALYZE;
--> analyze  | ANALYZE
ANALYZE a, b;
--> analyze table=a | a
--> analyze table=b | b
CLUSTER;
--> cluster  | CLUSTER
CLUSTER t USING i;
--> cluster table=t | CLUSTER t USING i
CALL s.p(1);
--> call procedure=s.p | CALL s.p(1)
SET LOCAL lock_timeout = '2s';
--> set name=lock_timeout value=2s local | SET LOCAL lock_timeout = '2s'
SET statement_timeout TO 5000;
--> set name=statement_timeout value=5000 | SET statement_timeout TO 5000
SET search_path TO a, "B";
--> set name=search_path value=a, B | SET search_path TO a, "B"
SET x.y TO DEFAULT;
--> set name=x.y | SET x.y TO DEFAULT
RESET lock_timeout;
--> set name=lock_timeout | RESET lock_timeout
RESET ALL;
--> set name=all | RESET ALL
SET TIME ZONE 'UTC';
--> set name=timezone value=UTC | SET TIME ZONE 'UTC'
SET TIME ZONE LOCAL;
--> set name=timezone | SET TIME ZONE LOCAL
SET TIME ZONE INTERVAL '1' HOUR TO MINUTE;
--> set name=timezone value=INTERVAL '1' HOUR TO MINUTE | SET TIME ZONE INTERVAL '1' HOUR TO MINUTE
SET ROLE joe;
--> set name=role value=joe | SET ROLE joe
SET SESSION AUTHORIZATION joe;
--> set name=session_authorization value=joe | SET SESSION AUTHORIZATION joe
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY;
--> set name=transaction_isolation value=serializable local | SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY
--> set name=transaction_read_only value=1 local | SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY
SET TRANSACTION SNAPSHOT 'x';
--> set name=transaction_snapshot value=x local | SET TRANSACTION SNAPSHOT 'x'
SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE;
--> set name=default_transaction_read_only value=0 | SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE
BEGIN;
--> transaction action=begin | BEGIN
START TRANSACTION READ ONLY;
--> transaction action=begin | START TRANSACTION READ ONLY
COMMIT AND CHAIN;
--> transaction action=commit chain | COMMIT AND CHAIN
END;
--> transaction action=commit | END
ROLLBACK;
--> transaction action=rollback | ROLLBACK
ABORT;
--> transaction action=rollback | ABORT
SAVEPOINT a;
--> transaction action=savepoint savepoint=a | SAVEPOINT a
RELEASE a;
--> transaction action=release savepoint=a | RELEASE a
ROLLBACK TO a;
--> transaction action=rollback-to savepoint=a | ROLLBACK TO a
PREPARE TRANSACTION 'x';
--> transaction action=prepare | PREPARE TRANSACTION 'x'
COMMIT PREPARED 'x';
--> transaction action=commit-prepared | COMMIT PREPARED 'x'
ROLLBACK PREPARED 'x';
--> transaction action=rollback-prepared | ROLLBACK PREPARED 'x'
