import { createHash, createPublicKey, randomUUID, type KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { graphql } from '../graphql/graphql.js'
import { ROUTES } from '../routes/index.js'
import { verifyAppToken } from '../state/installations.js'
import type { FakeRepository } from '../state/repository.js'
import type { World } from '../state/world.js'
import { notFound, Refusal, type Answer } from './answer.js'
import { Call, type Principal } from './call.js'
import { Description, type Match } from './description.js'
import { failure, garbled, limited } from './bad-answers.js'
import { Fault, type FaultPlan, type Misbehaviour } from './faults.js'
import { admit, principalOf } from './gate.js'
import type { Exchange, Violation } from './log.js'

export interface ServerOptions {
  readonly privateKey: string
  /** Milliseconds that each request takes at least. */
  readonly latency: number
  /** Whether each answer is held against GitHub's description: half of the time that an answer takes. */
  readonly checkAnswers: boolean
}

/** The API over HTTP: what each request is, whether it may, and what goes wrong on the way. */
export class ApiServer {
  readonly exchanges: Exchange[] = []
  readonly violations: Violation[] = []
  /** Answers of this fake that do not agree with GitHub's description: its own mistakes. */
  readonly mistakes: string[] = []
  latency: number
  readonly #checkAnswers: boolean
  /** Requests that are under way, those that hang left out. */
  busy = 0
  lastActivity = performance.now()
  readonly #world: World
  readonly #key: KeyObject
  readonly #description = new Description()
  readonly #faults: Fault[] = []
  readonly #server: Server
  readonly #stopped = new AbortController()

  constructor(world: World, options: ServerOptions) {
    this.#world = world
    this.#key = createPublicKey(options.privateKey)
    this.latency = options.latency
    this.#checkAnswers = options.checkAnswers
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#stopped.abort()
    for (const fault of this.#faults) fault.remove()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  plan(plan: FaultPlan): Fault {
    const fault = new Fault(plan)
    this.#faults.push(fault)
    return fault
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now()
    this.#active(1)
    const url = new URL(request.url ?? '/', this.#world.url)
    const exchange = this.#begin(request, url)
    try {
      const bytes = await read(request)
      const body = exchange as { body: unknown }
      body.body = parsed(bytes)
      if (this.latency > 0) await setTimeout(this.latency, undefined, { signal: this.#stopped.signal })
      await this.#respond(exchange, request, response, url)
    } catch {
      // The fake was stopped, or the client has gone: nobody is left to answer.
      response.destroy()
    } finally {
      exchange.duration = performance.now() - started
      this.#active(-1)
    }
  }

  async #respond(exchange: Exchange, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const path = this.#byName(url.pathname)
    const match = this.#match(exchange.method, path)
    exchange.route = match?.route ?? (path === '/graphql' ? `${exchange.method} /graphql` : null)
    const fault = this.#faults.find((each) => each.strikes(exchange.route ?? '', exchange))
    exchange.struck = fault !== undefined
    const plan = fault?.plan
    const early = fault && plan && (await this.#before(fault, plan, exchange))
    if (early === 'gone') return void response.destroy()
    const answer = early ?? this.#answer(exchange, request, url, path, match, plan)
    const late = !early && fault && plan ? await this.#after(fault, plan, answer) : null
    if (late === 'gone') return void response.destroy()
    const midway = plan && 'hang' in plan && plan.hang === 'midway'
    this.#send(exchange, request, response, late ?? answer, midway ? 'half' : 'whole')
    if (!fault || !midway) return
    await this.#hang(fault)
    response.destroy()
  }

  /** What a fault makes of a request that is not carried out; null to go on. */
  async #before(fault: Fault, plan: Misbehaviour, exchange: Exchange): Promise<Answer | 'gone' | null> {
    if ('before' in plan) return failure(plan.before, plan)
    if ('limit' in plan) return limited(this.#world, plan, this.#installationOf(exchange))
    if ('slow' in plan) await setTimeout(plan.slow, undefined, { signal: this.#stopped.signal })
    if ('hang' in plan && plan.hang === 'before') return this.#hang(fault)
    if ('cut' in plan && plan.cut === 'before') return 'gone'
    if ('hold' in plan && plan.hold === 'before') await fault.released
    return null
  }

  /** What a fault makes of the answer to a request that was carried out; null to leave it. */
  async #after(fault: Fault, plan: Misbehaviour, answer: Answer): Promise<Answer | 'gone' | null> {
    if ('after' in plan) return failure(plan.after, plan)
    if ('garbage' in plan) return garbled(plan.garbage, answer)
    if ('hang' in plan && plan.hang === 'after') return this.#hang(fault)
    if ('cut' in plan && plan.cut === 'after') return 'gone'
    if ('hold' in plan && plan.hold === 'after') await fault.released
    return null
  }

  /** Nothing happens until the fault is removed or the fake stopped; meanwhile the fake counts as quiet. */
  async #hang(fault: Fault): Promise<'gone'> {
    this.#active(-1)
    await fault.released
    this.#active(1)
    return 'gone'
  }

  #answer(
    exchange: Exchange,
    request: IncomingMessage,
    url: URL,
    path: string,
    match: Match | null,
    plan: FaultPlan | undefined,
  ): Answer {
    const note = (kind: Violation['kind'], message: string): void =>
      void this.violations.push({ kind, request: `${exchange.method} ${exchange.path}`, message })
    try {
      const authorization = url.searchParams.get('token') ?? undefined
      const principal = principalOf(
        this.#world,
        authorization && path.startsWith('/_codeload/') ? `token ${authorization}` : request.headers.authorization,
        (jwt) => verifyAppToken(jwt, { id: this.#world.app.id, key: this.#key }, this.#world.now()),
        note,
      )
      this.#identify(exchange, principal)
      if (exchange.method === 'POST' && path === '/graphql') return this.#graphql(exchange, principal, note)
      const route = match && ROUTES[match.route]
      if (!match || !route) {
        note('route', 'no such route among those that are used')
        throw notFound()
      }
      const repository = this.#repositoryOf(match)
      exchange.repository = repository?.id ?? null
      admit(principal, route, { method: exchange.method, repository }, note)
      this.#spend(principal)
      this.#validate(exchange, match, note)
      if (repository === null && match.route.includes('{repo}')) throw notFound()
      const linkBase = `${this.#world.url}${path.replace(/^\/repos\/[^/]+\/[^/]+/, `/repositories/${repository?.id}`)}`
      const { query, body } = exchange
      const accept = request.headers.accept ?? ''
      const call = new Call({
        world: this.#world,
        principal,
        params: match.params,
        query,
        body,
        accept,
        linkBase,
        repository,
      })
      call.pageFault = plan && 'page' in plan ? plan.page : null
      const answer = route.handle(call)
      this.#examine(match, answer)
      return answer
    } catch (error) {
      if (error instanceof Refusal) return error.answer
      if (error instanceof Moved) return error.answer
      this.mistakes.push(`${exchange.method} ${exchange.path}: ${error instanceof Error ? error.stack : String(error)}`)
      return { status: 500, body: { message: 'the fake itself has failed' } }
    }
  }

  #graphql(exchange: Exchange, principal: Principal, note: (kind: Violation['kind'], message: string) => void): Answer {
    if (principal.kind === 'app') throw new Refusal(401, 'Bad credentials')
    this.#spend(principal)
    return graphql(this.#world, principal.token, exchange.body, note)
  }

  #validate(exchange: Exchange, match: Match, note: (kind: Violation['kind'], message: string) => void): void {
    if (exchange.body === UNREADABLE) {
      note('schema', 'the body is not JSON')
      throw new Refusal(400, 'Problems parsing JSON')
    }
    if (match.route.includes('/_codeload/')) return
    const faults = this.#description.faultsOfRequest(match, exchange.query, exchange.body)
    if (faults.length === 0) return
    for (const fault of faults) note('schema', fault)
    throw new Refusal(422, `Invalid request.\n\n${faults.join('\n')}`)
  }

  #examine(match: Match, { status, body }: Answer): void {
    if (!this.#checkAnswers || body instanceof Uint8Array || match.route.includes('/_codeload/')) return
    for (const fault of this.#description.faultsOfAnswer(match, status, body)) {
      this.mistakes.push(`${match.route}: ${fault}`)
    }
  }

  #spend(principal: Principal): void {
    if (principal.kind === 'app') return
    const { id } = principal.token.installation
    if (!this.#world.budgets.spend(id)) throw new Refusal(403, `API rate limit exceeded for installation ID ${id}.`)
  }

  #send(
    exchange: Exchange,
    request: IncomingMessage,
    response: ServerResponse,
    answer: Answer,
    part: 'whole' | 'half',
  ): void {
    const raw = answer.body instanceof Uint8Array || typeof answer.body === 'string'
    const bytes =
      answer.body === undefined ? '' : raw ? (answer.body as string | Uint8Array) : JSON.stringify(answer.body)
    const etag = `W/"${createHash('sha256').update(bytes).digest('hex')}"`
    const same = exchange.method === 'GET' && answer.status === 200 && request.headers['if-none-match'] === etag
    if (same && exchange.installation !== null) this.#world.budgets.giveBack(exchange.installation)
    exchange.status = same ? 304 : answer.status
    exchange.answer = answer.status < 400 ? null : answer.body
    response.writeHead(exchange.status, {
      'content-type': 'application/json; charset=utf-8',
      // Clients set their clocks by it.
      date: new Date(this.#world.now()).toUTCString(),
      'x-github-request-id': randomUUID(),
      ...(exchange.method === 'GET' && answer.status === 200 ? { etag } : {}),
      ...this.#rates(exchange),
      ...answer.headers,
    })
    const sent = same || exchange.status === 204 ? '' : bytes
    if (part === 'half') response.write(sent.slice(0, Math.ceil(sent.length / 2)))
    else response.end(sent)
  }

  #rates({ installation }: Exchange): Readonly<Record<string, string>> {
    if (installation === null) return {}
    const { limit, used, remaining, reset } = this.#world.budgets.of(installation)
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-used': String(used),
      'x-ratelimit-reset': String(reset),
      'x-ratelimit-resource': 'core',
    }
  }

  #begin(request: IncomingMessage, url: URL): Exchange {
    const exchange: Exchange = {
      id: this.exchanges.length + 1,
      method: request.method ?? 'GET',
      path: url.pathname,
      route: null,
      query: Object.fromEntries(url.searchParams),
      body: undefined,
      headers: request.headers,
      at: this.#world.now(),
      duration: 0,
      status: 0,
      answer: null,
      installation: null,
      tokenRepositories: null,
      repository: null,
      struck: false,
    }
    this.exchanges.push(exchange)
    return exchange
  }

  #identify(exchange: Exchange, principal: Principal): void {
    if (principal.kind === 'app') return
    exchange.installation = principal.token.installation.id
    exchange.tokenRepositories = principal.token.repositories ? [...principal.token.repositories] : 'all'
  }

  /** The installation that a request would have been for, where its token cannot be asked after any more. */
  #installationOf({ headers }: Exchange): number | null {
    const [, characters = ''] = /^(?:bearer|token)\s+(\S+)$/i.exec(headers.authorization as string) ?? []
    return this.#world.tokens.find(characters)?.installation.id ?? null
  }

  /** A path by the number of a repository, as links to pages and moved repositories have it, by its name. */
  #byName(path: string): string {
    return path.replace(/^\/repositories\/(\d+)/, (all, id: string) => {
      const repository = this.#world.repositories.get(Number(id))
      return repository ? `/repos/${repository.fullName}` : all
    })
  }

  #match(method: string, path: string): Match | null {
    const found = this.#description.match(method, path)
    if (found || method !== 'GET') return found
    const [, owner, repo, ref] = /^\/_codeload\/([^/]+)\/([^/]+)\/legacy\.tar\.gz\/(\w+)$/.exec(path) ?? []
    if (!owner || !repo || !ref) return null
    const route = 'GET /_codeload/{owner}/{repo}/legacy.tar.gz/{ref}'
    return { route, operation: { parameters: [], responses: {} }, params: { owner, repo, ref } }
  }

  #repositoryOf({ params: { owner, repo } }: Match): FakeRepository | null {
    if (owner === undefined || repo === undefined) return null
    const found = this.#world.repositories.named(`${owner}/${repo}`)
    const moved = this.#world.repositories.formerly(`${owner}/${repo}`)
    if (!found && moved !== undefined) throw new Moved(`${this.#world.url}/repositories/${moved}`)
    return found ?? null
  }

  #active(change: 1 | -1): void {
    this.busy += change
    this.lastActivity = performance.now()
  }
}

/** A repository has another name now. */
class Moved extends Error {
  readonly answer: Answer

  constructor(url: string) {
    super('Moved Permanently')
    const body = { message: 'Moved Permanently', url, documentation_url: 'https://docs.github.com/rest' }
    this.answer = { status: 301, headers: { location: url }, body }
  }
}

const UNREADABLE = Symbol('a body that is not JSON')

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function parsed(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown
  } catch {
    return UNREADABLE
  }
}
