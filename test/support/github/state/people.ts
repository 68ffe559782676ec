/** Who may do what in a repository; a custom role has a name of its own and one of these below it. */
export type BaseRole = 'read' | 'triage' | 'write' | 'maintain' | 'admin'

export interface Role {
  /** What `role_name` says. */
  readonly name: string
  readonly base: BaseRole
}

export interface Account {
  readonly id: number
  readonly login: string
  readonly type: 'User' | 'Bot' | 'Organization'
}

/** An account, or the login of a user. */
export type Who = Account | string

export interface Team {
  readonly id: number
  readonly org: string
  readonly slug: string
  /** Members by their numeric id; a `pending` one has been invited and has not accepted. */
  readonly members: Map<number, 'active' | 'pending'>
}

/** What GitHub shows in place of an account that was deleted. */
const GHOST: Account = { id: 10_137, login: 'ghost', type: 'User' }

/** Every account and team. Logins are compared without case, as GitHub does. */
export class People {
  readonly #nextId: () => number
  readonly #accounts = new Map<string, Account>()
  readonly #teams = new Map<string, Team>()
  readonly #deleted = new Set<number>()

  constructor(nextId: () => number) {
    this.#nextId = nextId
  }

  /** This user, made at first mention. */
  user(who: Who): Account {
    return typeof who === 'string' ? this.#named(who, 'User') : who
  }

  organization(login: string): Account {
    return this.#named(login, 'Organization')
  }

  /** The account that acts for an App: its login is the App's name and `[bot]`. */
  bot(slug: string): Account {
    return this.#named(slug.endsWith('[bot]') ? slug : `${slug}[bot]`, 'Bot')
  }

  find(login: string): Account | undefined {
    return this.#accounts.get(login.toLowerCase())
  }

  /** The account is gone: what it wrote is shown as a ghost's. */
  delete(who: Who): void {
    const account = this.user(who)
    this.#accounts.delete(account.login.toLowerCase())
    this.#deleted.add(account.id)
  }

  /** Who is shown as the author of something. */
  shown(account: Account): Account {
    return this.#deleted.has(account.id) ? GHOST : account
  }

  /** A team by `org/slug`, made at first mention, with these members. */
  team(name: string, members: readonly Who[] = []): Team {
    const [org = '', slug = ''] = name.split('/')
    const key = name.toLowerCase()
    const team = this.#teams.get(key) ?? { id: this.#nextId(), org, slug, members: new Map() }
    this.#teams.set(key, team)
    for (const member of members) team.members.set(this.user(member).id, 'active')
    return team
  }

  findTeam(org: string, slug: string): Team | undefined {
    return this.#teams.get(`${org}/${slug}`.toLowerCase())
  }

  byId(id: number): Account | undefined {
    return [...this.#accounts.values()].find((account) => account.id === id)
  }

  #named(login: string, type: Account['type']): Account {
    const key = login.toLowerCase()
    const found = this.#accounts.get(key)
    if (found) return found
    const account: Account = { id: this.#nextId(), login, type }
    this.#accounts.set(key, account)
    return account
  }
}
