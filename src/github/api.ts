import { Octokit } from '@octokit/rest'
import { classify, failedWith, GitHubError } from './errors.js'
import { withHidden, type Hide } from './hiding.js'
import { boundedFetch, DEADLINES, type Deadlines, type Fetch } from './transport.js'

/** What an exchange came to, for figures and logs; `status` is null when there was no answer. */
export interface Exchange {
  readonly route: string
  readonly status: number | null
  readonly milliseconds: number
  /** What is left of the token's rate limit; null when GitHub did not say. */
  readonly remaining: number | null
}

/** The way to one GitHub. Clock, waiting and chance are handed in. */
export interface Connection {
  /** `https://api.github.com`, or `https://host/api/v3` of a GitHub Enterprise Server. */
  readonly baseUrl: string
  readonly fetch: Fetch
  /** Milliseconds since 1970. */
  now(): number
  sleep(milliseconds: number): Promise<void>
  /** From 0 to below 1. */
  random(): number
  readonly deadlines?: Deadlines
  /** Whatever is written goes through it: it may hold what somebody else said, such as the error of a database. */
  readonly hide?: Hide
  observe?(exchange: Exchange): void
}

/** Where a token comes from. */
export interface TokenSource {
  get(): Promise<string>
  /** A new one, for when the other is not accepted any more. */
  renew(): Promise<string>
}

export interface Options {
  /** Asking twice does what asking once does, so a hiccup may be answered by asking again. GET always is. */
  readonly repeatable?: boolean
  /** It exists, so a 404 may be a copy that lags behind. */
  readonly exists?: boolean
}

export interface Answer {
  readonly status: number
  /** JSON of any shape, to be read with a `Shape`; '' where GitHub sends nothing. */
  readonly data: unknown
  readonly headers: Readonly<Record<string, string | number | undefined>>
}

/**
 * Asks GitHub. Throws a `GitHubError` for all that is not a good answer. A rate limit is never waited for in here: the error
 * says when to come back. Reads are repeated at most twice after a hiccup; what writes is not, for it may have been done.
 */
export interface Requests {
  /** `route` is such as `GET /repos/{owner}/{repo}/pulls/{pull_number}`; owner and repo are filled in. */
  request(route: string, parameters?: Readonly<Record<string, unknown>>, options?: Options): Promise<Answer>
  /**
   * The `data` of the answer; an answer with errors throws. A query is repeated as reads are, unless it is told not to be; a
   * mutation is not.
   */
  graphql(query: string, variables?: Readonly<Record<string, unknown>>, options?: Options): Promise<unknown>
  /** A text as it is sent when it is written, for who compares it with what is there. */
  shown(text: string): string
  /** How many requests were sent. */
  count(): number
}

/** One repository, seen with a token that opens nothing else. */
export interface Api extends Requests {
  readonly repository: { readonly id: number; readonly owner: string; readonly name: string }
}

/** How requests are signed and held back. */
export interface Access {
  readonly connection: Connection
  readonly token: TokenSource
  /** `token` for an installation's, `bearer` for the App's own. */
  readonly scheme?: 'token' | 'bearer'
  /** Called just before each write; what it throws stops the write. The place for a check that a lease still holds. */
  beforeWrite?(): Promise<void>
  /** Told of a limit that was met, before whoever asked is. What it throws is passed over. */
  onLimit?(error: GitHubError): Promise<void>
  readonly signal?: AbortSignal
}

/** Opens the way to a repository. */
export function openApi(repository: Api['repository'], access: Access): Api {
  return { repository, ...openRequests(access, { owner: repository.owner, repo: repository.name }) }
}

const READ_ATTEMPTS = 3
const FIRST_PAUSE = 500

/** Opens a way to GitHub; `fixed` are parameters of each route that has them. */
export function openRequests(access: Access, fixed: Readonly<Record<string, string>> = {}): Requests {
  const { connection, token, signal } = access
  const exchange = openExchange(connection)
  const hide: Hide = connection.hide ?? ((text) => text)
  let sent = 0

  const once = async (route: string, parameters: Readonly<Record<string, unknown>>, writes: boolean) => {
    const headersFor = (value: string): object => ({ authorization: `${access.scheme ?? 'token'} ${value}` })
    const ask = async (value: string): Promise<Answer> => {
      if (writes) await access.beforeWrite?.()
      sent++
      return exchange(route, { ...parameters, headers: headersFor(value), request: { signal } })
    }
    try {
      return await ask(await token.get())
    } catch (error) {
      if (!(error instanceof GitHubError) || error.kind !== 'unauthorized') throw await limited(error)
      // It ran out, or the key changed: one new token, and no more than one.
      return token
        .renew()
        .then(ask)
        .catch(async (again: unknown) => {
          throw await limited(again)
        })
    }
  }
  const limited = async (error: unknown): Promise<unknown> => {
    if (failedWith(error, 'rate-limited')) await access.onLimit?.(error).catch(() => undefined)
    return error
  }

  const persist = async (repeatable: boolean, exists: boolean, attempt: () => Promise<Answer>): Promise<Answer> => {
    for (let count = 1; ; count++) {
      try {
        return await attempt()
      } catch (error) {
        const worth = error instanceof GitHubError && repeatable && count < READ_ATTEMPTS && !signal?.aborted
        const passing =
          worth && (['transient', 'garbled'].includes(error.kind) || (exists && error.kind === 'not-found'))
        if (!passing) throw error
        await connection.sleep(FIRST_PAUSE * 2 ** (count - 1) * (0.5 + connection.random()))
      }
    }
  }

  return {
    shown: hide,
    count: () => sent,
    request: (route, parameters = {}, { repeatable = false, exists = false } = {}) => {
      const reads = route.startsWith('GET ')
      const filled = Object.fromEntries(Object.entries(fixed).filter(([name]) => route.includes(`{${name}}`)))
      const given = reads ? parameters : withHidden(route, parameters, hide)
      return persist(reads || repeatable, exists, () => once(route, { ...filled, ...given }, !reads))
    },
    graphql: async (query, variables = {}, { repeatable } = {}) => {
      const writes = query.trimStart().startsWith('mutation')
      const route = `POST ${graphqlUrl(connection.baseUrl)}`
      const answer = await persist(repeatable ?? !writes, false, async () => {
        const given = writes ? withHidden('', variables, hide) : variables
        const found = await once(route, { query, variables: given }, writes)
        const wrong = graphqlError(found, connection.now())
        if (wrong !== null) throw await limited(wrong)
        return found
      })
      return (answer.data as { data: unknown }).data
    },
  }
}

