import type { FakePull } from '../state/pull.js'
import type { Token } from '../state/installations.js'
import type { Account } from '../state/people.js'
import type { FakeRepository } from '../state/repository.js'
import type { App, World } from '../state/world.js'
import { notFound, type Answer } from './answer.js'

/** Who asks: the App itself, or an installation of it by a token. */
export type Principal = { readonly kind: 'app' } | { readonly kind: 'installation'; readonly token: Token }

/** A request that was understood, allowed and found valid. */
export class Call {
  readonly world: World
  readonly principal: Principal
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
  readonly accept: string
  /** The path by numeric id, as links to other pages give it. */
  readonly linkBase: string
  pageFault: 'truncated' | 'repeated' | 'drifting' | null = null
  readonly #repository: FakeRepository | null

  constructor(facts: {
    world: World
    principal: Principal
    params: Readonly<Record<string, string>>
    query: Readonly<Record<string, string>>
    body: unknown
    accept: string
    linkBase: string
    repository: FakeRepository | null
  }) {
    this.world = facts.world
    this.principal = facts.principal
    this.params = facts.params
    this.query = facts.query
    this.body = facts.body
    this.accept = facts.accept
    this.linkBase = facts.linkBase
    this.#repository = facts.repository
  }

  get repository(): FakeRepository {
    if (!this.#repository) throw notFound()
    return this.#repository
  }

  get token(): Token {
    if (this.principal.kind !== 'installation') throw notFound()
    return this.principal.token
  }

  get app(): App {
    return this.world.app
  }

  /** The account that writes: the App's bot. */
  get author(): Account {
    return this.world.app.bot
  }

  get pull(): FakePull {
    const pull = this.repository.pulls.get(this.number('pull_number'))
    if (!pull) throw notFound()
    return pull
  }

  param(name: string): string {
    return this.params[name] ?? ''
  }

  number(name: string): number {
    return Number(this.params[name])
  }

  /** One page of a list, with links to the others. */
  page<T>(
    items: readonly T[],
    render: (item: T) => unknown,
    wrap: (page: readonly unknown[], total: number) => unknown = (page) => page,
  ): Answer {
    const size = Math.min(100, Math.max(1, Number(this.query.per_page ?? 30)))
    const asked = Math.max(1, Number(this.query.page ?? 1))
    const page = this.pageFault === 'repeated' && asked > 1 ? asked - 1 : asked
    const last = Math.max(1, Math.ceil(items.length / size))
    const drift = this.pageFault === 'drifting' && page > 1 ? 1 : 0
    const shown = items.slice((page - 1) * size + drift, page * size + drift)
    if (this.pageFault === 'truncated') {
      const half = shown.slice(0, Math.floor(shown.length / 2))
      return { status: 200, body: wrap(half.map(render), half.length) }
    }
    return { status: 200, body: wrap(shown.map(render), items.length), headers: this.#links(asked, last) }
  }

  #links(page: number, last: number): Readonly<Record<string, string>> {
    const link = (to: number, relation: string): string => {
      const query = new URLSearchParams({ ...this.query, page: String(to) })
      return `<${this.linkBase}?${query}>; rel="${relation}"`
    }
    const links = [
      ...(page > 1 ? [link(page - 1, 'prev')] : []),
      ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
      ...(page > 1 ? [link(1, 'first')] : []),
    ]
    return links.length > 0 ? { link: links.join(', ') } : {}
  }
}

export interface Route {
  /** Whom it is for; an installation by default. */
  readonly for?: 'app' | 'installation' | 'both'
  /** Permissions of which one is enough, such as `checks:write`. */
  readonly needs?: readonly string[]
  readonly handle: (call: Call) => Answer
}

/** By method and path, as GitHub's description writes them. */
export type Routes = Readonly<Record<string, Route>>
