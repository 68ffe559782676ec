import type { SourceComment } from '../model/migration.js'
import type { Span } from '../source/span.js'
import type { Token } from './tokens.js'

/** The comments among some tokens, without their markers, trimmed. */
export function comments(
  tokens: readonly Token[],
  locate: (start: number, end: number) => Span,
): readonly SourceComment[] {
  return tokens
    .filter(({ kind }) => kind === 'comment')
    .map(({ text, start, end }) => ({ text: withoutMarkers(text), span: locate(start, end) }))
}

function withoutMarkers(text: string): string {
  return (text.startsWith('--') ? text.slice(2) : text.slice(2, -2)).trim()
}
