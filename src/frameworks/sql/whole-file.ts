import type { Part } from './dialect.js'
import type { SourceText } from '../../source/source-text.js'

/** A file that is one direction from its first byte to its last, sent to PostgreSQL as one query if nothing else is said. */
export function wholeFile(source: SourceText, wrapped: boolean, sent: 'whole' | 'statements' = 'whole'): Part {
  return { kind: 'sql', range: { start: 0, end: source.bytes }, wrapped, sent, gaps: [] }
}
