import { join } from 'node:path'
import type { Project } from '../model/migration.js'
import type { Note } from '../model/note.js'
import type { Commands } from '../model/settings.js'
import type { NativeTool } from '../rehearsal/native.js'
import type { PlanItem } from '../rehearsal/plan.js'
import { alembicTool } from './alembic.js'
import { commandTool } from './command-tool.js'

/** What runs besides the statements. */
export interface Tools {
  readonly native: (plan: readonly PlanItem[]) => NativeTool | undefined
  /** What no tool runs for. */
  readonly notes: readonly Note[]
}

/** Why no tool can run, as half a sentence that says what to do. */
export interface Missing {
  readonly missing: string
}

/** The checkout, and how its tools are started. */
export interface Asked {
  readonly top: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What starts Alembic instead of what is found, such as `poetry run alembic`. */
  readonly command: string | null
  /** What the policy says of any other tool; null where it says nothing. */
  readonly commands: Commands | null
}

/** The tools of the projects that have something to rehearse. */
export async function toolsFor(
  { projects, plans }: { readonly projects: readonly Project[]; readonly plans: readonly (readonly PlanItem[])[] },
  { top, environment, command, commands }: Asked,
  signal: AbortSignal,
): Promise<Tools | Missing> {
  const tools = new Map<string, NativeTool>()
  const notes: Note[] = []
  for (const { framework, root, conventions } of projects.filter((project) => plans.some(isOf(project)))) {
    if (framework !== 'alembic' && commands === null) {
      const message = `how ${conventions.tool} in ${root || '.'} is started is not known, so what it does was rehearsed statement by statement alone: name its commands under \`commands\` in the policy`
      notes.push({ message, at: null, bearing: 'informs' })
      continue
    }
    const tool =
      framework === 'alembic' || commands === null
        ? await alembicTool({ top, scripts: join(top, root), environment, command }, signal)
        : await commandTool({ top, root, environment, commands })
    if ('missing' in tool) return tool
    tools.set(root, tool)
  }
  if (tools.size === 0)
    return { missing: 'there is no migration of Alembic, or of a tool whose commands are named, to rehearse' }
  const inner = [...tools].sort(([a], [b]) => b.length - a.length)
  return { native: (plan) => inner.find(([root]) => isOf({ root })(plan))?.[1], notes }
}

/** Whether what a plan rehearses lies in a project; of nested ones the innermost is meant. */
function isOf({ root }: Pick<Project, 'root'>): (plan: readonly PlanItem[]) => boolean {
  return (plan) =>
    plan.every(({ role, revision }) => role === 'replay' || root === '' || revision.path.startsWith(`${root}/`))
}
