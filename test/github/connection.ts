import { type Api, type Connection, type Exchange, openApi, type TokenSource } from '../../src/github/api.js'

/** The moment at which every test begins: 2026-01-01T00:00:00Z. */
export const NOW = Date.UTC(2026, 0, 1)
export const URL = 'https://api.github.test'
export const REPOSITORY = { id: 1, owner: 'acme', name: 'shop' }
/** Hours that a commit id takes to write by hand. */
export const sha = (digit: string): string => digit.repeat(40)

/** A connection whose clock stands still and that waits for nothing; what it would have waited is kept. */
export interface Still extends Connection {
  readonly waits: number[]
  readonly exchanges: Exchange[]
}
export function still(changes: Partial<Connection> = {}): Still {
  const waits: number[] = []
  const exchanges: Exchange[] = []
  return {
    baseUrl: URL,
    fetch: (url, options) => fetch(url, options),
    now: () => NOW,
    random: () => 0.5,
    sleep: async (milliseconds) => void waits.push(milliseconds),
    observe: (exchange) => void exchanges.push(exchange),
    ...changes,
    waits,
    exchanges,
  }
}

export const FIXED: TokenSource = { get: async () => 't0ken', renew: async () => 'renewed' }

export function api(connection: Connection = still(), token: TokenSource = FIXED): Api {
  return openApi(REPOSITORY, { connection, token })
}
