import type { Token } from './tokens.js'

/** How deep a parse tree of a text could get, with the token where it is deepest. */
export interface Nesting {
  /** Brackets and CASE expressions within one another. */
  readonly depth: number
  readonly deepest: Token | null
  /** Operators that lean on one another, which the parser turns into a tree as deep as they are many. */
  readonly terms: number
  readonly longest: Token | null
}

/** Set operations and joins lean to the left like operators do, but their operands hold expressions of their own. */
const JOINS = new Set(['union', 'intersect', 'except', 'join'])
const OPERATOR_WORDS = new Set(['not', 'is', 'isnull', 'notnull', 'collate', 'at', 'operator', 'like', 'ilike'])
/** After these an expression begins afresh: AND and OR become flat lists. */
const FRESH_WORDS = new Set(['and', 'or', 'select', 'from', 'where', 'then', 'else', 'when', 'on', 'values'])

interface Level {
  readonly opener: string
  operators: number
  joins: number
}

/** Estimates from the tokens alone, in one pass, what would overflow a parser or whoever walks its tree. */
export function nesting(tokens: readonly Token[]): Nesting {
  let levels: Level[] = [{ opener: '', operators: 0, joins: 0 }]
  let brackets = 0
  let depth = 0
  let deepest: Token | null = null
  let terms = 0
  let longest: Token | null = null

  for (const token of tokens) {
    const level = levels[levels.length - 1]
    if (!level) break
    const { kind, text } = token
    if (kind === 'punctuation') {
      if (text === '(' || text === '[') {
        brackets++
        levels.push({ opener: text, operators: 0, joins: 0 })
      } else if ((text === ')' || text === ']') && brackets > 0) {
        brackets--
        while (levels.pop()?.opener === 'case');
      } else if (text === ',') {
        level.operators = 0
      } else if (text === ';' && brackets === 0) {
        levels = [{ opener: '', operators: 0, joins: 0 }]
      }
    } else if (kind === 'operator') {
      level.operators++
    } else if (kind === 'word' && text.length <= 9) {
      const word = text.toLowerCase()
      if (word === 'case') levels.push({ opener: 'case', operators: 0, joins: 0 })
      else if (word === 'end') {
        if (level.opener === 'case') levels.pop()
      } else if (JOINS.has(word)) {
        level.joins++
        level.operators = 0
      } else if (OPERATOR_WORDS.has(word)) level.operators++
      else if (FRESH_WORDS.has(word)) level.operators = 0
    }
    if (levels.length - 1 > depth) {
      depth = levels.length - 1
      deepest = token
    }
    const most = Math.max(level.operators, level.joins)
    if (most > terms) {
      terms = most
      longest = token
    }
  }
  return { depth, deepest, terms, longest }
}
