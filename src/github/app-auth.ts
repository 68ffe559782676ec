import { createSign } from 'node:crypto'
import { createAppAuth } from '@octokit/auth-app'
import { type Connection, openOctokit, openRequests, type Requests, toGitHubError, type TokenSource } from './api.js'
import { failedWith, GitHubError } from './errors.js'

export type Permissions = Readonly<Record<string, 'read' | 'write'>>

/** What reviewing one repository takes. */
export const REVIEW_PERMISSIONS: Permissions = {
  checks: 'write',
  contents: 'read',
  issues: 'write',
  metadata: 'read',
  pull_requests: 'write',
}

/** What a review can do without: where an owner refuses it, nobody is known to be in a team. */
const REFUSABLE: Permissions = { members: 'read' }
/** So long a refusal is remembered, in milliseconds. */
const REFUSED = 3_600_000

/** The App's own keys to GitHub. */
export interface AppAuth {
  /** Signed as the App: installations, deliveries, the App itself. */
  readonly app: Requests
  /** The way for what is asked of an installation as a whole. */
  requests(token: TokenSource): Requests
  /**
   * Tokens for one repository of an installation; null: for all that the installation opens. Kept while they last. Without
   * permissions being named they open what a review takes.
   */
  tokens(asked: {
    readonly installation: number
    readonly repositoryId: number | null
    readonly permissions?: Permissions
  }): TokenSource
}

/** Opens the App's side of a connection. `privateKey` is a PEM text. */
export function openAppAuth(
  { appId, privateKey }: { readonly appId: number; readonly privateKey: string },
  connection: Connection,
): AppAuth {
  // What GitHub's clock is ahead of ours, in seconds, once it complained.
  let ahead = 0
  // Until when what can be refused is not asked for again, by installation.
  const refused = new Map<number, number>()
  const createJwt = async (id: string | number): Promise<{ jwt: string; expiresAt: string }> =>
    signed(id, privateKey, Math.floor(connection.now() / 1_000) + ahead)
  const octokit = openOctokit(connection)
  const auth = createAppAuth({ appId, createJwt, request: octokit.request, cache: tokenCache(connection), log: SILENT })

  /** A key that is not accepted may be a clock that goes wrong: then it is signed by GitHub's clock, once. */
  const minding = async <Value>(attempt: () => Promise<Value>): Promise<Value> => {
    try {
      return await attempt()
    } catch (error) {
      if (!failedWith(error, 'unauthorized') || error.serverTime === null) throw error
      const found = Math.round((error.serverTime.getTime() - connection.now()) / 1_000)
      if (Math.abs(found - ahead) < LEAST_DIFFERENCE) throw error
      ahead = found
      return attempt()
    }
  }
  const mint = async (options: object, refresh: boolean): Promise<string> => {
    const found = await answered(options, refresh)
    if (typeof found === 'string' && found !== '') return found
    // An answer that holds no token is kept as if it did, so that another has to be asked for.
    if (!refresh) return mint(options, true)
    throw new GitHubError('garbled', `${MINT}: the answer holds no token`)
  }
  const answered = async (options: object, refresh: boolean): Promise<unknown> => {
    try {
      return (await auth({ type: 'installation', ...options, refresh })).token
    } catch (error) {
      throw toGitHubError(MINT, error, connection.now())
    }
  }

  const jwt = async (): Promise<string> => (await createJwt(appId)).jwt
  const app = openRequests({ connection, scheme: 'bearer', token: { get: jwt, renew: jwt } })
  return {
    app: {
      ...app,
      request: (...asked) => minding(() => app.request(...asked)),
    },
    requests: (token) => openRequests({ connection, token }),
    tokens: ({ installation, repositoryId, permissions }) => {
      const options = {
        installationId: installation,
        ...(repositoryId === null ? {} : { repositoryIds: [repositoryId] }),
      }
      const fetch = async (refresh: boolean): Promise<string> => {
        const needed = { ...(permissions ?? REVIEW_PERMISSIONS) }
        const isRefused = (refused.get(installation) ?? 0) > connection.now()
        if (permissions !== undefined || isRefused) return mint({ ...options, permissions: needed }, refresh)
        try {
          return await mint({ ...options, permissions: { ...needed, ...REFUSABLE } }, refresh)
        } catch (error) {
          if (!failedWith(error, 'unprocessable')) throw error
          refused.set(installation, connection.now() + REFUSED)
          return mint({ ...options, permissions: needed }, refresh)
        }
      }
      return { get: () => minding(() => fetch(false)), renew: () => minding(() => fetch(true)) }
    },
  }
}

const MINT = 'POST /app/installations/{installation_id}/access_tokens'
const LEAST_DIFFERENCE = 5
const SILENT = { warn: (): void => undefined }

/** GitHub takes ten minutes at most; a minute back for a clock that is a little ahead. */
function signed(appId: string | number, key: string, now: number): { jwt: string; expiresAt: string } {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const exp = now + 540
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: now - 60, exp, iss: String(appId) })}`
  const signature = createSign('RSA-SHA256').update(text).sign(key, 'base64url')
  return { jwt: `${text}.${signature}`, expiresAt: new Date(exp * 1_000).toISOString() }
}

const MOST_TOKENS = 10_000
/** A token lasts an hour; one that ends in the middle of a review is of no use. */
const KEPT = 50 * 60_000

/** Tokens by what they are for, the longest unused first to go. */
function tokenCache({ now }: Connection): { get(key: string): string; set(key: string, value: string): void } {
  const kept = new Map<string, { readonly value: string; readonly until: number }>()
  return {
    get: (key) => {
      const found = kept.get(key)
      kept.delete(key)
      if (found === undefined || found.until <= now()) return ''
      kept.set(key, found)
      return found.value
    },
    set: (key, value) => {
      kept.set(key, { value, until: now() + KEPT })
      for (const oldest of kept.keys()) if (kept.size > MOST_TOKENS) kept.delete(oldest)
    },
  }
}
