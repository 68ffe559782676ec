import { createVerify, randomBytes, type KeyObject } from 'node:crypto'
import { Refusal } from '../http/answer.js'
import type { Account } from './people.js'
import type { FakeRepository } from './repository.js'

export type Access = 'read' | 'write' | 'admin'
export type Permissions = Readonly<Record<string, Access>>

/** What the App asks for when it is installed; tests give others. */
export const PERMISSIONS: Permissions = {
  checks: 'write',
  contents: 'read',
  issues: 'write',
  members: 'read',
  merge_queues: 'read',
  metadata: 'read',
  pull_requests: 'write',
}

export interface Installation {
  readonly id: number
  readonly account: Account
  readonly createdAt: number
  permissions: Permissions
  /** Ids of the repositories it may use, or all that the account has. */
  selected: 'all' | ReadonlySet<number>
  suspendedAt: number | null
  deleted: boolean
}

export interface Token {
  readonly token: string
  readonly installation: Installation
  readonly permissions: Permissions
  /** Null means what the installation may use. */
  readonly repositories: ReadonlySet<number> | null
  readonly expiresAt: number
  revoked: boolean
}

const HOUR = 3_600_000
const RANK: Readonly<Record<Access, number>> = { read: 1, write: 2, admin: 3 }

export const allows = (granted: Permissions, name: string, access: Access): boolean =>
  RANK[granted[name] ?? 'read'] >= RANK[access] && (name in granted || name === 'metadata')

/** Whether an installation may use a repository. */
export const covers = (installation: Installation, repository: FakeRepository): boolean =>
  installation.account.id === repository.owner.id &&
  (installation.selected === 'all' || installation.selected.has(repository.id))

/** Tokens of installations, and the check of what an App signs itself. */
export class Tokens {
  readonly #now: () => number
  readonly #tokens = new Map<string, Token>()

  constructor(now: () => number) {
    this.#now = now
  }

  mint(
    installation: Installation,
    asked: { permissions?: Permissions | undefined; repositories: ReadonlySet<number> | null },
  ): Token {
    const permissions = asked.permissions ?? installation.permissions
    const beyond = Object.entries(permissions).some(([name, access]) => !allows(installation.permissions, name, access))
    if (beyond) throw new Refusal(422, 'The permissions requested are not granted to this installation.')
    const token: Token = {
      token: `ghs_${randomBytes(27).toString('base64url').replace(/[-_]/g, 'x')}`,
      installation,
      permissions: { ...permissions, metadata: 'read' },
      repositories: asked.repositories,
      expiresAt: this.#now() + HOUR,
      revoked: false,
    }
    this.#tokens.set(token.token, token)
    return token
  }

  /** The token that these characters are, while it is valid. */
  find(characters: string): Token | undefined {
    const token = this.#tokens.get(characters)
    return token && !token.revoked && !token.installation.deleted && token.expiresAt > this.#now() ? token : undefined
  }

  revokeAll(): void {
    for (const token of this.#tokens.values()) token.revoked = true
  }
}

/** The other name of an App, which it may sign with as well. */
export const clientId = (appId: number): string => `Iv23li${appId}`

/** Refuses, with GitHub's words, what is not a valid JSON Web Token of this App. */
export function verifyAppToken(jwt: string, app: { readonly id: number; readonly key: KeyObject }, now: number): void {
  const [head = '', claims = '', signature = ''] = jwt.split('.')
  const { alg } = decoded(head)
  const { iss, iat, exp } = decoded(claims)
  const genuine =
    alg === 'RS256' &&
    createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(app.key, Buffer.from(signature, 'base64url'))
  if (!genuine) throw new Refusal(401, 'A JSON web token could not be decoded')
  if (![String(app.id), clientId(app.id)].includes(String(iss))) throw new Refusal(401, 'Integration not found')
  const seconds = now / 1000
  if (typeof exp !== 'number' || exp <= seconds) {
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    )
  }
  if (typeof iat !== 'number' || iat > seconds + 1) {
    throw new Refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    )
  }
  if (exp - iat > 660 || exp > seconds + 600 + 1) {
    throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future")
  }
}

function decoded(part: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>
  } catch {
    throw new Refusal(401, 'A JSON web token could not be decoded')
  }
}
