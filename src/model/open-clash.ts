/** Two open pull requests that do not go together, as one of them is told. */
export interface OpenClash {
  /** The number of the other pull request. */
  readonly pull: number
  /** `version`: both take the same one. `parent`: both follow the same revision. `table`: both change the same one. */
  readonly kind: 'version' | 'parent' | 'table'
  /** What it is about, and what comes of it, in one sentence. */
  readonly message: string
}
