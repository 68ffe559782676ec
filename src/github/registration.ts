import type { Requests } from './api.js'
import { failedWith } from './errors.js'
import { shapeOf } from './shape.js'

/** The App as it is registered: what it may ask for, and what it is told of. */
export interface Registration {
  readonly id: number
  readonly name: string
  /** Its public page. */
  readonly page: string
  /** `read`, `write` or `admin`, by the permission's name. */
  readonly permissions: Readonly<Record<string, string>>
  readonly events: readonly string[]
}

/** Where GitHub delivers, and how. */
export interface Hook {
  /** null when there is none. */
  readonly url: string | null
  /** Whether deliveries are signed; what with, GitHub does not tell. */
  readonly signed: boolean
  readonly json: boolean
  readonly verifiesTls: boolean
}

/** One attempt to deliver. */
export interface Attempt {
  /** The same for each attempt at one delivery. */
  readonly guid: string
  readonly event: string
  readonly at: Date
  /** What the receiver answered; 0 for nothing. */
  readonly code: number
  /** In GitHub's words, such as `failed to connect to host`. */
  readonly status: string
}

/** The App where it was installed. */
export interface Installed {
  readonly id: number
  readonly suspended: boolean
  /** What its owner has granted, which lags behind what the App asks for until they accept it. */
  readonly permissions: Readonly<Record<string, string>>
  readonly events: readonly string[]
  /** The page on which it is configured. */
  readonly page: string
}

const APP = 'GET /app'
const HOOK = 'GET /app/hook/config'
const DELIVERIES = 'GET /app/hook/deliveries'
const INSTALLATION = 'GET /repos/{owner}/{repo}/installation'

/** Reads who the key belongs to. */
export async function readRegistration(app: Requests): Promise<Registration> {
  const shape = shapeOf(APP)
  const found = shape.members((await app.request(APP)).data)
  return {
    id: shape.number(found['id']),
    name: shape.text(found['name']),
    page: shape.text(found['html_url']),
    permissions: wordsOf(shape.members(found['permissions'])),
    events: shape.list(found['events']).map((event) => shape.text(event)),
  }
}

/** Reads where its webhook goes. */
export async function readHook(app: Requests): Promise<Hook> {
  const shape = shapeOf(HOOK)
  const found = shape.members((await app.request(HOOK)).data)
  const url = shape.textOrNull(found['url'])
  return {
    url: url === '' ? null : url,
    signed: (shape.textOrNull(found['secret']) ?? '') !== '',
    json: found['content_type'] === 'json',
    // A number or a text, as it was set.
    verifiesTls: Number(found['insecure_ssl'] ?? 0) === 0,
  }
}

/** The newest attempts to deliver, at most a hundred, the newest first. GitHub keeps them for three days. */
export async function recentAttempts(app: Requests): Promise<readonly Attempt[]> {
  const shape = shapeOf(DELIVERIES)
  const { data } = await app.request(DELIVERIES, { per_page: 100 })
  return shape.list(data).map((value) => {
    const found = shape.members(value)
    return {
      guid: shape.text(found['guid']),
      event: shape.text(found['event']),
      at: shape.date(found['delivered_at']),
      code: shape.number(found['status_code']),
      status: shape.text(found['status']),
    }
  })
}

/** The installation that opens a repository; null when the App is not installed on it, or there is no such repository. */
export async function installationOn(app: Requests, owner: string, name: string): Promise<Installed | null> {
  const shape = shapeOf(INSTALLATION)
  try {
    const found = shape.members((await app.request(INSTALLATION, { owner, repo: name })).data)
    return {
      id: shape.number(found['id']),
      suspended: typeof found['suspended_at'] === 'string',
      permissions: wordsOf(shape.members(found['permissions'])),
      events: shape.list(found['events']).map((event) => shape.text(event)),
      page: shape.text(found['html_url']),
    }
  } catch (error) {
    if (failedWith(error, 'not-found')) return null
    throw error
  }
}

function wordsOf(members: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const words = Object.entries(members).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.fromEntries(words)
}
