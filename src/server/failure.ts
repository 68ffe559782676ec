import { failedWith } from '../github/errors.js'
import { isVanished } from '../github/checks.js'
import { Paused } from './installations.js'
import type { Failure } from './worker.js'
import { NothingToDo } from './workshop.js'

/** GitHub suspended the installation, or the App may no longer see it: there is no hurry to ask again. */
const SUSPENDED_MILLISECONDS = 600_000

/** What an error of bringing a subject up to date means. `now` is the clock in milliseconds by which `retryAt` was told. */
export function judged(error: unknown, now: number): Failure {
  if (error instanceof NothingToDo || isVanished(error) || failedWith(error, 'gone')) return { kind: 'drop' }
  if (error instanceof Paused) return { kind: 'wait', milliseconds: error.milliseconds, who: 'subject' }
  if (failedWith(error, 'rate-limited')) {
    const milliseconds = Math.max((error.retryAt?.getTime() ?? now + 60_000) - now, 1_000)
    return { kind: 'wait', milliseconds, who: 'installation' }
  }
  if (failedWith(error, 'suspended')) return { kind: 'wait', milliseconds: SUSPENDED_MILLISECONDS, who: 'installation' }
  return { kind: 'retry' }
}
