import type { Script } from '../model/migration.js'
import type { SourceText } from '../source/source-text.js'
import type { Span } from '../source/span.js'

/** How closely SQL is read. */
export interface Reading {
  /** Target major version, 15 to 18. */
  readonly postgres: number
  /** For changed files: also ask the target's own grammar and the second reader. */
  readonly thorough: boolean
}

/** Reads a stretch of an SQL file (byte offsets; all of it by default) into statements with their operations. */
export declare function readScript(
  source: SourceText,
  reading: Reading,
  options: { readonly transaction: 'one' | 'none'; readonly range?: { readonly start: number; readonly end: number } },
): Script

/** Reads SQL that came out of another language; every span is `at`. */
export declare function readTranslated(sql: string, at: Span, reading: Reading, transaction: 'one' | 'none'): Script
