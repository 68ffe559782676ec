import type { SourceText } from '../../source/source-text.js'

/** One line of a file without its line end, and the bytes it takes with it. */
export interface Line {
  /** One-based. */
  readonly number: number
  readonly text: string
  readonly start: number
  readonly end: number
}

/** The lines as tools that split at line feeds see them. */
export function linesOf(source: SourceText): readonly Line[] {
  let start = 0
  return source.text.split('\n').map((raw, index) => {
    const end = Math.min(start + Buffer.byteLength(raw) + 1, source.bytes)
    const line = { number: index + 1, text: raw.replace(/\r$/, ''), start, end }
    start = end
    return line
  })
}
