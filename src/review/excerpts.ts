import type { FileSet } from '../model/pull-request.js'
import type { Span } from '../source/span.js'

/** The line in which a place begins, of the head or, for what is gone, of the base. */
export function excerptsOf(base: FileSet, head: FileSet): (span: Span) => string {
  return ({ path, start }) => (head.read(path) ?? base.read(path))?.line(start.line) ?? ''
}
