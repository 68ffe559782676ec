import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Drift } from '../model/evidence.js'
import type { Revision } from '../model/migration.js'
import type { NativeHand, NativeTool, Refusal, Told } from '../rehearsal/native.js'
import type { Sandbox, Session } from '../sandbox/sandbox.js'
import { PORT } from './errand.js'
import { schemeIn, settingsFiles, toolEnvironment, type Place } from './environment.js'
import { findConfig, iniFor, type AlembicConfig } from './ini.js'
import { canContain, launch, type Ran } from './launch.js'
import { programs, wordsOf } from './programs.js'

/** A project in a checkout, and what the door knows of its surroundings. */
export interface NativeProject {
  /** The top of the checkout, and the folder with `env.py`. */
  readonly top: string
  readonly scripts: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What to run instead of what is found, such as `poetry run alembic`. */
  readonly command: string | null
}

/** Alembic as the team has it; `missing` says why there is none. */
export async function alembicTool(
  { top, scripts, environment, command }: NativeProject,
  signal: AbortSignal,
): Promise<NativeTool | { readonly missing: string }> {
  const config = await findConfig(scripts, top)
  const settings = await settingsFiles(config.folder, top)
  const script = await readFile(join(scripts, 'env.py'), 'utf8').catch(() => '')
  const contained = await canContain()
  const place = (user: string, database: string, password: string): Place => {
    const scheme = schemeOf(config, environment, settings, script)
    return { host: '127.0.0.1', port: PORT, user, database, password, scheme }
  }
  const nowhere = toolEnvironment(environment, settings, place('nobody', 'nothing', 'none'))
  const ask = (words: readonly string[]): Promise<Ran> =>
    launch(
      {
        command: () => [...words, '--version'],
        folder: config.folder,
        environment: nowhere,
        config: null,
        sandbox: null,
        contained,
      },
      AbortSignal.any([signal, AbortSignal.timeout(VERSION_MILLISECONDS)]),
    )
  const candidates = command === null ? await programs(config.folder, top, environment) : [wordsOf(command)]
  for (const words of candidates) {
    const { code, output } = await ask(words)
    const version = /^\S*alembic\S* (\d[\w.+]*)/m.exec(output)?.[1]
    if (code !== 0 || version === undefined) continue
    const run = (sandbox: Sandbox, password: string, args: readonly string[], limit: AbortSignal): Promise<Ran> => {
      const { address } = sandbox
      if (address === null) throw new Error(`the sandbox ${sandbox.provider} lets no other program in`)
      const to = place(address.user, address.database, password)
      return launch(
        {
          command: (directory) => [...words, '-c', join(directory, CONFIG), '-n', config.section, ...args],
          folder: config.folder,
          environment: toolEnvironment(environment, settings, to),
          config: { name: CONFIG, text: iniFor(config, to) },
          sandbox: { address, password },
          contained,
        },
        limit,
      )
    }
    return {
      name: `alembic ${version}`,
      contained,
      owns: ({ path }) => join(top, path).startsWith(`${scripts}/`),
      settle: (sandbox, session, limit) => settle(run, sandbox, session, limit),
    }
  }
  return {
    missing:
      command === null
        ? `no Alembic runs in ${config.folder}: none in .venv or venv there or above, none on the PATH, and \`python -m alembic\` does not answer. Install it there, or say how it is started: --native-command "poetry run alembic"`
        : `\`${command} --version\` does not answer as Alembic does`,
  }
}

const CONFIG = 'alembic.ini'
const VERSION_MILLISECONDS = 30_000

/** The driver that the project uses. */
function schemeOf(
  { text }: AlembicConfig,
  environment: NativeProject['environment'],
  settings: Readonly<Record<string, string>>,
  script: string,
): string {
  const told = [/^sqlalchemy\.url\s*[=:].*$/m.exec(text)?.[0], environment['DATABASE_URL'], settings['DATABASE_URL']]
  const scheme = told.map((each) => schemeIn(each ?? '')).find((each) => each !== null)
  return (
    scheme ??
    (/\basync_engine_from_config\b|\bcreate_async_engine\b/.test(script) ? 'postgresql+asyncpg' : 'postgresql')
  )
}

type Run = (sandbox: Sandbox, password: string, args: readonly string[], signal: AbortSignal) => Promise<Ran>

/**
 * Sees where the tool goes before it may change anything: `alembic current` reads the version table and changes nothing,
 * and complains of a revision that it does not know. One made up here stands in the sandbox's version table: who names it
 * has read the sandbox.
 */
