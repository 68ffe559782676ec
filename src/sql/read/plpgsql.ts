import type { Node } from '@pgsql/types'
import { volatilityIn } from '../expression.js'
import { parse } from '../parse.js'
import { as, walk } from './tree.js'

/** A piece of SQL within a PL/pgSQL body, and where it stands there, in UTF-16 units. */
export interface Fragment {
  readonly sql: string
  /** null when the body does not show it. */
  readonly at: { readonly start: number; readonly end: number } | null
  /** Whether `sql` is what stands there, character for character. */
  readonly exact: boolean
}

/** The parser's mark of a query that is a whole statement; others are expressions and, from the third on, assignments. */
export const STATEMENT = 0
const EXPRESSION = 2
export const ASSIGNMENT = 3

interface PlpgsqlExpression {
  readonly query: string
  readonly parseMode: number
}

/** The SQL that a PL/pgSQL tree holds, in the order of the body, and whether the body also runs text made at run time. */
export function fragmentsOf(
  tree: unknown,
  body: string,
): { readonly fragments: readonly Fragment[]; readonly dynamic: boolean } {
  const found: { readonly fragment: Fragment; readonly order: number }[] = []
  const places = finder(body)
  let dynamic = false

  walk(tree, (name: string, fields) => {
    const { lineno = 1 } = fields as { readonly lineno?: number }
    const from = places.startOfLine(lineno)
    const add = (fragment: Fragment): void => void found.push({ fragment, order: fragment.at?.start ?? from })
    if (name === 'PLpgSQL_stmt_commit' || name === 'PLpgSQL_stmt_rollback') add(ending(name, places, from))
    for (const [field, { query, parseMode }] of expressionsOf(fields)) {
      if (parseMode === STATEMENT) {
        add(statement(query, name === 'PLpgSQL_stmt_perform', places, from))
      } else if (field === 'dynquery' || (field === 'query' && name.startsWith('PLpgSQL_stmt_dyn'))) {
        const text = constantText(query)
        if (text === null) dynamic = true
        else add(literalStatement(text, query, places, from))
      } else {
        const value = `SELECT ${parseMode === EXPRESSION ? query : query.replace(/^[^=]*?:?=/, '')}`
        if (mayChange(value)) add({ sql: value, at: places.text(query, from), exact: false })
      }
    }
  })
  return { fragments: found.sort((a, b) => a.order - b.order).map(({ fragment }) => fragment), dynamic }
}

/** COMMIT or ROLLBACK, which the tree holds without their text. */
function ending(name: string, places: Finder, from: number): Fragment {
  const word = name.replace('PLpgSQL_stmt_', '')
  const at = places.match(new RegExp(`\\b${word}\\b(\\s+and\\s+(no\\s+)?chain\\b)?`, 'gi'), from)
  return { sql: at === null ? word : places.slice(at), at, exact: true }
}

/** A statement as the parser gives it: with blanks for INTO and its targets, and with SELECT for PERFORM. */
function statement(query: string, performed: boolean, places: Finder, from: number): Fragment {
  // PERFORM is one letter longer than SELECT: with one blank more, all else stands where it stood.
  const sql = performed ? query.replace(/^SELECT/, 'SELECT ') : query
  const written = performed ? `\\b[Pp][Ee][Rr][Ff][Oo][Rr][Mm]${escape(query.slice('SELECT'.length))}` : escape(query)
  const pattern = new RegExp(
    written.replace(BLANKED, ({ length }) => `[^]{${length}}`),
    'g',
  )
  return { sql, at: places.match(pattern, from), exact: true }
}

/** The shortest that INTO can leave: `INTO x`. */
const BLANKED = / {6,}/g

/** A statement in a literal; escapes make it differ from how it is written. */
function literalStatement(sql: string, written: string, places: Finder, from: number): Fragment {
  const at = places.text(written, from)
  const quote = written.indexOf(sql)
  if (at === null || quote < 0) return { sql, at, exact: false }
  return { sql, at: { start: at.start + quote, end: at.start + quote + sql.length }, exact: true }
}

/** The queries that a node holds itself, and under which name. */
export function expressionsOf(fields: unknown): readonly (readonly [string, PlpgsqlExpression])[] {
  return Object.entries(fields as object).flatMap(([field, value]: [string, unknown]) =>
    (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((each) => {
      const expression = (each as { readonly PLpgSQL_expr?: PlpgsqlExpression } | null)?.PLpgSQL_expr
      return expression === undefined ? [] : [[field, expression] as const]
    }),
  )
}

/** The text that EXECUTE runs when it is given as a single literal. */
function constantText(expression: string): string | null {
  return as('A_Const', valueOf(`SELECT ${expression}`))?.sval?.sval ?? null
}

/** Whether a value is more than looked at: it calls a function that may change something, or cannot be read. */
function mayChange(select: string): boolean {
  if (!select.includes('(')) return false
  const value = valueOf(select)
  return value === undefined || ['unknown', 'volatile'].includes(volatilityIn(value))
}

function valueOf(select: string): Node | undefined {
  const outcome = parse(select)
  const statement = outcome.kind === 'parsed' ? (outcome.statements[0]?.node as Node | undefined) : undefined
  return as('ResTarget', as('SelectStmt', statement)?.targetList?.[0])?.val
}

interface Finder {
  startOfLine(line: number): number
  slice(at: NonNullable<Fragment['at']>): string
  /** The first match from a place on that was not given out before. */
  match(pattern: RegExp, from: number): Fragment['at']
  text(text: string, from: number): Fragment['at']
}

function finder(body: string): Finder {
  const lines = [0, ...[...body.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const given = new Set<number>()
  // Where the search for a text went on last time: a body may hold one statement thousands of times.
  const reached = new Map<string, number>()
  const match: Finder['match'] = (pattern, from) => {
    pattern.lastIndex = Math.max(from, reached.get(pattern.source) ?? 0)
    for (let found = pattern.exec(body); found !== null; found = pattern.exec(body)) {
      if (!given.has(found.index)) {
        given.add(found.index)
        reached.set(pattern.source, found.index + 1)
        return { start: found.index, end: found.index + found[0].length }
      }
      pattern.lastIndex = found.index + 1
    }
    return null
  }
  return {
    startOfLine: (line) => lines[line - 1] ?? 0,
    slice: ({ start, end }) => body.slice(start, end),
    match,
    text: (text, from) => match(new RegExp(escape(text), 'g'), from),
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