/** One request and its answer, told apart. */
export function openExchange(
  connection: Connection,
): (route: string, parameters: Readonly<Record<string, unknown>>) => Promise<Answer> {
  const octokit = openOctokit(connection)
  return async (route, parameters) => {
    let answer: Answer
    try {
      answer = await octokit.request(route, { ...parameters })
    } catch (error) {
      throw toGitHubError(route, error, connection.now())
    }
    // All that is asked for is JSON: what does not parse arrives as text.
    const empty = answer.status === 204 || answer.status === 205
    if (!empty && (typeof answer.data !== 'object' || answer.data === null)) {
      throw new GitHubError('garbled', `${route}: ${answer.status} with a body that is not JSON`, {
        status: answer.status,
      })
    }
    return answer
  }
}

/** The client under all requests; it neither waits nor repeats on its own. */
export function openOctokit(connection: Connection): Octokit {
  const silent = (): void => undefined
  const octokit = new Octokit({
    baseUrl: connection.baseUrl,
    userAgent: 'dba-bot',
    log: { debug: silent, info: silent, warn: silent, error: silent },
    request: { fetch: boundedFetch(connection.fetch, connection.deadlines ?? DEADLINES) },
  })
  octokit.hook.wrap('request', async (request, options) => {
    const started = connection.now()
    const route = named(`${options.method} ${options.url}`)
    const seen = (answer: Pick<Answer, 'status' | 'headers'> | undefined): void => {
      const left = answer?.headers['x-ratelimit-remaining']
      const remaining = left === undefined ? null : Number(left)
      connection.observe?.({
        route,
        status: answer?.status ?? null,
        milliseconds: connection.now() - started,
        remaining,
      })
    }
    try {
      const answer = await request(options)
      seen(answer as Answer)
      return answer
    } catch (error) {
      seen((error as { response?: Answer }).response)
      throw error
    }
  })
  return octokit
}

/** A route as it is documented; GraphQL is asked for by its whole address. */
function named(route: string): string {
  return route.replace(/https?:\/\/\S+/, '/graphql')
}

/** An error of the client's as one of ours; anything else, such as a bug, stays what it is. */
export function toGitHubError(route: string, error: unknown, now: number): unknown {
  if (error instanceof GitHubError || !(error instanceof Error)) return error
  const { response } = error as { response?: Answer }
  const isOctokits = error.name === 'HttpError' || error.name === 'AbortError' || error.name === 'TimeoutError'
  if (response === undefined && !isOctokits) return error
  const said = response === undefined ? error.message : saidBy(response.data)
  const status = response?.status ?? null
  return classify({ route: named(route), status, headers: response?.headers ?? {}, said }, now)
}

function saidBy(data: unknown): string {
  if (typeof data !== 'object' || data === null || !('message' in data)) return ''
  const { message, errors } = data as { message: unknown; errors?: unknown }
  const more = Array.isArray(errors) ? ` (${errors.map((error) => detailOf(error)).join('; ')})` : ''
  return `${String(message)}${more}`
}

function detailOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  const { message, field, code } = error as { message?: unknown; field?: unknown; code?: unknown }
  return String(message ?? `${String(field)} ${String(code)}`)
}

function graphqlUrl(baseUrl: string): string {
  return `${baseUrl.replace(/\/api\/v3\/?$/, '/api').replace(/\/$/, '')}/graphql`
}

const GRAPHQL_STATUS: Readonly<Record<string, number>> = { RATE_LIMITED: 429, NOT_FOUND: 404, FORBIDDEN: 403 }

/** GraphQL answers 200 whatever happened. */
function graphqlError({ data, headers }: Answer, now: number): GitHubError | null {
  const { errors, data: found } = data as { errors?: unknown; data?: unknown }
  if (errors === undefined) {
    const whole = typeof found === 'object' && found !== null
    return whole ? null : new GitHubError('garbled', 'POST /graphql: the answer has no data', { status: 200 })
  }
  const list = Array.isArray(errors) ? (errors as { type?: unknown; message?: unknown }[]) : []
  const types = list.map(({ type }) => String(type ?? ''))
  // "Something went wrong while executing your query" comes without a type.
  const known = types.find((type) => type in GRAPHQL_STATUS)
  const status = known === undefined ? (types.every((type) => type === '') ? 500 : 422) : GRAPHQL_STATUS[known]
  const said = list.map(({ message }) => String(message ?? '')).join('; ')
  return classify({ route: 'POST /graphql', status: status ?? 500, headers, said }, now)
}
