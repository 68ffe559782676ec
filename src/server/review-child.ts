import { openAnalyst } from '../review/analyst.js'
import type { Parts } from '../review/conclude.js'
import { partsOf } from '../review/review.js'
import { providerOf, type Surroundings } from '../sandbox/choose.js'
import type { ChildMessage, ChildOrder } from './reviewer.js'

/*
 * The body of the process in which the text of pull requests is parsed and rehearsed, one after the other. It is started without
 * the environment of its parent, so that there is no secret in it to be found, and it ends with the channel to its parent.
 */

const analyst = openAnalyst()
analyst.warm()
/** The review that is being made. */
let current: AbortController | null = null

const tell = (message: ChildMessage): void => {
  if (process.connected) process.send?.(message)
}
/** Says how it ended, and then ends: a channel that is closed at once loses what it has not taken yet. */
const tellLast = (message: ChildMessage): void => {
  if (process.connected) process.send?.(message, leave)
}
const leave = (): void => {
  if (process.connected) process.disconnect()
}
/** A review at hand cleans up first, and says then that it failed. */
const end = (): void => {
  if (current === null) leave()
  else current.abort(new Error('the review was called off'))
}

process.on('disconnect', end)
process.on('SIGTERM', end)
process.on('message', (order: ChildOrder) => {
  const stop = new AbortController()
  current = stop
  made(order, stop.signal)
    .then((parts) => {
      current = null
      // What was called off too late to stop it is of no use to anybody.
      if (stop.signal.aborted) return leave()
      tell({
        kind: 'done',
        number: order.number,
        parts: JSON.stringify(parts),
        unharmed: analyst.unharmed() && cameToItsEnd(order, parts),
        megabytes: process.memoryUsage.rss() / 2 ** 20,
      })
    })
    .catch((error: unknown) =>
      tellLast({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) }),
    )
})

function made({ input, surroundings }: ChildOrder, signal: AbortSignal): Promise<Parts> {
  const progress = (text: string): void => tell({ kind: 'progress', text })
  const places: Surroundings = { ...surroundings, onProgress: progress }
  const sandbox = providerOf(input.settings.rehearsal.sandbox, places)
  return partsOf(input, { analyse: (asked, stop) => analyst.analyse(asked, stop), sandbox, signal, progress })
}

/** Whether everything was rehearsed that was to be. */
function cameToItsEnd({ input }: ChildOrder, { rehearsals }: Parts): boolean {
  return input.settings.rehearsal.sandbox === 'none' || rehearsals.every(({ verdict }) => verdict !== 'not-run')
}
