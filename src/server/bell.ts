/** Something to wait at that can be rung: a ring while nobody waits is heard by the next who does. */
export interface Bell {
  ring(): void
  /** Returns when it is rung, or after so many milliseconds; whether it was rung. One waits at a time. */
  wait(milliseconds: number): Promise<boolean>
}

export function bell(): Bell {
  let rung = false
  let answer: (() => void) | null = null
  return {
    ring() {
      rung = true
      answer?.()
    },
    async wait(milliseconds) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds)
          answer = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      const heard = rung
      answer = null
      rung = false
      return heard
    },
  }
}

/** What the work gives, or what `late` gives when it takes longer; the work goes on then, and its error is nobody's. */
export async function within<Result, Late>(
  work: Promise<Result>,
  milliseconds: number,
  late: () => Late,
): Promise<Result | Late> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)))
  work.catch(() => undefined)
  try {
    const first = await Promise.race([work.then((result) => ({ result })), limit])
    return first === undefined ? late() : first.result
  } finally {
    clearTimeout(timer)
  }
}
