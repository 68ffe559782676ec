/** How a report is written. */
export const FORMATS = ['terminal', 'markdown', 'json', 'sarif'] as const
export type Format = (typeof FORMATS)[number]

/** What the verbs that look at a repository take. */
export interface RepositoryOptions {
  readonly repo?: string
  readonly base?: string
  readonly head?: string
  readonly config?: string
}

/** What the verbs that make a report take. */
export interface ReportOptions {
  readonly format: Format
  readonly output?: string
}

/** Where a migration can be rehearsed. */
export const SANDBOXES = ['auto', 'pglite', 'local', 'service', 'docker', 'none'] as const

/** What the verb that may run the team's own tool takes. */
export interface NativeOptions {
  readonly native?: boolean
  readonly nativeCommand?: string
}

/** What the verbs that rehearse take. */
export interface SandboxOptions {
  readonly sandbox?: (typeof SANDBOXES)[number]
  readonly databaseUrl?: string
}
