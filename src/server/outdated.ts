import { bell, type Bell } from './bell.js'
import { Outdated, type Hold } from './worker.js'

/** How often to look whether another wish has come, and how often GitHub may be asked what it means, in milliseconds. */
const TIMING = { look: 2_000, ask: 15_000 }

/**
 * Does what takes long. It is called off with `Outdated` when another wish has come meanwhile and `isCurrent` says that what
 * is being looked at is not what there is any more: what would be found is of no use.
 */
export async function whileCurrent<Result>(
  hold: Pick<Hold, 'signal' | 'wantedAgain'>,
  isCurrent: () => Promise<boolean>,
  work: (signal: AbortSignal) => Promise<Result>,
  timing: typeof TIMING = TIMING,
): Promise<Result> {
  const abort = new AbortController()
  const over = bell()
  const watching = watch(hold, isCurrent, over, timing).then((isOutdated) => {
    if (isOutdated) abort.abort(new Outdated('there is a newer head'))
  })
  try {
    return await work(AbortSignal.any([hold.signal, abort.signal]))
  } finally {
    over.ring()
    await watching
  }
}

async function watch(
  { wantedAgain }: Pick<Hold, 'wantedAgain'>,
  isCurrent: () => Promise<boolean>,
  over: Bell,
  { look, ask }: typeof TIMING,
): Promise<boolean> {
  let wait = look
  while (!(await over.wait(wait))) {
    if (!wantedAgain()) continue
    // Whoever cannot be asked has not said that it is outdated.
    if (!(await isCurrent().catch(() => true))) return true
    wait = ask
  }
  return false
}
