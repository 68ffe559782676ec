import type { Settings } from '../model/settings.js'
import { toolsFor } from '../native/tools.js'
import type { Analysis } from '../review/analyse.js'
import type { Tools } from '../review/review.js'
import { roomFor } from '../sandbox/roomy.js'
import type { SandboxProvider } from '../sandbox/sandbox.js'
import { isProblem, type Io, type Problem } from './io.js'
import type { NativeOptions, RepositoryOptions, SandboxOptions } from './options.js'
import type { PreparedCheckout } from './prepare.js'
import { sandboxOf } from './review.js'

/** Where to rehearse, and what runs there besides the statements. */
export interface NativeMeans extends Tools {
  readonly sandbox: SandboxProvider | null
}

type Options = NativeOptions & RepositoryOptions & SandboxOptions

/** The tools of the projects with something to rehearse, when `--native` asks for them. */
export async function nativeTools(
  { top, pull }: PreparedCheckout,
  { plans, projects }: Analysis,
  settings: Settings,
  options: Options,
  io: Io,
): Promise<NativeMeans | Problem> {
  if (options.native !== true) {
    if (options.nativeCommand !== undefined)
      return { problem: '--native-command says how --native starts the tool; add --native.' }
    return { sandbox: sandboxOf(settings, options, io), native: () => undefined, notes: [] }
  }
  if (pull.head !== 'worktree') return { problem: WORKTREE_ONLY }
  const choice = await roomy(settings, options, io)
  if (isProblem(choice)) return choice
  io.progress('Looking for the tools')
  const { environment, signal } = io
  const asked = { top, environment, command: options.nativeCommand ?? null, commands: settings.commands }
  const tools = await toolsFor({ projects, plans }, asked, signal)
  if ('missing' in tools) return { problem: `--native: ${tools.missing}.` }
  const rehearsal = { ...settings.rehearsal, sandbox: choice }
  return { ...tools, sandbox: sandboxOf({ ...settings, rehearsal }, options, io) }
}

const WORKTREE_ONLY =
  '--native runs the tool on the files as they are on disk; leave --head out, and check out what is to be rehearsed.'

/** The sandbox that lets another program in. */
async function roomy(
  { rehearsal: { sandbox } }: Settings,
  { databaseUrl }: Options,
  io: Io,
): Promise<Settings['rehearsal']['sandbox'] | Problem> {
  const found = await roomFor(sandbox, { databaseUrl, path: io.environment['PATH'] })
  if (found !== null) return found
  return { problem: sandbox === 'auto' ? `${NEEDS_ROOM}.` : `${NEEDS_ROOM} (--sandbox ${sandbox} was asked for).` }
}

const NEEDS_ROOM =
  '--native needs the local or service sandbox, which lets another program in; install PostgreSQL or name a --database-url'
