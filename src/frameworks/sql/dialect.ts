import type { Conventions, History, Stray } from '../../model/migration.js'
import type { Direction } from '../../model/finding.js'
import type { Note } from '../../model/note.js'
import type { FileSet } from '../../model/pull-request.js'
import type { SourceText } from '../../source/source-text.js'
import type { Span } from '../../source/span.js'
import type { FileIndex } from '../framework.js'

/** What a tool makes of one path below its folder; null when it is nobody's business. */
export type Place =
  | { readonly kind: 'up' | 'down'; readonly version: string; readonly title: string }
  /** Run again, after the versions, whenever its text changes. */
  | { readonly kind: 'repeatable'; readonly name: string; readonly title: string }
  /** `stops`: the tool does not pass over it, it stops and applies nothing. */
  | { readonly kind: 'stray'; readonly reason: string; readonly stops?: true }
  | null

/** What the names in a folder tell about how a team uses its tool. */
export interface Usage {
  readonly numbering: 'sequential' | 'timestamp'
  /** Whether any revision of the folder has a down file. */
  readonly hasDowns: boolean
}

/** Half-open stretch of a file in bytes. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** The stretch of a file that one direction runs, or why the tool does not run it. */
export type Part =
  | {
      readonly kind: 'sql'
      readonly range: ByteRange
      /** Whether the tool opens a transaction around it. */
      readonly wrapped: boolean
      /**
       * How the text is sent: as one query, each statement on its own, in batches around those that PostgreSQL refuses inside a
       * transaction, or cut by the tool into these pieces.
       */
      readonly sent: 'whole' | 'statements' | 'batches' | readonly ByteRange[]
      /** Where the tool cuts, and how to keep it from cutting a statement apart, when it does not send the whole. */
      readonly cuts?: string
      readonly gaps: readonly Note[]
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused'; readonly reason: string; readonly at: Span }

/** One file as a dialect is asked to read it. */
export interface PartRequest {
  readonly source: SourceText
  readonly direction: Direction
  /** Another file of the same folder as `source`, such as `metadata.toml`. */
  readonly beside: (name: string) => SourceText | undefined
}

/** How one tool names its files and what it does with them. */
export interface Dialect {
  readonly id: string
  readonly title: string
  /** Whether up and down stand in one file. */
  readonly inline: boolean
  /** The files below its folder whose text is needed. */
  readonly wants: RegExp
  readonly conventions: (usage: Usage) => Conventions
  readonly place: (path: string) => Place
  /** Paths below the folder that only all of them together show to be amiss. */
  readonly amiss?: (paths: readonly string[]) => readonly Stray[]
  /** Files whose text tells detection more than paths can. */
  readonly clues?: (index: FileIndex) => readonly string[]
  readonly compare: (a: Versioned, b: Versioned) => number
  readonly part: (request: PartRequest) => Part
  /** What the texts of the files tell of the history that their names do not. */
  readonly refine?: (history: History, files: FileSet) => History
  /** Why a down file alone makes the tool stop, where it does. */
  readonly downAlone?: string
}

/** A version with the file or folder that carries it. */
export interface Versioned {
  readonly version: string
  readonly path: string
}
