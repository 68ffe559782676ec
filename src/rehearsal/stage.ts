import type { ReadFunctionBodies } from '../model/function-body.js'
import type { Sandbox, SandboxProvider, Session, Wish } from '../sandbox/sandbox.js'
import { baselineKey, historyOf, readNote, writeNote, type BaselineNote } from './baseline.js'
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
  /** Reads functions in PL/pgSQL; null where nobody can. */
  readonly bodies: ReadFunctionBodies | null
}

/** How a stage is set. */
export interface StageWish extends Pick<Wish, 'postgres' | 'extensions'> {
  /** With what the key of the first stage's history was kept, when it was. */
  readonly hint: string | null
  readonly bodies: ReadFunctionBodies | null
}

/**
 * Opens a sandbox and brings it to where the database is after some migrations: from the kept state of the history that
 * they begin with, where there is one, else by replay, after which the state is kept. A string says why that did not work.
 */
export async function setStage(
  before: readonly PlanItem[],
  provider: SandboxProvider,
  wish: StageWish,
  signal: AbortSignal,
  onProgress: (text: string) => void,
): Promise<Stage | string> {
  const history = historyOf(before)
  const key = baselineKey(history)
  const sandbox = await openWith(key, provider, wish, signal)
  if ('unavailable' in sandbox) return `no sandbox: ${sandbox.unavailable}`
  const session = await sandbox.session()
  const known = sandbox.baseline === null ? NOTHING_KNOWN : readNote(sandbox.baseline.note)
  const skipped = [...known.skipped]
  const stage: Stage = {
    sandbox,
    session,
    skipped,
    helpers: standIns(session, skipped, known.roles),
    bodies: wish.bodies,
  }
  for (const [index, item] of before.entries()) {
    if (sandbox.baseline !== null && index < history.length) continue
    onProgress(`Replaying ${item.revision.id}`)
    const reason = await advance(stage, item, signal)
    const kept = reason === null && index === history.length - 1 ? await keep(stage, key, wish.hint) : null
    if (reason === null && kept === null) continue
    await sandbox[Symbol.asyncDispose]()
    return reason ?? `the state of the history could not be kept: ${kept}`
  }
  return stage
}

const NOTHING_KNOWN: BaselineNote = { skipped: [], roles: [] }

/** A sandbox with the state of this key, or an empty one: a hint may lead to the state of another history. */
async function openWith(
  key: string | null,
  provider: SandboxProvider,
  { hint, postgres, extensions }: StageWish,
  signal: AbortSignal,
): Promise<Sandbox | { readonly unavailable: string }> {
  const wish: Wish = { postgres, ...(extensions && { extensions }) }
  const opened = await provider.open({ ...wish, baseline: { key, hint } }, signal)
  if ('unavailable' in opened || opened.baseline === null || opened.baseline.key === key) return opened
  await opened[Symbol.asyncDispose]()
  return provider.open({ ...wish, baseline: { key, hint: null } }, signal)
}

/**
 * Keeps the state that a replay led to; says why the sandbox is of no further use when it is lost. An extension that is
 * missing today may be installed tomorrow.
 */
async function keep(
  { sandbox, session, helpers, skipped }: Stage,
  key: string | null,
  hint: string | null,
): Promise<string | null> {
  if (key === null || skipped.some(({ sql }) => /extension/i.test(sql))) return null
  try {
    await session.reset()
    await sandbox.keep({ key, note: writeNote({ skipped, roles: helpers.roles() }) }, hint)
    return null
  } catch (error) {
    return messageOf(error)
  }
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
