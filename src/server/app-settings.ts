import { apiUrlFrom, credentialFrom, problem } from './credential.js'
import { DUTIES, NOT_FOR_ANALYSERS, ROLES, type Role } from './roles.js'

/** How an App is run, as its environment says. */
export interface AppSettings {
  readonly appId: number
  /** PEM text; '' for a role that needs none. */
  readonly privateKey: string
  readonly secrets: readonly string[]
  /** null: a PostgreSQL of its own in `data`. */
  readonly databaseUrl: string | null
  /** The folder for what has to stay. */
  readonly data: string
  readonly host: string
  readonly port: number
  readonly role: Role
  readonly concurrency: number
  /** The login with which analysers come to the database; null where they use that of the others. */
  readonly analyserLogin: string | null
  /** How long a broker waits for an analyser when none is at work. */
  readonly analyserSeconds: number
  /** Of GitHub's API, without a slash at the end. */
  readonly apiUrl: string
  readonly rehearsal: {
    readonly databaseUrl: string | undefined
    readonly disposable: boolean
    readonly path: string | undefined
    readonly dockerHost: string | undefined
    readonly dockerImage: string | undefined
  }
  readonly logLevel: LogLevel
  /** Of this program. */
  readonly version: string
  /** Everything in the environment that must not be shown. */
  readonly hidden: readonly string[]
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Of a secret, in characters: what could be guessed is none. */
const LEAST_SECRET = 32
/** A role that is no broker speaks to GitHub about nothing. */
const NO_CREDENTIAL = { appId: 0, privateKey: '' }

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the environment: the settings, a sentence that says what is wrong, or that the App is not registered yet. */
export function settingsFrom(
  environment: Environment,
  { version, readFile }: { readonly version: string; readonly readFile: (path: string) => string },
): AppSettings | { readonly problem: string } | { readonly unregistered: true } {
  const role = oneOf(ROLES, environment['DBA_ROLE'] ?? 'all')
  if (role === null) return problem('DBA_ROLE', `one of ${ROLES.join(', ')}`)
  const logLevel = oneOf(LOG_LEVELS, environment['LOG_LEVEL'] ?? 'info')
  if (logLevel === null) return problem('LOG_LEVEL', `one of ${LOG_LEVELS.join(', ')}`)
  const port = whole(environment['PORT'] ?? '3000', 0, 65_535)
  if (port === null) return problem('PORT', 'a port')
  const concurrency = whole(environment['DBA_CONCURRENCY'] ?? '2', 1, 64)
  if (concurrency === null) return problem('DBA_CONCURRENCY', 'a number from 1 to 64')

  const analyserSeconds = whole(environment['DBA_ANALYSER_SECONDS'] ?? '60', 1, 300)
  if (analyserSeconds === null) return problem('DBA_ANALYSER_SECONDS', 'a number from 1 to 300')
  const duties = DUTIES[role]
  const misplaced = role === 'analyser' ? NOT_FOR_ANALYSERS.filter((name) => (environment[name] ?? '') !== '') : []
  if (misplaced.length > 0) {
    return { problem: `DBA_ROLE=analyser must not be given ${misplaced.join(', ')}: it reads what anybody may write.` }
  }

  const credential = duties.broker ? credentialFrom(environment, readFile) : NO_CREDENTIAL
  const isSecretGiven = (environment['WEBHOOK_SECRET'] ?? '') !== ''
  if ('unregistered' in credential) {
    // Only who has said nothing at all is at the beginning: half of it is a mistake.
    if (role === 'all' && !isSecretGiven) return { unregistered: true }
    return problem('APP_ID', 'the number of the App, as its page on GitHub shows it')
  }
  if ('problem' in credential) return credential
  const { appId, privateKey } = credential
  const secrets = (environment['WEBHOOK_SECRET'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
  if (duties.intake && (secrets.length === 0 || secrets.some(({ length }) => length < LEAST_SECRET))) {
    return problem(
      'WEBHOOK_SECRET',
      `the secret of the App's webhook, of at least ${LEAST_SECRET} characters: without it anybody could speak for GitHub`,
    )
  }
  const databaseUrl = environment['DATABASE_URL'] || null
  if (databaseUrl === null && role !== 'all') {
    return problem('DATABASE_URL', `the PostgreSQL that all roles share, for DBA_ROLE=${role}`)
  }
  return {
    appId,
    privateKey,
    secrets,
    databaseUrl,
    data: environment['DBA_DATA'] ?? 'data',
    host: environment['HOST'] ?? '::',
    port,
    role,
    concurrency,
    analyserLogin: (duties.broker && environment['DBA_ANALYSER_LOGIN']) || null,
    analyserSeconds,
    apiUrl: apiUrlFrom(environment),
    rehearsal: {
      databaseUrl: environment['DBA_DATABASE_URL'],
      disposable: environment['DBA_DISPOSABLE'] === '1',
      path: environment['PATH'],
      dockerHost: environment['DOCKER_HOST'] || undefined,
      dockerImage: environment['DBA_DOCKER_IMAGE'] || undefined,
    },
    logLevel,
    version,
    hidden: [privateKey, ...secrets, databaseUrl ?? '', environment['DBA_DATABASE_URL'] ?? ''].filter(
      (each) => each !== '',
    ),
  }
}

function oneOf<Word extends string>(words: readonly Word[], word: string): Word | null {
  return words.find((each) => each === word) ?? null
}

function whole(text: string, least: number, most: number): number | null {
  const number = Number(text)
  return /^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least && number <= most ? number : null
}
