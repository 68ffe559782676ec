import type { Span } from '../source/span.js'
import type { History, Project, Revision } from './migration.js'

/** How an edited file differs. `comments`: only comments and white space. `same-sql`: the text differs, the SQL sent does not. */
export type EditKind = 'comments' | 'same-sql' | 'other-sql' | 'unknown'

/** What a pull request does to one revision, compared with the merge base. */
export type RevisionChange =
  | { readonly kind: 'added'; readonly head: Revision }
  | {
      readonly kind: 'edited'
      readonly base: Revision
      readonly head: Revision
      readonly up: EditKind | null
      readonly down: EditKind | null
      /** The changed lines, in the head's files. */
      readonly at: readonly Span[]
    }
  | { readonly kind: 'removed'; readonly base: Revision }
  | { readonly kind: 'renamed'; readonly base: Revision; readonly head: Revision; readonly edit: EditKind | null }

export interface ChangeSet {
  readonly project: Project
  readonly base: History
  readonly head: History
  readonly changes: readonly RevisionChange[]
}
