const RESERVED = new Set(
  (
    'ALL ANALYSE ANALYZE AND ANY ARRAY AS ASC ASYMMETRIC AUTHORIZATION BINARY BOTH CASE CAST CHECK COLLATE COLLATION COLUMN ' +
    'CONCURRENTLY CONSTRAINT CREATE CROSS CURRENT_CATALOG CURRENT_DATE CURRENT_ROLE CURRENT_SCHEMA CURRENT_TIME ' +
    'CURRENT_TIMESTAMP CURRENT_USER DEFAULT DEFERRABLE DESC DISTINCT DO ELSE END EXCEPT FALSE FETCH FOR FOREIGN FREEZE FROM ' +
    'FULL GRANT GROUP HAVING ILIKE IN INITIALLY INNER INTERSECT INTO IS ISNULL JOIN LATERAL LEADING LEFT LIKE LIMIT LOCALTIME ' +
    'LOCALTIMESTAMP NATURAL NOT NOTNULL NULL OFFSET ON ONLY OR ORDER OUTER OVERLAPS PLACING PRIMARY REFERENCES RETURNING RIGHT ' +
    'SELECT SESSION_USER SIMILAR SOME SYMMETRIC TABLE TABLESAMPLE THEN TO TRAILING TRUE UNION UNIQUE USER USING VARIADIC ' +
    'VERBOSE WHEN WHERE WINDOW WITH'
  ).split(' '),
)

/** How Liquibase writes names for PostgreSQL (`liquibase.database.core.PostgresDatabase#escapeObjectName`). */
export interface Naming {
  name(name: string): string
  /** A name that may be of another schema. */
  qualified(schema: string | null, name: string): string
  column(name: string): string
  /** Of a list `a, b DESC`. */
  columns(list: string): string
}

/** Names are quoted where they must be, or all of them. */
export function naming(quotesAll: boolean): Naming {
  const quoted = (name: string): string => `"${name.trim().replaceAll('"', '""')}"`
  const mixed = (name: string): boolean => /[A-Z]/.test(name) && /[a-z]/.test(name)
  const name = (given: string): string => {
    if (isQuoted(given)) return given
    if (quotesAll || mixed(given) || given.includes('-') || /^\d/.test(given)) return quoted(given)
    return RESERVED.has(given.toUpperCase()) || /\W/.test(given.trim()) ? quoted(given) : given.trim()
  }
  const column = name
  return {
    name,
    column,
    qualified: (schema, given) => (schema === null ? name(given) : `${name(schema)}.${name(given)}`),
    columns: (list) =>
      list
        .split(',')
        .map((part) => part.trim())
        .map((part) => {
          const [, bare = part, order] = /^(.*?)\s+(desc|asc)$/i.exec(part) ?? []
          return order?.toLowerCase() === 'desc' ? `${column(bare)} DESC` : column(bare)
        })
        .join(', '),
  }
}

function isQuoted(name: string): boolean {
  return /^".*"$/.test(name)
}
