import { execFile } from 'node:child_process'
import { delimiter, isAbsolute } from 'node:path'

/** What of the caller's environment is used: where programs are found, and whose line end settings apply. */
export interface Environment {
  readonly PATH?: string | undefined
  readonly HOME?: string | undefined
}

/** What a git command gave back; `code` is null when git is not there to be run. */
export interface Answer {
  readonly code: number | null
  readonly out: Buffer
  readonly error: string
}

const USUAL_PATH = ['/usr/local/bin', '/usr/bin', '/bin', '/opt/homebrew/bin'].join(delimiter)

/**
 * A repository's own files may ask git to start programs: hooks, filters, file system monitors, transports. Everything of
 * the kind that the commands used here could reach is switched off, also against the repository's configuration.
 */
const CONFIG = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'core.quotePath=false',
  'protocol.allow=never',
  'submodule.recurse=false',
  // Nothing of the repository is run, so it does not matter who owns it; containers often check out as another user.
  'safe.directory=*',
].flatMap((setting) => ['-c', setting])

/** Runs one git command in a folder, seeing no configuration but the repository's, starting no other program. */
export function runGit(
  folder: string,
  environment: Environment,
  args: readonly string[],
  input?: string,
): Promise<Answer> {
  return run(['-C', folder, '--no-pager', ...CONFIG, ...args], hardened(environment), input)
}

/** One setting as the person at this machine has it, their own and the system's configuration included. */
export async function userSetting(folder: string, environment: Environment, name: string): Promise<string | null> {
  // Reading configuration starts no program, so here, and only here, the person's own files may be seen.
  const args = ['-C', folder, '-c', 'safe.directory=*', 'config', '--get', name]
  const answer = await run(args, { PATH: searchPath(environment), HOME: environment.HOME ?? '', LC_ALL: 'C' })
  return answer.code === 0 ? answer.out.toString('utf8').trim() : null
}

function hardened(environment: Environment): Readonly<Record<string, string>> {
  return {
    PATH: searchPath(environment),
    HOME: '',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    // A partial clone fetches what it lacks. Newer versions heed the first; all heed the second, over any configuration.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
  }
}

/** A relative entry would let a repository bring its own `git`. */
function searchPath({ PATH }: Environment): string {
  const entries = (PATH ?? USUAL_PATH).split(delimiter).filter((entry) => isAbsolute(entry))
  return entries.length > 0 ? entries.join(delimiter) : USUAL_PATH
}

function run(args: readonly string[], env: Readonly<Record<string, string>>, input = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { env, encoding: 'buffer', maxBuffer: Infinity, windowsHide: true, timeout: 300_000 } as const
    const child = execFile('git', args, options, (failure, out, error) => {
      const code = failure === null ? 0 : failure.code
      if (code === 'ENOENT') resolve({ code: null, out, error: 'git was not found' })
      else if (typeof code === 'number') resolve({ code, out, error: error.toString('utf8').trim() })
      else reject(new Error(`git ${args.join(' ')} was ended`, { cause: failure }))
    })
    // git may stop reading before it was told everything; what it answered says why.
    child.stdin?.on('error', () => undefined).end(input)
  })
}
