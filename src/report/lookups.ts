import type { Span } from '../source/span.js'

/** What a report needs beside the review, handed in by whoever holds the rules and the files. */
export interface Lookups {
  /** A rule's texts; undefined for a rule that is not known. */
  describe(rule: string): { readonly summary: string; readonly why: string; readonly instead: string } | undefined
  /** The whole lines that a span touches, joined by line feeds; undefined when the file is not at hand. */
  excerpt(span: Span): string | undefined
}
