/** What a report on a pull request says beyond its review. */
export interface Extras {
  /** Commands worth knowing here, such as `/dba explain`, with what they do. */
  readonly commands: readonly { readonly usage: string; readonly does: string }[]
}

/** For doors that know nothing more than the review. */
export const NO_EXTRAS: Extras = { commands: [] }
