import { join } from 'node:path'
import type { Project } from '../model/migration.js'
import type { Note } from '../model/note.js'
import type { Settings } from '../model/settings.js'
import { alembicTool } from '../native/alembic.js'
import type { NativeTool } from '../rehearsal/native.js'
import type { PlanItem } from '../rehearsal/plan.js'
import type { Analysis } from '../review/analyse.js'
import { serverAccount } from '../sandbox/account.js'
import { serversHere } from '../sandbox/local.js'
import type { SandboxProvider } from '../sandbox/sandbox.js'
import { isProblem, type Io, type Problem } from './io.js'
import type { NativeOptions, RepositoryOptions, SandboxOptions } from './options.js'
import type { PreparedCheckout } from './prepare.js'
import { sandboxOf } from './review.js'

/** Where to rehearse, and what runs there besides the statements. */
export interface NativeMeans {
  readonly sandbox: SandboxProvider | null
  readonly native: (plan: readonly PlanItem[]) => NativeTool | undefined
  /** What no tool runs for. */
  readonly notes: readonly Note[]
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
  const tools = new Map<string, NativeTool>()
  const notes: Note[] = []
  for (const { framework, root, conventions } of projects.filter((project) => plans.some(isOf(project)))) {
    if (framework !== 'alembic') {
      const message = `--native knows Alembic for now; what ${conventions.tool} does in ${root || '.'} was rehearsed statement by statement alone`
      notes.push({ message, at: null, bearing: 'informs' })
      continue
    }
    io.progress('Looking for Alembic')
    const { environment } = io
    const command = options.nativeCommand ?? null
    const tool = await alembicTool({ top, scripts: join(top, root), environment, command }, io.signal)
    if ('missing' in tool) return { problem: `--native: ${tool.missing}.` }
    tools.set(root, tool)
  }
  if (tools.size === 0)
    return { problem: '--native knows Alembic for now, and there is no migration of Alembic to rehearse.' }
  const native = (plan: readonly PlanItem[]): NativeTool | undefined =>
    [...tools].sort(([a], [b]) => b.length - a.length).find(([root]) => isOf({ root })(plan))?.[1]
  return {
    sandbox: sandboxOf({ ...settings, rehearsal: { ...settings.rehearsal, sandbox: choice } }, options, io),
    native,
    notes,
  }
}

const WORKTREE_ONLY =
  '--native runs the tool on the files as they are on disk; leave --head out, and check out what is to be rehearsed.'

/** The sandbox that lets another program in. */
async function roomy(
  { rehearsal: { sandbox } }: Settings,
  { databaseUrl }: Options,
  io: Io,
): Promise<Settings['rehearsal']['sandbox'] | Problem> {
  if (sandbox === 'pglite' || sandbox === 'docker' || sandbox === 'none')
    return { problem: `${NEEDS_ROOM} (--sandbox ${sandbox} was asked for).` }
  if (sandbox !== 'auto') return sandbox
  if (databaseUrl !== undefined) return 'service'
  const account = await serverAccount()
  const usable = account === null || !('unavailable' in account)
  const found = usable ? await serversHere({ path: io.environment['PATH'] ?? '' }, account) : []
  return found.length > 0 ? 'local' : { problem: `${NEEDS_ROOM}.` }
}

const NEEDS_ROOM =
  '--native needs the local or service sandbox, which lets another program in; install PostgreSQL or name a --database-url'

/** Whether what a plan rehearses lies in a project; of nested ones the innermost is meant. */
function isOf({ root }: Pick<Project, 'root'>): (plan: readonly PlanItem[]) => boolean {
  return (plan) =>
    plan.every(({ role, revision }) => role === 'replay' || root === '' || revision.path.startsWith(`${root}/`))
}
