import type { Refusal, SourceText } from '../source/source-text.js'

/** The pull request under review; `number` is null for a local run, `base` and `head` are commit ids or ref names. */
export interface PullRequest {
  readonly repository: string
  readonly number: number | null
  readonly base: string
  readonly head: string
}

/** The files of one side, by repository path with forward slashes. Texts are there for what a framework asked for. */
export interface FileSet {
  readonly paths: readonly string[]
  /** The file's text; undefined when it does not exist, was not asked for, or was refused. */
  read(path: string): SourceText | undefined
  /** Why an existing file is not read: a symlink, too large, not UTF-8. */
  refusal(path: string): Refusal | undefined
}

/** All that is ever known of a pull request. Nothing downstream asks for more. */
export interface Snapshot {
  readonly pull: PullRequest
  readonly base: FileSet
  readonly head: FileSet
  /** `true`, or why the list of files may be short; then no review passes. */
  readonly complete: true | { readonly incomplete: string }
}
