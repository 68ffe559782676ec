import { describe, expect, test } from '@jest/globals'
import { whileCurrent } from '../../src/server/outdated.js'
import { Outdated } from '../../src/server/worker.js'

const FAST = { look: 10, ask: 30 }
/** Work that takes so long, unless it is called off. */
const lasting =
  (milliseconds: number) =>
  (signal: AbortSignal): Promise<string> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve('done'), milliseconds)
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        reject(signal.reason as Error)
      })
    })

describe('what takes long', () => {
  const hold = (again: boolean, signal = new AbortController().signal) => ({ signal, wantedAgain: () => again })

  test.each<[string, boolean, () => Promise<boolean>, number, 'done' | 'outdated', number]>([
    ['goes on while nothing else is wished', false, async () => false, 100, 'done', 0],
    ['goes on when a wish changes nothing', true, async () => true, 200, 'done', 2],
    ['goes on when nobody can say', true, () => Promise.reject(new Error('502')), 200, 'done', 2],
    ['is called off when there is something newer', true, async () => false, 5_000, 'outdated', 1],
  ])('%s', async (_, again, isCurrent, milliseconds, comes, leastAsked) => {
    let asked = 0
    const ask = (): Promise<boolean> => {
      asked++
      return isCurrent()
    }
    const result = await whileCurrent(hold(again), ask, lasting(milliseconds), FAST).catch((error: unknown) => error)
    if (comes === 'done') expect(result).toBe('done')
    else expect(result).toBeInstanceOf(Outdated)
    expect(asked).toBeGreaterThanOrEqual(leastAsked)
    // Not at each look.
    expect(asked).toBeLessThanOrEqual(1 + milliseconds / FAST.ask)
  })

  test('is called off with the lease, whose reason is kept', async () => {
    const lost = new AbortController()
    const work = whileCurrent(hold(false, lost.signal), async () => true, lasting(5_000), FAST)
    lost.abort(new Error('the lease was lost'))
    await expect(work).rejects.toThrow('the lease was lost')
  })

  test('fails as its work fails', async () => {
    const work = whileCurrent(
      hold(true),
      async () => true,
      () => Promise.reject(new Error('no')),
      FAST,
    )
    await expect(work).rejects.toThrow('no')
  })
})
