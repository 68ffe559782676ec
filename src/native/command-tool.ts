import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Revision } from '../model/migration.js'
import type { Commands } from '../model/settings.js'
import type { NativeHand, NativeTool, Refusal, Told } from '../rehearsal/native.js'
import type { Sandbox } from '../sandbox/sandbox.js'
import { PORT } from './errand.js'
import { settingsFiles, toolEnvironment, urlOf, type Place } from './environment.js'
import { canContain, launch, type Ran } from './launch.js'
import { wordsOf } from './programs.js'

/** A project in a checkout, and the commands that the policy names for it. */
export interface CommandProject {
  readonly top: string
  /** The project's folder, from the top. */
  readonly root: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly commands: Commands
}

/**
 * Any tool, by the commands that the team names. No shell reads them; in each word `{version}` and `{parent}` stand for the
 * migration's version and the one before it, `{url}`, `{host}`, `{port}`, `{user}`, `{password}` and `{database}` for the sandbox.
 */
export async function commandTool({ top, root, environment, commands }: CommandProject): Promise<NativeTool> {
  const settings = await settingsFiles(join(top, root), top)
  const contained = await canContain()
  const run =
    (sandbox: Sandbox, password: string): Run =>
    (command, words, signal) => {
      const { address } = sandbox
      if (address === null) throw new Error(`the sandbox ${sandbox.provider} lets no other program in`)
      const { user, database } = address
      const place: Place = { host: '127.0.0.1', port: PORT, user, database, password, scheme: 'postgresql' }
      return launch(
        {
          command: () => wordsOf(command).map((word) => filled(word, { ...words, ...partsOf(place) })),
          folder: top,
          environment: withoutServices(toolEnvironment(environment, settings, place)),
          config: null,
          sandbox: { address, password },
          contained,
        },
        signal,
      )
    }
  return {
    name: wordsOf(commands.up)[0]?.split('/').at(-1) ?? 'the tool',
    contained,
    owns: ({ path }) => root === '' || path.startsWith(`${root}/`),
    settle: (sandbox, _, signal) => {
      const password = sandbox.address?.password ?? randomBytes(24).toString('hex')
      return settle(run(sandbox, password), commands, signal)
    },
  }
}

/** Go's client stops at these, whatever they say (https://pkg.go.dev/github.com/lib/pq); without PGSERVICE they mean nothing. */
function withoutServices(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => name !== 'PGSERVICEFILE' && name !== 'PGSYSCONFDIR'),
  )
}

type Run = (command: string, words: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<Ran>

function partsOf(place: Place): Readonly<Record<string, string>> {
  const { host, port, user, password, database } = place
  return { url: `${urlOf(place)}?sslmode=disable`, host, port, user, password, database }
}

function filled(word: string, words: Readonly<Record<string, string>>): string {
  return word.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(words, name) ? (words[name] ?? '') : whole))
}

/** Sees where the tool goes before it may change anything: the command that only asks for the version has to come to the sandbox. */
async function settle(run: Run, commands: Commands, signal: AbortSignal): Promise<NativeHand | Refusal> {
  const { code, output, arrived } = await run(commands.version, {}, signal)
  if (code === null) return { refused: `it was ended before \`${commands.version}\` had answered`, output }
  if (!arrived) {
    const why = code === 0 ? ': it goes to a database of its own choice' : lastOf(output)
    return { refused: `nothing was run, since \`${commands.version}\` did not come to the sandbox${why}`, output }
  }
  const tell = async (
    command: string,
    revision: Pick<Revision, 'id' | 'parents'>,
    standing: boolean,
    limit: AbortSignal,
  ): Promise<Told> => {
    const [parent = ''] = revision.parents
    const done = await run(command, { version: revision.id, parent }, limit)
    if (done.code === null)
      return { kind: 'stopped', reason: `\`${command}\` was ended before it was done`, output: done.output }
    if (done.code !== 0)
      return { kind: 'failed', reason: `\`${command}\` fails${lastOf(done.output)}`, output: done.output }
    const now = await run(commands.version, {}, limit)
    if (now.code === null || says(now.output, revision.id) === standing) return { kind: 'done' }
    const reason = `after \`${command}\` the tool says of its version${lastOf(now.output)}`
    return { kind: 'stopped', reason, output: now.output }
  }
  return {
    async reach(ids, limit) {
      for (const id of ids) {
        const told = await tell(commands.up, { id, parents: [] }, true, limit)
        if (told.kind !== 'done') return told
      }
      return { kind: 'done' }
    },
    up: (revision, limit) => tell(commands.up, revision, true, limit),
    down: (revision, limit) => tell(commands.down, revision, false, limit),
  }
}

/** Whether a version stands in what was printed; tools write the same one with and without zeros in front. */
function says(output: string, version: string): boolean {
  const literal = version.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\w.])0*${literal}(?![\\w.])`).test(output)
}

function lastOf(output: string): string {
  const line = output
    .split('\n')
    .map((each) => each.trim())
    .findLast((each) => each !== '')
  return line === undefined ? '' : `: ${line}`
}
