DO $body$
DECLARE
  c CURSOR (k int) FOR SELECT * FROM t WHERE id = k;
  x int := nextval('s');
  r record;
BEGIN
  -- größe
  UPDATE t SET a = 1; UPDATE t SET a = 1;
  IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 'x') THEN
    ALTER TABLE "größe" ADD COLUMN a int, DROP b;
  ELSIF side_effect() THEN
    INSERT INTO a VALUES (1) RETURNING id INTO x;
  ELSE
    PERFORM pg_sleep(1) FROM "größe";
  END IF;
  SELECT a INTO STRICT x FROM b WHERE c;
  FOR r IN SELECT id FROM t LOOP
    DELETE FROM "größe" WHERE id = r.id;
  END LOOP;
  x := lower('a');
  x := create_things(x);
  CALL p(1);
  COMMIT;
  ROLLBACK AND CHAIN;
EXCEPTION WHEN OTHERS THEN
  DROP TABLE a, b;
END $body$;
--> do language=plpgsql unread=0 | DO $body$ DECLARE c CURSOR (k int) FOR SELECT * FROM t WHERE id = k; x int := nextval('s'); r record; BEGIN -- größe UPDATE t SET a = 1; UPDATE t SET a = 1; IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 'x') THEN ALTER TABLE "größe" ADD COLUMN a int, DROP b; ELSIF side_effect() THEN INSERT INTO a VALUES (1) RETURNING id INTO x; ELSE PERFORM pg_sleep(1) FROM "größe"; END IF; SELECT a INTO STRICT x FROM b WHERE c; FOR r IN SELECT id FROM t LOOP DELETE FROM "größe" WHERE id = r.id; END LOOP; x := lower('a'); x := create_things(x); CALL p(1); COMMIT; ROLLBACK AND CHAIN; EXCEPTION WHEN OTHERS THEN DROP TABLE a, b; END $body$
-->   select reads=[t] | SELECT * FROM t WHERE id = k
-->   select functions=[nextval] | nextval('s')
-->   update table=t columns=[a] alias=t | UPDATE t SET a = 1
-->   update table=t columns=[a] alias=t | UPDATE t SET a = 1
-->   add-column table=größe column={name=a type=integer} | ADD COLUMN a int
-->   drop-column table=größe column=b | DROP b
-->   select functions=[side_effect] | side_effect()
-->   insert table=a source=values rows=1 widths=[1] | INSERT INTO a VALUES (1) RETURNING id
-->   select functions=[pg_sleep] reads=[größe] | PERFORM pg_sleep(1) FROM "größe"
-->   select reads=[b] | SELECT a INTO STRICT x FROM b WHERE c
-->   select reads=[t] | SELECT id FROM t
-->   delete table=größe where=‹id = r.id: columns=[id] qualifiers=[r]› | DELETE FROM "größe" WHERE id = r.id
-->   select functions=[create_things] | x := create_things(x)
-->   call procedure=p | CALL p(1)
-->   transaction action=commit | COMMIT
-->   transaction action=rollback chain | ROLLBACK AND CHAIN
-->   drop-table table=a | a
-->   drop-table table=b | b
DO 'BEGIN EXECUTE $q$ALTER TABLE "ü" DROP a, DROP b; SELECT 1$q$; END';
--> do language=plpgsql unread=0 | DO 'BEGIN EXECUTE $q$ALTER TABLE "ü" DROP a, DROP b; SELECT 1$q$; END'
-->   drop-column table=ü column=a | DROP a
-->   drop-column table=ü column=b | DROP b
-->   select  | SELECT 1
DO $$ BEGIN EXECUTE 'DROP TABLE "ü"' ; EXECUTE 'SELECT ''x'''; END $$;
--> do language=plpgsql unread=0 | DO $$ BEGIN EXECUTE 'DROP TABLE "ü"' ; EXECUTE 'SELECT ''x'''; END $$
-->   drop-table table=ü | DROP TABLE "ü"
-->   select  | 'SELECT ''x'''
DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'x'); END $$;
--> do language=plpgsql dynamic unread=0 | DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'x'); END $$
DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'x'; DROP TABLE y; END $$;
--> do language=plpgsql dynamic unread=0 | DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'x'; DROP TABLE y; END $$
-->   drop-table table=y | DROP TABLE y
DO $$ DECLARE r record; BEGIN FOR r IN EXECUTE 'SELECT 1' LOOP NULL; END LOOP; END $$;
--> do language=plpgsql unread=0 | DO $$ DECLARE r record; BEGIN FOR r IN EXECUTE 'SELECT 1' LOOP NULL; END LOOP; END $$
-->   select  | SELECT 1
DO $$ DECLARE r refcursor; BEGIN OPEN r FOR EXECUTE 'SELECT ' || 1; END $$;
--> do language=plpgsql dynamic unread=0 | DO $$ DECLARE r refcursor; BEGIN OPEN r FOR EXECUTE 'SELECT ' || 1; END $$
-- What cannot be read is counted.
DO $$ BEGIN EXECUTE 'DROP'; DROP TABLE a; END $$;
--> do language=plpgsql unread=1 | DO $$ BEGIN EXECUTE 'DROP'; DROP TABLE a; END $$
-->   drop-table table=a | DROP TABLE a
DO $$ BEGIN IF true THEN; END $$;
--> do language=plpgsql unread=1 | DO $$ BEGIN IF true THEN; END $$
DO $$ BEGIN EXECUTE x THEN; END $$;
--> do language=plpgsql dynamic unread=0 | DO $$ BEGIN EXECUTE x THEN; END $$
DO $$ BEGIN EXECUTE 'DO ''BEGIN END'''; END $$;
--> do language=plpgsql unread=1 | DO $$ BEGIN EXECUTE 'DO ''BEGIN END'''; END $$
DO LANGUAGE plpython3u $$ print(1) $$;
--> do language=plpython3u dynamic unread=1 | DO LANGUAGE plpython3u $$ print(1) $$
