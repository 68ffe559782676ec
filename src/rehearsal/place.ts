import type { Statement } from '../model/migration.js'
import { sourceText } from '../source/source-text.js'
import type { Position, Span } from '../source/span.js'

/**
 * Where in the file PostgreSQL's error points: the token at `position` (a one-based code point of the statement) when
 * the statement stands there as written, else the whole statement.
 */
export function placeOf({ span, sql, origin }: Statement, position: number | null): Span {
  if (origin !== 'written' || position === null) return span
  const text = sourceText(span.path, sql)
  const points = Array.from(sql)
  if (position > points.length) return span
  const token = /^(?:"(?:[^"]|"")*"|[\w$\u0080-\uffff]+|[^])/u.exec(points.slice(position - 1).join(''))?.[0] ?? ''
  const within = (index: number): Position => offset(span.start, text.positionOfCodePoint(index))
  return { path: span.path, start: within(position - 1), end: within(position - 1 + Array.from(token).length) }
}

function offset(start: Position, { line, column }: Position): Position {
  return line === 1 ? { line: start.line, column: start.column + column - 1 } : { line: start.line + line - 1, column }
}
