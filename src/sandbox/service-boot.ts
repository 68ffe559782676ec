/** What the parent tells the child at its start. */
export interface ServiceBoot {
  readonly url: string
  /** The wanted major. */
  readonly postgres: number
}
