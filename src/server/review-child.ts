import { analyseApart } from '../review/analyst.js'
import { partsOf } from '../review/review.js'
import { providerOf, type Surroundings } from '../sandbox/choose.js'
import type { ChildMessage, Order } from './review-apart.js'

/*
 * The body of the process in which a pull request's text is parsed and rehearsed. It is started without the environment of
 * its parent, so that there is no secret in it to be found, and it ends with the channel to its parent.
 */

const tell = (message: ChildMessage): void => {
  if (process.connected) process.send?.(message)
}
/** Says how it ended, and then ends: a channel that is closed at once loses what it has not taken yet. */
const tellLast = (message: ChildMessage): void => {
  if (process.connected) process.send?.(message, () => process.connected && process.disconnect())
}

process.once('message', (order: Order) => {
  const stop = new AbortController()
  const end = (): void => stop.abort(new Error('the review was called off'))
  process.once('disconnect', end)
  process.once('SIGTERM', end)
  const progress = (text: string): void => tell({ kind: 'progress', text })
  const surroundings: Surroundings = { ...order.surroundings, onProgress: progress }
  const sandbox = providerOf(order.input.settings.rehearsal.sandbox, surroundings)
  partsOf(order.input, { analyse: analyseApart, sandbox, signal: stop.signal, progress })
    .then((parts) => tellLast({ kind: 'done', parts: JSON.stringify(parts) }))
    .catch((error: unknown) =>
      tellLast({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) }),
    )
})
