import type { Sandbox, SandboxProvider, Session, Wish } from '../sandbox/sandbox.js'
import type { PlanItem } from './plan.js'
import { replay, type Skipped } from './replay.js'
import { standIns, type StandIns } from './stand-ins.js'

/** Every word of the statements that speak of extensions: their names are among them, however they are spelled out. */
export function extensionsIn(plan: readonly PlanItem[]): readonly string[] {
  const words = new Set<string>()
  for (const script of plan.flatMap(({ up, down }) => [up, down])) {
    if (script.kind !== 'script') continue
    for (const { sql } of script.statements) {
      if (/extension/i.test(sql)) for (const [word] of sql.matchAll(/[\w-]+/g)) words.add(word.toLowerCase())
    }
  }
  return [...words]
}

/** A sandbox with the history so far. */
export interface Stage {
  readonly sandbox: Sandbox
  readonly session: Session
  readonly helpers: StandIns
  readonly skipped: Skipped[]
}

/** Opens a sandbox and replays what comes before; a string says why that did not work. */
export async function setStage(
  before: readonly PlanItem[],
  provider: SandboxProvider,
  wish: Wish,
  signal: AbortSignal,
): Promise<Stage | string> {
  const sandbox = await provider.open(wish, signal)
  if ('unavailable' in sandbox) return `no sandbox: ${sandbox.unavailable}`
  const session = await sandbox.session()
  const skipped: Skipped[] = []
  const stage: Stage = { sandbox, session, skipped, helpers: standIns(session, skipped) }
  for (const item of before) {
    const reason = await advance(stage, item, signal)
    if (reason !== null) {
      await sandbox[Symbol.asyncDispose]()
      return reason
    }
  }
  return stage
}

/** Replays one migration on a stage; a string says why the stage is of no further use. */
export async function advance(
  { session, helpers, skipped }: Stage,
  item: PlanItem,
  signal: AbortSignal,
): Promise<string | null> {
  const replayed = await replay(session, item, helpers, signal).catch((error: unknown) => ({
    skipped: [],
    lost: messageOf(error),
  }))
  skipped.push(...replayed.skipped)
  return replayed.lost === null ? null : `the replay of ${item.revision.id} ended early: ${replayed.lost}`
}

/** What an exception says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
