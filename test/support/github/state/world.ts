import type { Budgets } from './budgets.js'
import type { Deliveries } from './deliveries.js'
import type { Installation, Permissions, Tokens } from './installations.js'
import type { Account, People, Who } from './people.js'
import type { Repositories } from './repositories.js'
import type { FakeRepository } from './repository.js'

/** An App that is registered with GitHub. */
export interface App {
  readonly id: number
  readonly slug: string
  readonly name: string
  readonly owner: Account
  readonly bot: Account
}

/** What GitHub refuses beyond, and where it cuts its lists. Tests make them smaller. */
export interface Limits {
  /** Entries of a tree read with `recursive` before it is `truncated`. */
  treeEntries: number
  /** Files that are listed of a pull request. */
  pullFiles: number
  /** Commits that are listed of a pull request. */
  pullCommits: number
  /** Files that a comparison shows. */
  compareFiles: number
  /** Requests an hour of one installation. */
  requestsPerHour: number
}

export const LIMITS: Readonly<Limits> = {
  treeEntries: 100_000,
  pullFiles: 3_000,
  pullCommits: 250,
  compareFiles: 300,
  requestsPerHour: 5_000,
}

/** What happened, for the webhook about it. `parts` are the fields beside repository, organisation and sender. */
export interface Happening {
  readonly event: string
  readonly action: string | null
  readonly repository: FakeRepository
  readonly parts: Readonly<Record<string, unknown>>
  readonly sender: Account
}

/** The state that repositories, pulls and routes share. */
export interface World {
  /** Where the API is served, without a slash at the end. */
  url: string
  /** Milliseconds since 1970. */
  now(): number
  nextId(): number
  readonly app: App
  readonly people: People
  readonly limits: Limits
  readonly deliveries: Deliveries
  readonly tokens: Tokens
  readonly budgets: Budgets
  readonly repositories: Repositories
  /** The installation at an account, unless it was taken away or never was. */
  installationAt(owner: Account): Installation | undefined
  installationById(id: number): Installation | undefined
  installations(): readonly Installation[]
  otherApp(slug: string): App
  /** What the App asks for at its installation. */
  readonly appPermissions: Permissions
  /** The events that the App has subscribed to. */
  readonly appEvents: readonly string[]
  user(who: Who): Account
  tell(happening: Happening): void
}

/** A moment as GitHub writes it: to the second. */
export const timestamp = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`
