import type { Node } from '@pgsql/types'
import { functionsIn } from '../expression.js'
import { parse } from '../parse.js'
import { volatilityOfFunction } from '../volatility.js'
import { as, walk } from './tree.js'

/** A piece of SQL within a PL/pgSQL body. */
export interface Fragment {
  readonly sql: string
  /** Where it begins in the body, in UTF-16 units; null when the body does not hold it as it is run. */
  readonly at: number | null
}

/** The parser's mark of a query that is a whole statement; others are expressions and assignments. */
const STATEMENT = 0
const EXPRESSION = 2

interface PlpgsqlExpression {
  readonly query: string
  readonly parseMode: number
}

/** The SQL that a PL/pgSQL tree holds, in the order of the body, and whether the body also runs text made at run time. */
export function fragmentsOf(
  tree: unknown,
  body: string,
): { readonly fragments: readonly Fragment[]; readonly dynamic: boolean } {
  const found: (Fragment & { readonly order: number })[] = []
  const places = finder(body)
  let dynamic = false

  walk(tree, (name: string, fields) => {
    const { lineno = 1 } = fields as { readonly lineno?: number }
    const from = places.startOfLine(lineno)
    const add = (fragment: Fragment): void => void found.push({ ...fragment, order: fragment.at ?? from })
    if (name === 'PLpgSQL_stmt_commit' || name === 'PLpgSQL_stmt_rollback') {
      const word = name.replace('PLpgSQL_stmt_', '')
      add(
        places.match(new RegExp(`\\b${word}\\b(\\s+and\\s+(no\\s+)?chain\\b)?`, 'gi'), from) ?? { sql: word, at: null },
      )
    }
    for (const [field, { query, parseMode }] of expressionsOf(fields)) {
      if (parseMode === STATEMENT) add(places.statement(query, name === 'PLpgSQL_stmt_perform', from))
      else if (field === 'dynquery' || (field === 'query' && name.startsWith('PLpgSQL_stmt_dyn'))) {
        const text = constantText(query)
        if (text === null) dynamic = true
        else add({ sql: text, at: places.match(new RegExp(escape(text), 'g'), from)?.at ?? null })
      } else {
        const value = `SELECT ${parseMode === EXPRESSION ? query : query.replace(/^[^=]*?:?=/, '')}`
        if (mayChange(value)) add({ sql: value, at: null })
      }
    }
  })
  return { fragments: found.sort((a, b) => a.order - b.order).map(({ sql, at }) => ({ sql, at })), dynamic }
}

function expressionsOf(fields: unknown): readonly (readonly [string, PlpgsqlExpression])[] {
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
  return (
    value === undefined ||
    functionsIn(value).some((name) => !['immutable', 'stable'].includes(volatilityOfFunction({ schema: '', name })))
  )
}

function valueOf(select: string): Node | undefined {
  const outcome = parse(select)
  const statement = outcome.kind === 'parsed' ? (outcome.statements[0]?.node as Node | undefined) : undefined
  return as('ResTarget', as('SelectStmt', statement)?.targetList?.[0])?.val
}

interface Finder {
  startOfLine(line: number): number
  /** The first match from a place on that was not given out before, with its text. */
  match(pattern: RegExp, from: number): Fragment | null
  /** A statement as the parser gives it: with blanks for INTO and its targets, and SELECT for PERFORM. */
  statement(sql: string, performed: boolean, from: number): Fragment
}

function finder(body: string): Finder {
  const lines = [0, ...[...body.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const given = new Set<number>()
  const match: Finder['match'] = (pattern, from) => {
    pattern.lastIndex = from
    for (let found = pattern.exec(body); found !== null; found = pattern.exec(body)) {
      if (!given.has(found.index)) {
        given.add(found.index)
        return { sql: found[0], at: found.index }
      }
      pattern.lastIndex = found.index + 1
    }
    return null
  }
  return {
    startOfLine: (line) => lines[line - 1] ?? 0,
    match,
    statement: (query, performed, from) => {
      // PERFORM is one letter longer than SELECT: with one blank more, all else stands where it stood.
      const sql = performed ? query.replace(/^SELECT/, 'SELECT ') : query
      const written = performed
        ? `\\b[Pp][Ee][Rr][Ff][Oo][Rr][Mm]${escape(query.slice('SELECT'.length))}`
        : escape(query)
      const at =
        match(
          new RegExp(
            written.replace(BLANKED, ({ length }) => `[^]{${length}}`),
            'g',
          ),
          from,
        )?.at ?? null
      return { sql, at }
    },
  }
}

/** The shortest that INTO can leave: `INTO x`. */
const BLANKED = / {6,}/g

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
