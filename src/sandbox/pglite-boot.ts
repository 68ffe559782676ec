/** What the parent tells the child at its start. */
export interface PgliteBoot {
  /** Where the template is kept. */
  readonly cache: string
  /** The extensions to make available; all when null. */
  readonly extensions: readonly string[] | null
  /** The resident memory at which the child ends itself. */
  readonly megabytes: number
}
