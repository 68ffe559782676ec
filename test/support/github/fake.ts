import { setTimeout } from 'node:timers/promises'
import type { Fault, FaultPlan } from './http/faults.js'
import type { Exchange, Violation } from './http/log.js'
import { ApiServer } from './http/server.js'
import { installationBody, selectionBody } from './installation-body.js'
import { Budgets } from './state/budgets.js'
import { Deliveries, type WebhookManners } from './state/deliveries.js'
import type { FileChanges } from './state/files.js'
import { covers, PERMISSIONS, Tokens, type Installation, type Permissions } from './state/installations.js'
import { People, type Account, type BaseRole, type Role, type Team, type Who } from './state/people.js'
import { seeded } from './state/random.js'
import { Repositories } from './state/repositories.js'
import { FakeRepository } from './state/repository.js'
import { LIMITS, type App, type Happening, type Limits, type World } from './state/world.js'
import { webhookBody } from './webhook-body.js'

/** The events that the App of this project asks for. */
export const EVENTS: readonly string[] = [
  'pull_request',
  'issue_comment',
  'check_run',
  'check_suite',
  'merge_group',
  'push',
]

/** Events about an installation are sent to every App, asked for or not. */
const ALWAYS = ['installation', 'installation_repositories', 'ping']

export interface FakeOptions {
  readonly app: {
    readonly id: number
    /** PEM. */
    readonly privateKey: string
    readonly webhookSecret: string
    readonly slug?: string
    readonly permissions?: Permissions
    readonly events?: readonly string[]
  }
  /** Milliseconds since 1970; the machine's clock by default. */
  readonly now?: () => number
  /** What the guids of deliveries are made from. */
  readonly seed?: number
  /** Milliseconds that each request takes at least. */
  readonly latency?: number
  /** False leaves out the check of the fake's own answers, where its speed matters. */
  readonly checkAnswers?: boolean
}

export interface RepositoryOptions {
  readonly files?: FileChanges
  readonly private?: boolean
  readonly defaultBranch?: string
  /** Who may do what, by login. */
  readonly roles?: Readonly<Record<string, BaseRole | Role>>
}

/** Ids are larger than 32 bits hold, as GitHub's are by now. */
const FIRST_ID = 5_000_000_000

/**
 * GitHub, as far as an App that reviews pull requests sees it, on loopback.
 *
 * It keeps real git objects, refuses what GitHub refuses, sends signed webhooks, and can be told to misbehave. What a
 * correct program never does is in `violations`, what the fake itself answers wrongly is in `mistakes`: both are to be
 * empty at the end of a test.
 */
export class FakeGitHub {
  readonly people: People
  readonly webhooks: Deliveries
  readonly tokens: Tokens
  readonly limits: Limits
  readonly app: App
  readonly #world: World
  readonly #server: ApiServer
  readonly #installations: Installation[] = []
  readonly #apps = new Map<string, App>()
  #lastId = FIRST_ID
  #drift = 0

