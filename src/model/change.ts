import { startOf, type Span } from '../source/span.js'
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
  readonly drifts: readonly Drift[]
}

/** An applied revision whose own files are the same, and whose up is other SQL, or may be, since files beside them changed. */
export interface Drift {
  readonly head: Revision
  /** `unknown`: it opens a file that changed, and what it makes of it is not read. */
  readonly kind: Extract<EditKind, 'other-sql' | 'unknown'>
  /** The changed files that it imports or names, itself or through others; some may be gone. */
  readonly through: readonly string[]
  /** Their changed lines, in the head's files. */
  readonly at: readonly Span[]
}

/** An applied revision whose text changes while it stays the same revision. */
export interface Edit {
  readonly base: Revision
  readonly head: Revision
  readonly up: EditKind | null
  readonly down: EditKind | null
  readonly at: readonly Span[]
}

/** The edits of a change set, with files that moved and kept their id; repeatable revisions are there to be edited. */
export function editsOf({ changes }: ChangeSet): readonly Edit[] {
  return changes.flatMap((change): readonly Edit[] => {
    if (change.kind === 'edited') return change.head.repeatable ? [] : [change]
    if (change.kind !== 'renamed' || change.base.id !== change.head.id || change.head.repeatable) return []
    return [{ base: change.base, head: change.head, up: change.edit, down: null, at: [startOf(change.head.path)] }]
  })
}

/** Whether an edit changes what is sent to PostgreSQL, as far as anybody can tell. */
export function changesSql(kind: EditKind | null): boolean {
  return kind === 'other-sql' || kind === 'unknown'
}
