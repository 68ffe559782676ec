import type { Token } from './tokens.js'

/** How deep a parse tree of a text could get, each with the token where that shows. */
export interface Nesting {
  /** Brackets and CASE expressions within one another. */
  readonly depth: { readonly most: number; readonly at: Token | null }
  /** Terms that lean on one another, those of inner brackets included: the height of the tree. */
  readonly terms: { readonly most: number; readonly at: Token | null }
}

/** Set operations and joins lean to the left as operators do, but their operands hold expressions of their own. */
const JOINS = new Set(['union', 'intersect', 'except', 'join'])
const OPERATOR_WORDS = new Set(['not', 'is', 'isnull', 'notnull', 'collate', 'at', 'operator', 'like', 'ilike'])
/** After these an expression begins afresh: AND and OR become flat lists. */
const FRESH_WORDS = new Set(['and', 'or', 'select', 'from', 'where', 'when', 'then', 'else', 'on', 'values'])
const LONGEST_WORD = 'intersect'.length

interface Level {
  readonly opener: 'text' | 'bracket' | 'case'
  operators: number
  joins: number
  /** The longest chain so far. */
  chain: number
  /** The height of the highest bracket within. */
  inner: number
}

/** Estimates from the tokens alone, in one pass, what would overflow a parser or whoever walks its tree. */
export function nesting(tokens: readonly Token[]): Nesting {
  let level = open('text')
  let outer: Level[] = []
  let brackets = 0
  let depth: Nesting['depth'] = { most: 0, at: null }
  let terms: Nesting['terms'] = { most: 0, at: null }

  const enter = (opener: Level['opener']): void => {
    outer.push(level)
    level = open(opener)
  }
  const leave = (): Level['opener'] => {
    const { opener, chain, inner } = level
    level = outer.pop() ?? level
    level.inner = Math.max(level.inner, chain + inner + 1)
    return opener
  }

  for (const token of tokens) {
    const { kind, text } = token
    if (kind === 'operator') level.operators++
    else if (kind === 'word' && text.length <= LONGEST_WORD) {
      const word = text.toLowerCase()
      if (FRESH_WORDS.has(word)) level.operators = 0
      else if (OPERATOR_WORDS.has(word)) level.operators++
      else if (JOINS.has(word)) {
        level.joins++
        level.operators = 0
      } else if (word === 'case') enter('case')
      else if (word === 'end' && level.opener === 'case') leave()
    } else if (kind === 'punctuation') {
      if (text === '(' || text === '[') {
        brackets++
        enter('bracket')
      } else if ((text === ')' || text === ']') && brackets > 0) {
        brackets--
        while (leave() === 'case');
      } else if (text === ',') {
        level.operators = 0
      } else if (text === ';' && brackets === 0) {
        level = open('text')
        outer = []
      }
    }
    level.chain = Math.max(level.chain, level.operators, level.joins)
    if (outer.length > depth.most) depth = { most: outer.length, at: token }
    if (level.chain + level.inner > terms.most) terms = { most: level.chain + level.inner, at: token }
  }
  return { depth, terms }
}

function open(opener: Level['opener']): Level {
  return { opener, operators: 0, joins: 0, chain: 0, inner: 0 }
}