  private constructor(options: FakeOptions) {
    const clock = options.now ?? Date.now
    const now = (): number => clock() + this.#drift
    const nextId = (): number => ++this.#lastId
    this.people = new People(nextId)
    this.tokens = new Tokens(now)
    this.limits = { ...LIMITS }
    const slug = options.app.slug ?? 'dba-bot'
    const owner = this.people.organization('dba-makers')
    this.app = { id: options.app.id, slug, name: slug, owner, bot: this.people.bot(slug) }
    const random = seeded(options.seed ?? 1)
    this.webhooks = new Deliveries({ secret: options.app.webhookSecret, appId: this.app.id, now, nextId, random })
    this.#world = {
      url: '',
      now,
      nextId,
      app: this.app,
      appPermissions: options.app.permissions ?? PERMISSIONS,
      appEvents: options.app.events ?? EVENTS,
      people: this.people,
      limits: this.limits,
      deliveries: this.webhooks,
      tokens: this.tokens,
      budgets: new Budgets(now, () => this.limits.requestsPerHour),
      repositories: new Repositories(),
      installationAt: (owner) => this.#installationAt(owner),
      installationById: (id) => this.#installations.find((installation) => installation.id === id),
      installations: () => this.#installations.filter(({ deleted }) => !deleted),
      otherApp: (name) => this.#otherApp(name),
      user: (who) => this.people.user(who),
      tell: (happening) => this.#tell(happening),
    }
    const { privateKey } = options.app
    const { latency = 0, checkAnswers = true } = options
    this.#server = new ApiServer(this.#world, { privateKey, latency, checkAnswers })
  }

  static async start(options: FakeOptions): Promise<FakeGitHub> {
    const fake = new FakeGitHub(options)
    fake.#world.url = await fake.#server.listen()
    return fake
  }

  /** Where the API is, without a slash at the end. */
  get url(): string {
    return this.#world.url
  }

  /** Every request so far. */
  get requests(): readonly Exchange[] {
    return this.#server.exchanges
  }

  get violations(): readonly Violation[] {
    return this.#server.violations
  }

  get mistakes(): readonly string[] {
    return this.#server.mistakes
  }

  /** A repository by `owner/name`, made at first mention; the owner is an organisation with the App installed. */
  repository(fullName: string, options: RepositoryOptions = {}): FakeRepository {
    const found = this.find(fullName)
    if (found) return found
    const [login = '', name = ''] = fullName.split('/')
    const owner = this.people.find(login) ?? this.people.organization(login)
    const repository = new FakeRepository(this.#world, {
      owner,
      name,
      files: options.files ?? {},
      ...(options.private === undefined ? {} : { private: options.private }),
      ...(options.defaultBranch === undefined ? {} : { defaultBranch: options.defaultBranch }),
    })
    this.#world.repositories.add(repository)
    for (const [who, role] of Object.entries(options.roles ?? {})) repository.grant(who, role)
    this.installation(login)
    return repository
  }

  find(fullName: string): FakeRepository | undefined {
    return this.#world.repositories.named(fullName)
  }

  user(login: string): Account {
    return this.people.user(login)
  }

  team(name: string, members: readonly Who[] = []): Team {
    return this.people.team(name, members)
  }

  /** The installation of the App at an account, made at first mention and then in all of its repositories. */
  installation(login: string): Installation {
    const account = this.people.find(login) ?? this.people.organization(login)
    const found = this.#installations.findLast((each) => each.account.id === account.id)
    if (found) return found
    return this.#install(account)
  }

  /** The App is taken away: its tokens end at once. */
  uninstall(login: string): void {
    const installation = this.installation(login)
    installation.deleted = true
    this.#tellInstallation('deleted', installation)
  }

  /** The App is installed again, under a new number. */
  reinstall(login: string): Installation {
    const installation = this.#install(this.people.find(login) ?? this.people.organization(login))
    this.#tellInstallation('created', installation)
    return installation
  }

  suspend(login: string): void {
    const installation = this.installation(login)
    installation.suspendedAt = this.#world.now()
    this.#tellInstallation('suspend', installation)
  }

  unsuspend(login: string): void {
    const installation = this.installation(login)
    installation.suspendedAt = null
    this.#tellInstallation('unsuspend', installation)
  }

  /** Somebody chooses the repositories that the App may use. */
  select(login: string, repositories: readonly FakeRepository[]): void {
    const installation = this.installation(login)
    const all = this.#world.repositories.all()
    const before = new Set(all.filter((repository) => covers(installation, repository)))
    installation.selected = new Set(repositories.map(({ id }) => id))
    const added = repositories.filter((repository) => !before.has(repository))
    const removed = [...before].filter((repository) => !repositories.includes(repository))
    for (const [action, some] of [['added', added] as const, ['removed', removed] as const]) {
      if (some.length === 0) continue
      const payload = selectionBody(this.#world, action, installation, some)
      const event = 'installation_repositories'
      this.webhooks.send({ event, action, installationId: installation.id, repositoryId: null, payload })
    }
  }

  /** Where webhooks go from now on, and how they go astray. */
  webhooksTo(url: string, manners: WebhookManners = {}): void {
    this.webhooks.to(url, manners)
  }

  fault(plan: FaultPlan): Fault {
    return this.#server.plan(plan)
  }

  /** Moves the fake's clock on. Tokens and limits run out accordingly. */
  advance(milliseconds: number): void {
    this.#drift += milliseconds
  }

  set latency(milliseconds: number) {
    this.#server.latency = milliseconds
  }

  /** Resolves when every webhook was answered and no request has come for so many milliseconds. */
  async quiet({ milliseconds = 300 }: { milliseconds?: number } = {}): Promise<void> {
    for (;;) {
      await this.webhooks.settled()
      const rest = this.#server.lastActivity + milliseconds - performance.now()
      if (this.#server.busy === 0 && this.webhooks.idle && rest <= 0) return
      await setTimeout(Math.max(10, rest))
    }
  }

  /** Resolves when this is true; fails, with what it is called, when it is not within so many seconds. */
  async until(what: string, condition: () => boolean, { seconds = 20 }: { seconds?: number } = {}): Promise<void> {
    const end = performance.now() + seconds * 1000
    while (!condition()) {
      if (performance.now() > end) throw new Error(`not within ${seconds} s: ${what}`)
      await setTimeout(10)
    }
  }

  async stop(): Promise<void> {
    await this.webhooks.stop()
    await this.#server.close()
  }

  #install(account: Account): Installation {
    const installation: Installation = {
      id: this.#world.nextId(),
      account,
      createdAt: this.#world.now(),
      permissions: this.#world.appPermissions,
      selected: 'all',
      suspendedAt: null,
      deleted: false,
    }
    this.#installations.push(installation)
    return installation
  }

  #installationAt({ id }: Account): Installation | undefined {
    return this.#installations.findLast(({ account, deleted }) => account.id === id && !deleted)
  }

  #otherApp(slug: string): App {
    const found = this.#apps.get(slug)
    if (found) return found
    const owner = this.people.organization('others')
    const app = { id: this.#world.nextId(), slug, name: slug, owner, bot: this.people.bot(slug) }
    this.#apps.set(slug, app)
    return app
  }

  /** Sends the webhook about what happened, if the App is installed there and asks for such events. */
  #tell(happening: Happening): void {
    const { event, action, repository } = happening
    const installation = this.#installationAt(repository.owner)
    if (!installation || installation.suspendedAt !== null || !covers(installation, repository)) return
    if (![...this.#world.appEvents, ...ALWAYS].includes(event)) return
    const payload = webhookBody(this.#world, happening, installation)
    this.webhooks.send({ event, action, installationId: installation.id, repositoryId: repository.id, payload })
  }

  #tellInstallation(action: string, installation: Installation): void {
    const payload = installationBody(this.#world, action, installation)
    const event = 'installation'
    this.webhooks.send({ event, action, installationId: installation.id, repositoryId: null, payload })
  }
}
