import { createPrivateKey } from 'node:crypto'

/** Who the App is to GitHub, and where GitHub is. */
export interface Credential {
  readonly appId: number
  /** PEM text. */
  readonly privateKey: string
  /** Of GitHub's API, without a slash at the end. */
  readonly apiUrl: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads from the environment who the App is; a sentence where that is wrong, or that nothing is said of it. */
export function credentialFrom(
  environment: Environment,
  readFile: (path: string) => string,
): Credential | { readonly problem: string } | { readonly unregistered: true } {
  const named = ['APP_ID', 'PRIVATE_KEY', 'PRIVATE_KEY_PATH'].filter((name) => (environment[name] ?? '') !== '')
  if (named.length === 0) return { unregistered: true }
  const appId = Number(environment['APP_ID'])
  if (!/^\d+$/.test(environment['APP_ID'] ?? '') || !Number.isSafeInteger(appId) || appId < 1) {
    return problem('APP_ID', 'the number of the App, as its page on GitHub shows it')
  }
  const privateKey = keyFrom(environment, readFile)
  if (privateKey === null) return problem('PRIVATE_KEY_PATH', 'a file that can be read')
  if (!isKey(privateKey)) {
    return problem(
      'PRIVATE_KEY',
      "the App's private key in PEM form, whole, or that in base64; or name its file in PRIVATE_KEY_PATH",
    )
  }
  return { appId, privateKey, apiUrl: apiUrlFrom(environment) }
}

/** Where GitHub's API is, without a slash at the end. */
export function apiUrlFrom(environment: Environment): string {
  return (environment['GITHUB_API_URL'] || 'https://api.github.com').replace(/\/+$/, '')
}

export function problem(name: string, wanted: string): { readonly problem: string } {
  return { problem: `${name} must be ${wanted}.` }
}

/** The key as it is, from base64 or from its file; '' for none, null for a file that cannot be read. */
function keyFrom(environment: Environment, readFile: (path: string) => string): string | null {
  const given = environment['PRIVATE_KEY']
  if (given !== undefined && given !== '') {
    const text = given.includes('PRIVATE KEY') ? given : Buffer.from(given, 'base64').toString('utf8')
    return text.replaceAll('\\n', '\n')
  }
  const path = environment['PRIVATE_KEY_PATH']
  if (path === undefined || path === '') return ''
  try {
    return readFile(path)
  } catch {
    return null
  }
}

/** Half a key would be found out by the first request only. */
function isKey(text: string): boolean {
  try {
    return createPrivateKey(text).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}
