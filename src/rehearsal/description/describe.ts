import type { SeenTable } from '../../model/description.js'
import type { SandboxProvider, Wish } from '../../sandbox/sandbox.js'
import type { PlanItem } from '../plan.js'
import type { Skipped } from '../replay.js'
import { advance, extensionsIn, messageOf, type Stage } from '../stage.js'
import { standIns } from '../stand-ins.js'
import { chronicle } from './chronicle.js'
import { namedBy } from './named.js'
import { describeTable, relationsOf } from './table.js'

/** How a history is looked at. */
export interface DescribeOptions {
  /** Target major version. */
  readonly postgres: number
  readonly signal: AbortSignal
  /** Wall clock for the whole of it. */
  readonly seconds: number
  readonly onProgress: (text: string) => void
}

/**
 * Replays a history on an empty sandbox and reads one table there, with which revision wrote what of it. A kept state would say
 * nothing of that, so none is used. A string says why nothing could be seen; a picture with holes says so in `skipped`.
 */
export async function describe(
  wanted: string,
  plan: readonly PlanItem[],
  provider: SandboxProvider,
  { postgres, signal: outer, seconds, onProgress }: DescribeOptions,
): Promise<SeenTable | string> {
  const limit = AbortSignal.timeout(seconds * 1000)
  const signal = AbortSignal.any([outer, limit])
  const wish: Wish = { postgres, extensions: extensionsIn(plan) }
  const sandbox = await provider.open(wish, signal)
  if ('unavailable' in sandbox) return `no sandbox: ${sandbox.unavailable}`
  try {
    const session = await sandbox.session()
    const skipped: Skipped[] = []
    const stage: Stage = { sandbox, session, skipped, helpers: standIns(session, skipped), bodies: null }
    const written = await chronicle(session)
    for (const item of plan) {
      onProgress(`Replaying ${item.revision.id}`)
      const reason = await advance(stage, item, signal)
      if (reason !== null) return limit.aborted ? `the replay was ended after ${seconds} seconds` : reason
      await written.note(item.revision.id)
    }
    await session.reset()
    const relations = await relationsOf(session)
    const { one, several } = namedBy(wanted, relations)
    return {
      table: one === null ? null : await describeTable(session, one, written),
      names: relations.map(({ name }) => name),
      meant: several.map(({ name }) => name),
      sandbox: sandbox.provider,
      postgres: sandbox.can.version,
      revisions: plan.filter(({ provided }) => provided !== true).length,
      skipped,
    }
  } catch (error) {
    return limit.aborted ? `the replay was ended after ${seconds} seconds` : messageOf(error)
  } finally {
    await sandbox[Symbol.asyncDispose]()
  }
}
