/** What Flyway takes for statements that cannot run in a transaction (org.flywaydb.database.postgresql.PostgreSQLParser). */
const OUTSIDE: readonly RegExp[] = [
  /^(CREATE|DROP) (DATABASE|TABLESPACE|SUBSCRIPTION)$/,
  /^ALTER SYSTEM$/,
  /^(CREATE|DROP)( UNIQUE)? INDEX CONCURRENTLY$/,
  /^REINDEX( VERBOSE)? (SCHEMA|DATABASE|SYSTEM)$/,
  /^VACUUM$/,
  /^DISCARD ALL$/,
]

/** Flyway looks no further into a statement. */
const MOST_WORDS = 10

/**
 * Whether Flyway runs a statement outside a transaction, unless it is told otherwise. It goes by the first words alone, and knows
 * neither REINDEX … CONCURRENTLY nor ALTER TABLE … DETACH PARTITION … CONCURRENTLY.
 */
export function runsOutside(sql: string): boolean {
  const words = firstWords(sql)
  return words.some((_, i) => OUTSIDE.some((pattern) => pattern.test(words.slice(0, i + 1).join(' '))))
}

/** In the order in which they have to be tried: what a sign may begin. */
const TOKENS =
  /--[^\n\r]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|\$(\w*)\$[^]*?\$\1\$|"(?:[^"]|"")*"(?:\.[\w"$]+)*|[\p{L}_][\p{L}\p{N}_$]*(?:\.[\w"$]+)*|\d+|[^]/gu

/** The words of letters outside parentheses, in capitals, as Flyway collects them. */
function firstWords(sql: string): readonly string[] {
  const words: string[] = []
  let depth = 0
  for (const [token] of sql.matchAll(TOKENS)) {
    if (words.length >= MOST_WORDS) break
    if (token === '(') depth++
    else if (token === ')') depth--
    else if (depth === 0 && /^[\p{L}_]+$/u.test(token)) words.push(token.toUpperCase())
  }
  return words
}

/** Whether a statement builds an index and then waits until no older transaction is left. */
export function waitsForOthers(sql: string): boolean {
  return /^CREATE( UNIQUE)? INDEX CONCURRENTLY\b/.test(firstWords(sql).join(' '))
}