async function settle(
  run: Run,
  sandbox: Sandbox,
  session: Session,
  signal: AbortSignal,
): Promise<NativeHand | Refusal> {
  const password = sandbox.address?.password ?? randomBytes(24).toString('hex')
  const mark = `dba${randomBytes(10).toString('hex')}`
  for (const sql of [CREATE_BOOKS, `INSERT INTO public.alembic_version VALUES ('${mark}')`]) {
    const outcome = await session.run(sql, signal)
    if (outcome.kind !== 'done') return { refused: `the sandbox could not be marked: ${sql}`, output: '' }
  }
  const { code, output } = await run(sandbox, password, ['current'], signal)
  if (code === null) return { refused: 'it was ended before `alembic current` had answered', output }
  if (!output.includes(mark)) return { refused: elsewhere(code, output), output }
  const wiped = await session.run('DROP TABLE public.alembic_version', signal)
  if (wiped.kind !== 'done') return { refused: 'the mark in the sandbox could not be removed', output: '' }
  return hand(
    (args, limit) => run(sandbox, password, args, limit),
    () => books(session),
  )
}

/** Why nothing was run: it went elsewhere, or it did not get so far. */
function elsewhere(code: number, output: string): string {
  return code === 0
    ? 'nothing was run, since `alembic current` did not read public.alembic_version of the sandbox: env.py goes to a database of its own choice, or keeps its versions in another table'
    : `nothing was run, since \`alembic current\` did not get to public.alembic_version of the sandbox${complaint(output)}`
}

/** As the tool makes it. */
const CREATE_BOOKS = `CREATE TABLE public.alembic_version
  (version_num varchar(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))`

function hand(
  run: (args: readonly string[], signal: AbortSignal) => Promise<Ran>,
  read: () => Promise<readonly string[]>,
): NativeHand {
  const tell = async (
    args: readonly string[],
    signal: AbortSignal,
    wrong: (versions: readonly string[]) => boolean,
  ): Promise<Told> => {
    const said = `alembic ${args.join(' ')}`
    const { code, output } = await run(args, signal)
    if (code === null) return { kind: 'stopped', reason: `\`${said}\` was ended before it was done`, output }
    const versions = await read()
    if (code !== 0) return { kind: 'failed', reason: `\`${said}\` fails${complaint(output)}`, output }
    if (!wrong(versions)) return { kind: 'done' }
    const found = versions.length === 0 ? 'nothing' : versions.join(', ')
    return { kind: 'stopped', reason: `after \`${said}\` the version table of the sandbox holds ${found}`, output }
  }
  return {
    async reach(ids, signal) {
      for (const id of ids) {
        const told = await tell(['upgrade', id], signal, (versions) => versions.length === 0)
        if (told.kind !== 'done') return told
      }
      return { kind: 'done' }
    },
    up: ({ id }, signal) => tell(['upgrade', id], signal, (versions) => !versions.includes(id)),
    down: (revision, signal) =>
      tell(['downgrade', below(revision)], signal, (versions) => versions.includes(revision.id)),
    drift: async (signal) => driftIn(await run(['check'], signal)),
  }
}

/** What `alembic check` says: https://alembic.sqlalchemy.org/en/latest/autogenerate.html#running-alembic-check-to-test-for-new-upgrade-operations */
export function driftIn({ code, output }: Pick<Ran, 'code' | 'output'>): Drift | null {
  if (code === 0) return { kind: 'none' }
  if (/does not provide a MetaData object/.test(output)) return null
  const said = /New upgrade operations detected: ([^]*)$/.exec(output)?.[1]?.trim()
  if (said !== undefined) return { kind: 'differs', said }
  return { kind: 'unknown', reason: `\`alembic check\` fails${complaint(output)}` }
}

/** Just below a revision, and no other branch with it: https://alembic.sqlalchemy.org/en/latest/branches.html */
function below({ id, parents: [parent = 'base'] }: Revision): string {
  return `${id}@${parent}`
}

async function books(session: Session): Promise<readonly string[]> {
  const [there] = await session.read([`SELECT pg_catalog.to_regclass('public.alembic_version')`])
  if (there === undefined || 'error' in there || typeof there.rows[0]?.[0] !== 'string') return []
  const [answer] = await session.read(['SELECT version_num FROM public.alembic_version ORDER BY 1'])
  return answer === undefined || 'error' in answer ? [] : answer.rows.flatMap(([version]) => version ?? [])
}

/** The last thing that was said, which is where Python puts what went wrong. */
function complaint(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const error =
    lines.findLast((line) => /^(?:FAILED: |(?:[\w.]+)?(?:Error|Exception)\b|\([\w.]+\) )/.test(line)) ?? lines.at(-1)
  return error === undefined ? '' : `: ${error}`
}
