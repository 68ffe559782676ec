/** A request as it came and went. */
export interface Exchange {
  readonly id: number
  readonly method: string
  readonly path: string
  /** As GitHub's description writes it; null when it knows no such route. */
  route: string | null
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Milliseconds since 1970, by the fake's own clock. */
  readonly at: number
  duration: number
  /** 0 while it is open, and for one that was never answered. */
  status: number
  /** The body of an answer that was no success. */
  answer: unknown
  /** The installation and the repositories that the token was for; null for the App itself. */
  installation: number | null
  tokenRepositories: readonly number[] | 'all' | null
  /** The numeric id of the repository that was asked for. */
  repository: number | null
  /** Whether a planned fault struck it. */
  struck: boolean
}

/** What a correct program never does. */
export interface Violation {
  /**
   * `route`: GitHub knows no such route, or it is not one of those that are used.
   * `schema`: the request does not agree with GitHub's description.
   * `tenant`: a token was used on a repository that it is not for.
   * `permission`: a token lacks what the route needs, although the installation has it.
   * `credentials`: no credentials, or those of the App where an installation's are needed, or the reverse.
   */
  readonly kind: 'route' | 'schema' | 'tenant' | 'permission' | 'credentials'
  readonly request: string
  readonly message: string
}
