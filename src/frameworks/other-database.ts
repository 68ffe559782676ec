/** Databases whose migrations lie beside those of PostgreSQL in some repositories, by how folders are named for them. */
const DATABASES: readonly (readonly [name: string, word: RegExp])[] = [
  ['ClickHouse', /^clickhouse$/],
  ['MySQL', /^(mysql\d*|mariadb|tidb|planetscale)$/],
  ['SQLite', /^(sqlite\d*|libsql|turso)$/],
  ['SQL Server', /^(mssql|sqlserver)$/],
  ['Oracle', /^(oracle|oracledb)$/],
  ['Cassandra', /^(cassandra|scylla|scylladb)$/],
  ['Snowflake', /^snowflake$/],
  ['BigQuery', /^bigquery$/],
  ['DuckDB', /^duckdb$/],
  ['Spanner', /^spanner$/],
  ['Db2', /^db2$/],
  ['H2', /^h2(db)?$/],
]
const POSTGRES = /^(pg\d*|postgres(ql)?\d*|psql|cockroach(db)?|yugabyte(db)?|timescale(db)?)$/

/**
 * The database other than PostgreSQL that a folder is named for: by a whole word of one of its segments, the innermost that
 * names any. null where none is named, or PostgreSQL is.
 */
export function otherDatabaseOf(folder: string): string | null {
  for (const segment of folder.toLowerCase().split('/').reverse()) {
    const words = segment.split(/[^a-z0-9]+/)
    if (words.some((word) => POSTGRES.test(word))) return null
    const named = DATABASES.find(([, pattern]) => words.some((word) => pattern.test(word)))
    if (named !== undefined) return named[0]
  }
  return null
}
