import type { SourceText } from '../../source/source-text.js'
import { linesOf, type Line } from './lines.js'

// Follows https://github.com/ariga/atlas/blob/master/sql/migrate/dir.go and lex.go.

const DIRECTIVE = /^[ -~]*atlas:(\w+)(?: +([ -~]*))*/

/** `atlas:name value` in a line. */
export interface Directive {
  readonly value: string
  readonly line: Line
}

/**
 * The directives of one name that are about the whole file: those in the comments at its top, when an empty line parts these
 * from what follows.
 */
export function fileDirectives(source: SourceText, name: string): readonly Directive[] {
  const lines = linesOf(source)
  const end = lines.findIndex(({ text }) => !/^(#|--)/.test(text))
  const after = lines[end]
  if (end > 0 && after !== undefined && after.start < source.bytes && !/^[ \t]*$/.test(after.text)) return []
  return lines.slice(0, end < 0 ? lines.length : end).flatMap((line) => directiveIn(line, name))
}

/** The directive of a name in the first line, which is where Atlas looks for what it needs before it reads the file. */
export function firstDirective(source: SourceText, name: string): Directive | null {
  const [first] = linesOf(source)
  return first === undefined ? null : (directiveIn(first, name)[0] ?? null)
}

function directiveIn(line: Line, name: string): readonly Directive[] {
  const match = DIRECTIVE.exec(line.text.trim())
  return match?.[1] === name ? [{ value: match[2] ?? '', line }] : []
}
