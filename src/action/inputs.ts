import type { Settings } from '../model/settings.js'
import { insidePath } from './paths.js'
import { isProblem, type Problem, type Runner } from './runner.js'

/** What the workflow asks for; null where it says nothing and the policy, or the default, stands. */
export interface Inputs {
  readonly token: string | null
  readonly databaseUrl: string | null
  /** Where the policy is, from the top of the repository. */
  readonly config: string | null
  readonly sandbox: Settings['rehearsal']['sandbox'] | null
  readonly native: boolean
  readonly comment: Settings['comment'] | null
  /** Where SARIF is to be written, from the top of the workspace. */
  readonly sarifFile: string | null
}

const SANDBOXES = ['auto', 'pglite', 'local', 'service', 'docker', 'none'] as const
const COMMENTS = ['always', 'on-findings', 'never'] as const

/** Reads the inputs of `action.yml`, after the secret ones were made unreadable. */
export function readInputs(runner: Pick<Runner, 'input' | 'secret'>): Inputs | Problem {
  const given = (name: string): string | null => runner.input(name) || null
  const [token, databaseUrl] = [given('github-token'), given('database-url')]
  for (const secret of secretsOf(token, databaseUrl)) runner.secret(secret)
  const sandbox = oneOf('sandbox', SANDBOXES, given('sandbox'))
  const comment = oneOf('comment', COMMENTS, given('comment'))
  const native = oneOf('native', ['true', 'false'], given('native')?.toLowerCase() ?? null)
  const [config, sarifFile] = [pathOf('config', given('config')), pathOf('sarif-file', given('sarif-file'))]
  for (const read of [sandbox, comment, native, config, sarifFile]) if (isProblem(read)) return read
  return {
    token,
    databaseUrl,
    config: config as string | null,
    sandbox: sandbox as Inputs['sandbox'],
    native: native === 'true',
    comment: comment as Inputs['comment'],
    sarifFile: sarifFile as string | null,
  }
}

/** The values that nobody may read, and the password that a URL holds in either spelling. */
export function secretsOf(token: string | null, databaseUrl: string | null): readonly string[] {
  const whole = [token, databaseUrl].filter((value) => value !== null)
  if (databaseUrl === null || !URL.canParse(databaseUrl)) return whole
  const { password } = new URL(databaseUrl)
  return [...whole, password, decoded(password)].filter((value) => value !== '')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function oneOf<Word extends string>(name: string, words: readonly Word[], given: string | null): Word | null | Problem {
  if (given === null) return null
  const found = words.find((word) => word === given)
  return found ?? { problem: `The input ${name} must be one of ${words.join(', ')}.` }
}

function pathOf(name: string, given: string | null): string | null | Problem {
  if (given === null) return null
  const path = insidePath(given)
  return path ?? { problem: `The input ${name} must be a path inside the repository, without \`..\` and not absolute.` }
}
