import type { TransactionStatus } from './wire.js'

/** The first words of a statement in upper case, without comments and opening parentheses; quoted names as they are. */
export function leadingWords(sql: string, most = 8): readonly string[] {
  const words: string[] = []
  let at = 0
  while (at < sql.length && words.length < most) {
    if (sql.startsWith('--', at)) {
      const end = sql.slice(at).search(/[\r\n]/)
      at = end < 0 ? sql.length : at + end
    } else if (sql.startsWith('/*', at)) {
      at = afterBlockComment(sql, at)
    } else {
      const word = WORD.exec(sql.slice(at, at + 256))?.[0]
      if (word !== undefined) words.push(word.startsWith('"') ? word : word.toUpperCase())
      else if (!/[\s(]/.test(sql[at] ?? '')) words.push(sql[at] ?? '')
      at += word?.length ?? 1
    }
  }
  return words
}

const WORD = /^(?:"(?:[^"]|"")*"|[a-z_\u0080-\uffff][\w$\u0080-\uffff]*)/i

function afterBlockComment(sql: string, start: number): number {
  const mark = /\/\*|\*\//g
  mark.lastIndex = start
  for (let depth = 0, found = mark.exec(sql); found !== null; found = mark.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1
    if (depth === 0) return mark.lastIndex
  }
  return sql.length
}

/** Whether a command tag is one that PostgreSQL gives to a statement that begins with these words. */
export function tagFits(words: readonly string[], tag: string): boolean {
  const first = words[0] ?? ''
  if (DEFINING.has(first)) {
    if (first === 'CREATE' && /^SELECT \d+$/.test(tag)) return words.includes('TABLE') || words.includes('MATERIALIZED')
    const [verb, kind, ...rest] = tag.split(' ')
    const said = words.map((word) => SYNONYMS[word] ?? word)
    return verb === first && kind !== undefined && [kind, ...rest].every((word) => said.includes(word) || word === 'AS')
  }
  const accepted = TAGS[first]
  if (accepted === undefined) return tag === first || tag.startsWith(`${first} `)
  return accepted.some((each) => tag === each || tag.startsWith(`${each} `))
}

const DEFINING: ReadonlySet<string> = new Set(['CREATE', 'ALTER', 'DROP'])
const SYNONYMS: Readonly<Record<string, string>> = { USER: 'ROLE', GROUP: 'ROLE', LARGE: 'LARGE' }
const QUERIES = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE']

/** Tags that do not begin with the statement's own first word, or may begin with another one. */
const TAGS: Readonly<Record<string, readonly string[]>> = {
  VALUES: ['SELECT'],
  TABLE: ['SELECT'],
  WITH: QUERIES,
  EXECUTE: [...QUERIES, 'CREATE TABLE AS', 'EXPLAIN', 'SHOW'],
  // A COMMIT that PostgreSQL answers with ROLLBACK is judged by its caller.
  COMMIT: ['COMMIT', 'ROLLBACK'],
  END: ['COMMIT', 'ROLLBACK'],
  ABORT: ['ROLLBACK'],
  TRUNCATE: ['TRUNCATE TABLE'],
  LOCK: ['LOCK TABLE'],
  DECLARE: ['DECLARE CURSOR'],
  CLOSE: ['CLOSE CURSOR'],
  ANALYSE: ['ANALYZE'],
}

/** What a statement that succeeded must leave as transaction status. */
export function statusAfter(words: readonly string[], before: TransactionStatus): TransactionStatus {
  const [first, second] = words
  if (first === 'BEGIN' || first === 'START') return 'T'
  if (first === 'PREPARE' && second === 'TRANSACTION') return 'I'
  if (!ENDING.has(first ?? '') || second === 'PREPARED') return before
  if (first === 'ROLLBACK' && words.includes('TO')) return 'T'
  const chain = words.indexOf('CHAIN')
  return chain > 0 && words[chain - 1] === 'AND' && before !== 'I' ? 'T' : 'I'
}

const ENDING: ReadonlySet<string> = new Set(['COMMIT', 'END', 'ROLLBACK', 'ABORT'])

/** Whether a statement begins a transaction. */
export function begins(words: readonly string[]): boolean {
  return words[0] === 'BEGIN' || words[0] === 'START'
}

/** Whether a statement only steers the session: it locks no relation, and some of its kind must come before any query. */
export function steers(words: readonly string[]): boolean {
  return STEERING.has(words[0] ?? '')
}

const STEERING: ReadonlySet<string> = new Set([
  ...['BEGIN', 'START', 'SET', 'RESET', 'SHOW', 'SAVEPOINT', 'RELEASE', 'ROLLBACK', 'ABORT', 'COMMIT', 'END'],
])

/**
 * Whether a statement that runs alone does the same inside a transaction block that holds nothing else. CONCURRENTLY, VACUUM
 * and their like refuse to, what commits by itself cannot, and what is not known is left alone.
 */
export function bearsBlock(sql: string, words: readonly string[]): boolean {
  const [verb = '', kind = ''] = words
  if (/\bconcurrently\b/i.test(sql)) return false
  if (verb === 'DO') return !/\b(?:commit|rollback|call)\b/i.test(sql)
  return BEARING[verb]?.has(kind) ?? CHANGING.has(verb)
}

const CHANGING: ReadonlySet<string> = new Set([
  'INSERT',
  'UPDATE',
  'DELETE',
  'MERGE',
  'TRUNCATE',
  'REFRESH',
  'SELECT',
  'WITH',
])
const KINDS = [
  'TABLE',
  'INDEX',
  'VIEW',
  'MATERIALIZED',
  'TRIGGER',
  'FUNCTION',
  'TYPE',
  'DOMAIN',
  'SEQUENCE',
  'SCHEMA',
  'POLICY',
]
const BEARING: Readonly<Record<string, ReadonlySet<string>>> = {
  ALTER: new Set(KINDS),
  CREATE: new Set([...KINDS, 'UNIQUE', 'OR']),
  DROP: new Set(KINDS),
}
