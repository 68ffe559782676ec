import type { Drift, NativeProof, Rehearsal } from '../model/evidence.js'
import type { Revision, Script } from '../model/migration.js'
import type { Sandbox, SandboxProvider, SchemaDump, Session, Wish } from '../sandbox/sandbox.js'
import type { PlanItem } from './plan.js'
import { nativeProof, type Dumps, type Ending } from './native-proof.js'
import { residue } from './residue.js'
import { messageOf } from './stage.js'
import { extensionsCreatedBy } from './stand-ins.js'

/** A team's own migration tool. It runs the team's code, so only where a person asked for that. */
export interface NativeTool {
  /** Such as `alembic 1.20.1`. */
  readonly name: string
  /** Whether it is cut off from every other database of the network. */
  readonly contained: boolean
  /** Whether it is a revision of the tool's own: a dump can stand for some of them. */
  owns(revision: Revision): boolean
  /** Makes sure that what the tool works on is this sandbox, before it may change anything. */
  settle(sandbox: Sandbox, session: Session, signal: AbortSignal): Promise<NativeHand | Refusal>
}

/** Why the tool was not let do anything. */
export interface Refusal {
  readonly refused: string
  /** What it printed. */
  readonly output: string
}

/** The tool at work on a sandbox. */
export interface NativeHand {
  /** Brings the schema to where these revisions and all before them are applied. */
  reach(ids: readonly string[], signal: AbortSignal): Promise<Told>
  up(revision: Revision, signal: AbortSignal): Promise<Told>
  /** Undoes one revision and no other. */
  down(revision: Revision, signal: AbortSignal): Promise<Told>
  /** Compares the team's models with the schema as it is now; null where there are none. Not every tool can. */
  drift?(signal: AbortSignal): Promise<Drift | null>
}

/** How one command of the tool ended. `stopped`: it says nothing about the migration. */
export type Told =
  { readonly kind: 'done' } | { readonly kind: 'failed' | 'stopped'; readonly reason: string; readonly output: string }

/** A rehearsal of our own, for the tool's to be compared with. */
export interface Rehearsed {
  readonly item: PlanItem
  readonly rehearsal: Rehearsal
  readonly dumps: Dumps
  /** The roles that had to stand in for those that no migration creates. */
  readonly roles: readonly string[]
}

