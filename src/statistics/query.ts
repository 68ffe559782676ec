/**
 * What is run for table sizes, statement by statement, for a person to run or for `dba stats`. It only reads: catalogues, the
 * sizes of files, and the counters of the statistics collector. Its one row with one column is the file. A size that PostgreSQL
 * does not know is null: rows of a table that was never analysed, writes where nobody knows since when they are counted. A
 * table with partitions or children is as large as all of them. PostgreSQL 10 and newer.
 */
export const STATISTICS_STATEMENTS: readonly string[] = [
  'BEGIN READ ONLY;',
  "SET LOCAL statement_timeout = '60s';",
  // The size of a table is not told while somebody changes it: better none than to stand in the queue for it.
  "SET LOCAL lock_timeout = '2s';",
  `WITH RECURSIVE part (top, oid) AS (
  SELECT c.oid, c.oid
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  UNION
  SELECT part.top, i.inhrelid FROM part JOIN pg_catalog.pg_inherits i ON i.inhparent = part.oid
),
counted AS (
  SELECT part.top,
    -- Before PostgreSQL 14 a table that was never analysed has 0 rows, whatever its size.
    CASE
      WHEN c.relkind = 'p' OR pg_catalog.pg_relation_size(c.oid) = 0 THEN 0
      WHEN c.reltuples > 0 THEN c.reltuples::numeric
    END AS rows,
    pg_catalog.pg_total_relation_size(c.oid) AS bytes,
    s.n_tup_ins + s.n_tup_upd + s.n_tup_del AS writes
  FROM part
  JOIN pg_catalog.pg_class c ON c.oid = part.oid AND c.relkind IN ('r', 'p')
  LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid
),
measured AS (
  SELECT top,
    CASE WHEN count(*) = count(rows) THEN round(sum(rows)) END AS rows,
    CASE WHEN count(*) = count(bytes) THEN sum(bytes) END AS bytes,
    sum(writes) AS writes
  FROM counted
  GROUP BY top
),
since AS (
  SELECT extract(epoch FROM now() - stats_reset)::numeric AS seconds
  FROM pg_catalog.pg_stat_database
  WHERE datname = current_database()
)
SELECT jsonb_pretty(jsonb_build_object(
  'version', 1,
  'taken', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD'),
  'tables', coalesce(jsonb_agg(jsonb_build_object(
    'table', format('%s.%s', n.nspname, c.relname),
    'rows', measured.rows,
    'bytes', measured.bytes,
    'writes', round(measured.writes / nullif(greatest(since.seconds, 1), 0), 2)
  ) ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"), '[]')
)) AS statistics
FROM measured
JOIN pg_catalog.pg_class c ON c.oid = measured.top
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN since;`,
  'COMMIT;',
]
