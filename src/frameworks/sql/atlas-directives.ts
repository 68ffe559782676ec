import type { SourceText } from '../../source/source-text.js'
import { linesOf, type Line } from './lines.js'

// Follows https://github.com/ariga/atlas/blob/v1.2.3/sql/migrate/dir.go and lex.go.

const DIRECTIVE = /^([ -~]*)atlas:(\w+)(?: +([^\n]+))?/

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
  if (end > 0 && after !== undefined && after.start < source.bytes) {
    // To Atlas a line that holds a carriage return is not empty.
    const raw = source.text.split('\n', end + 1).at(-1) ?? ''
    if (!/^[ \t]*$/.test(raw)) return []
  }
  // Where the last line is a comment without a line end, Atlas takes none of them.
  return lines.slice(0, Math.max(0, end)).flatMap((line) => directiveIn(line.text.trim(), line, name))
}

/**
 * The directive of a name in the first line, which is where Atlas looks for what it needs before it reads the file; `lead` is
 * what it insists on before it.
 */
export function firstDirective(source: SourceText, name: string, lead?: string): Directive | null {
  const [first] = linesOf(source)
  // A carriage return belongs to the value here.
  const [text = ''] = source.text.split('\n', 1)
  return first === undefined ? null : (directiveIn(text, first, name, lead)[0] ?? null)
}

function directiveIn(text: string, line: Line, name: string, lead?: string): readonly Directive[] {
  const [, before, named, value = ''] = DIRECTIVE.exec(text) ?? []
  return named === name && (lead === undefined || lead === before) ? [{ value, line }] : []
}
