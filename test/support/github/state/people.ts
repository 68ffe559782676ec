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
  readonly #byId = new Map<number, Account>()

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
    this.#byId.delete(account.id)
  }

  /** The account keeps its number and has another login; the old login is free for others. */
  rename(who: Who, login: string): Account {
    const { id, type, login: old } = this.user(who)
    this.#accounts.delete(old.toLowerCase())
    return this.#keep({ id, type, login })
  }

  /** Who is shown as the author of something: by the present login, or as a ghost. */
  shown({ id }: Account): Account {
    return this.#byId.get(id) ?? GHOST
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
    return this.#byId.get(id)
  }

  #named(login: string, type: Account['type']): Account {
    const key = login.toLowerCase()
    const found = this.#accounts.get(key)
    if (found) return found
    return this.#keep({ id: this.#nextId(), login, type })
  }

  #keep(account: Account): Account {
    this.#accounts.set(account.login.toLowerCase(), account)
    this.#byId.set(account.id, account)
    return account
  }
}
