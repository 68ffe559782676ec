/** A place in a file: one-based line, one-based column in UTF-16 code units (as editors, LSP and SARIF count). */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A stretch of a file; `end` is exclusive, so an empty span has `start` equal to `end`. */
export interface Span {
  readonly path: string
  readonly start: Position
  readonly end: Position
}

/** The span of the first column of a file: for what concerns the file as a whole. */
export function startOf(path: string): Span {
  const start = { line: 1, column: 1 }
  return { path, start, end: start }
}

/** Orders spans by path, then by place; for sorting what a person will read. */
export function compareSpans(a: Span, b: Span): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1
  return comparePositions(a.start, b.start) || comparePositions(a.end, b.end)
}

/** Orders positions of one file. */
export function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column
}

/** Whether `inner` lies within `outer`, in the same file. */
export function contains(outer: Span, inner: Span): boolean {
  return (
    outer.path === inner.path &&
    comparePositions(outer.start, inner.start) <= 0 &&
    comparePositions(inner.end, outer.end) <= 0
  )
}
