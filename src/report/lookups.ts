import { fileSet, type FileEntries } from '../model/file-set.js'
import type { Span } from '../source/span.js'

/** What a report needs beside the review, handed in by whoever holds the rules and the files. */
export interface Lookups {
  /** A rule's texts; undefined for a rule that is not known. */
  describe(rule: string): { readonly summary: string; readonly why: string; readonly instead: string } | undefined
  /** The whole lines that a span touches, joined by line feeds; undefined when the file is not at hand. */
  excerpt(span: Span): string | undefined
}

/** The files that a report may quote. */
export interface Quotable {
  readonly base: FileEntries
  readonly head: FileEntries
}

/** What reports look up: rules' texts, and the source of the head or, for what is gone, of the base. */
export function lookupsOf(files: Quotable, describe: Lookups['describe']): Lookups {
  const head = fileSet(files.head)
  const base = fileSet(files.base)
  return { describe, excerpt: (span) => (head.read(span.path) ?? base.read(span.path))?.wholeLines(span) }
}