export interface NativeOptions {
  readonly wish: Wish
  readonly seconds: number
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

/** Where the tool is at work, and how far the history has been brought there. */
interface NativeStage {
  readonly sandbox: Sandbox
  readonly session: Session
  readonly hand: NativeHand
}

/** Lets the tool do itself what was rehearsed, each in its place of the history, and compares the schemas. */
export async function proveNatively(
  plan: readonly PlanItem[],
  rehearsed: readonly Rehearsed[],
  provider: SandboxProvider,
  tool: NativeTool,
  { wish, seconds, signal, onProgress }: NativeOptions,
): Promise<readonly Rehearsal[]> {
  const limit = AbortSignal.timeout(seconds * 1000)
  const either = AbortSignal.any([signal, limit])
  let stage: NativeStage | null = null
  const strike = async (): Promise<void> => {
    await stage?.sandbox[Symbol.asyncDispose]()
    stage = null
  }
  const proofs: Rehearsal[] = []
  /** Once the tool was seen to go elsewhere, it is not asked again. */
  let refused: Stopped | null = null
  try {
    for (const mine of rehearsed) {
      onProgress(`Running ${tool.name} for ${mine.item.revision.id}`)
      let proof: NativeProof
      try {
        const before = plan.slice(0, plan.indexOf(mine.item))
        const opened: NativeStage | Stopped =
          stage ?? refused ?? (await open(before, mine, provider, tool, wish, either))
        if ('reason' in opened) {
          if (opened.final === true) refused = opened
          proof = notRun(tool, opened)
        } else {
          stage = opened
          const seen = await run(opened, mine, tool, either)
          const last = mine === rehearsed.at(-1) && seen.onward
          const drift = last ? ((await opened.hand.drift?.(either)) ?? null) : null
          proof = drift === null ? seen.proof : { ...seen.proof, drift }
          if (!seen.onward) await strike()
        }
      } catch (error) {
        await strike()
        proof = notRun(tool, { reason: messageOf(error), output: '' })
      }
      const late = `it was ended after ${seconds} seconds`
      proofs.push({
        ...mine.rehearsal,
        native: limit.aborted && proof.verdict === 'not-run' ? { ...proof, reason: late } : proof,
      })
    }
  } finally {
    await strike()
  }
  return proofs
}

interface Stopped {
  readonly reason: string
  readonly output: string
  /** It would be no other for the next migration. */
  readonly final?: boolean
}

function notRun({ name, contained }: NativeTool, { reason, output }: Stopped): NativeProof {
  return { tool: name, contained, verdict: 'not-run', outcome: 'not-run', reason, lines: [], output }
}

/** A sandbox in which the tool itself has brought about what comes before. */
async function open(
  before: readonly PlanItem[],
  { item, roles }: Rehearsed,
  provider: SandboxProvider,
  tool: NativeTool,
  wish: Wish,
  signal: AbortSignal,
): Promise<NativeStage | Stopped> {
  const sandbox = await provider.open(wish, signal)
  if ('unavailable' in sandbox) return { reason: `no sandbox: ${sandbox.unavailable}`, output: '' }
  const give = async (why: Stopped): Promise<Stopped> => {
    await sandbox[Symbol.asyncDispose]()
    return why
  }
  try {
    if (sandbox.address === null) return await give({ reason: CLOSED, output: '' })
    const session = await sandbox.session()
    const hand = await tool.settle(sandbox, session, signal)
    if ('refused' in hand) return await give({ reason: hand.refused, output: hand.output, final: true })
    await standIn(session, roles, signal)
    await extend(
      session,
      before.map(({ up }) => up),
      signal,
    )
    const told = await hand.reach(
      targets(
        before.filter(({ revision }) => tool.owns(revision)),
        item,
      ),
      signal,
    )
    if (told.kind === 'done') return { sandbox, session, hand }
    return await give({ reason: `the history before it was not brought about: ${told.reason}`, output: told.output })
  } catch (error) {
    return give({ reason: messageOf(error), output: '' })
  }
}

const CLOSED = 'no other program gets into this sandbox; a local server or a service is needed'

/** The revisions that nothing else before an item follows, also those that a dump stands for. */
function targets(before: readonly PlanItem[], item: PlanItem): readonly string[] {
  const ids = before.map(({ revision }) => revision.id)
  const parents = new Set(before.flatMap(({ revision }) => revision.parents))
  const leaves = ids.filter((id) => !parents.has(id))
  const others = [...parents, ...item.revision.parents].filter((id) => !ids.includes(id))
  return [...new Set([...others, ...leaves])]
}

/** Creates the roles that no migration creates; one may be there already, on a server that others use as well. */
async function standIn(session: Session, roles: readonly string[], signal: AbortSignal): Promise<void> {
  for (const role of roles) await session.run(`CREATE ROLE "${role.replaceAll('"', '""')}"`, signal)
}

/**
 * Creates ahead of the tool the extensions that scripts create where there are none yet, and that PostgreSQL leaves to a
 * superuser: https://www.postgresql.org/docs/current/sql-createextension.html
 */
async function extend(session: Session, scripts: readonly Script[], signal: AbortSignal): Promise<void> {
  const statements = scripts.flatMap((script) => (script.kind === 'script' ? script.statements : []))
  const names = new Set(statements.flatMap(({ sql }) => extensionsCreatedBy(sql)))
  if (names.size === 0) return
  const [untrusted] = await session.read([
    'SELECT name FROM pg_available_extension_versions WHERE superuser AND NOT trusted',
  ])
  const reserved = new Set(untrusted === undefined || 'error' in untrusted ? [] : untrusted.rows.map(([name]) => name))
  for (const name of names) {
    if (!reserved.has(name.replaceAll('"', ''))) continue
    await session.run(`CREATE EXTENSION IF NOT EXISTS ${name}`, signal)
  }
}

/** The tool's own up, down and up again; `onward`: the next migration can follow where it stopped. */
async function run(
  { session, hand }: NativeStage,
  { item, rehearsal, dumps, roles }: Rehearsed,
  tool: NativeTool,
  signal: AbortSignal,
): Promise<{ readonly proof: NativeProof; readonly onward: boolean }> {
  const { revision, up, down, bookkeeping } = item
  const theirs: { -readonly [Phase in keyof Dumps]: SchemaDump } = {}
  const read = async (phase: keyof Dumps): Promise<SchemaDump> => {
    const all = [...(await session.dump(bookkeeping))]
    const dump = new Map(all.filter(([key]) => !roles.some((role) => isRole(key, role))))
    theirs[phase] = dump
    return dump
  }
  const ended = (ending: Ending, onward = false) => ({
    proof: nativeProof(tool, rehearsal.verdict, { ours: dumps, theirs }, ending),
    onward,
  })
  const go = async (direction: 'up' | 'down'): Promise<Told> => {
    await extend(session, [direction === 'up' ? up : down], signal)
    return hand[direction](revision, signal)
  }

  await standIn(session, roles, signal)
  const before = await read('before')
  const first = await go('up')
  if (first.kind !== 'done') return ended({ outcome: 'up-fails', ...first })
  const raised = await read('up')
  if (down.kind === 'absent' || down.kind === 'irreversible') return ended({ outcome: 'no-down', kind: 'done' }, true)
  const back = await go('down')
  if (back.kind !== 'done') return ended({ outcome: 'down-fails', ...back })
  const lowered = await read('down')
  const second = await go('up')
  if (second.kind !== 'done') return ended({ outcome: 'reapply-fails', ...second })
  const again = await read('again')
  if (residue(before, lowered).length > 0) return ended({ outcome: 'leaves-residue', kind: 'done' })
  if (residue(raised, again).length > 0) return ended({ outcome: 'reapply-fails', kind: 'done' })
  return ended({ outcome: 'reversible', kind: 'done' }, true)
}

function isRole(key: string, role: string): boolean {
  return key === `role ${role}` || key === `role "${role.replaceAll('"', '""')}"`
}
