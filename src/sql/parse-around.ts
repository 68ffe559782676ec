import { parse, type ParseOutcome } from './parse.js'
import { fill, foreignLines, pieces, templated, type Hole } from './split.js'
import type { Token } from './tokens.js'

/** What could be parsed of a text, and what was left out to get there. */
export interface ParsedAround {
  /** The text that was parsed: the holes are blank, all other bytes are where they were. */
  readonly sql: string
  /** In order. */
  readonly holes: readonly Hole[]
  /** The tokens outside the holes. */
  readonly rest: readonly Token[]
  readonly outcome: ParseOutcome
}

/** Parses a text without what is no SQL by its form and, when that fails, without the statements that are templates. */
export function parseAround(sql: string, tokens: readonly Token[]): ParsedAround {
  const foreign = foreignLines(tokens)
  const templates = tokens.some(isTemplateSign) ? templated(pieces(tokens)) : []
  const certain = templates.filter((template) => template.certain)

  const first = parseWithout(sql, tokens, [...foreign, ...certain.map(({ hole }) => hole)])
  if (first.outcome.kind !== 'syntax-error' || certain.length === templates.length) return first

  const bytes = Buffer.from(sql, 'utf8')
  const unreadable = templates.filter(
    (template) =>
      template.certain || parse(bytes.toString('utf8', template.hole.start, template.hole.end)).kind !== 'parsed',
  )
  return parseWithout(sql, tokens, [...foreign, ...unreadable.map(({ hole }) => hole)])
}

function parseWithout(sql: string, tokens: readonly Token[], unordered: readonly Hole[]): ParsedAround {
  if (unordered.length === 0) return { sql, holes: [], rest: tokens, outcome: parse(sql, tokens) }
  const holes = unordered.toSorted((a, b) => a.start - b.start)
  const filled = fill(sql, holes)
  const rest = outside(tokens, holes)
  return { sql: filled, holes, rest, outcome: parse(filled, rest) }
}

function outside(tokens: readonly Token[], holes: readonly Hole[]): readonly Token[] {
  let next = 0
  return tokens.filter(({ start }) => {
    while ((holes[next]?.end ?? Infinity) <= start) next++
    return start < (holes[next]?.start ?? Infinity)
  })
}

function isTemplateSign({ kind, text }: Token): boolean {
  return kind === 'placeholder' || kind === 'stray' || text === ':' || text === '%'
}
