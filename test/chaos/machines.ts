import { setTimeout } from 'node:timers/promises'
import type { AppProcess, Stage } from '../support/app-under-test.js'
import type { WebhookManners } from '../support/github/index.js'
import type { Dice } from './dice.js'

/** Two processes of the App on one database, with what may befall them. */
export interface Machines {
  /** Something happens to one of them, or to the database; says what. It may take a while. */
  strike(dice: Dice): Promise<string>
  /** Whoever receives the next webhooks: as a balancer has it that does not look. */
  balance(dice: Dice): void
  /** Starts what is down. */
  heal(): Promise<void>
  /** Ends one as a new version would, and starts it again: it looks for what was missed. */
  renew(): Promise<void>
  readonly exits: readonly Exit[]
  lines(): readonly string[]
}

/** How a process that was asked to end did so. */
export interface Exit {
  readonly code: number | null
  readonly milliseconds: number
}

export async function machines(
  stage: Stage,
  options: {
    readonly environment: Readonly<Record<string, string>>
    readonly manners: () => WebhookManners
    /** How long a process is stopped at most, in milliseconds: longer than a lease makes a zombie of it. */
    readonly longestStop: number
  },
): Promise<Machines> {
  const { environment, manners, longestStop } = options
  const start = async (): Promise<AppProcess> => {
    const app = await stage.start(environment)
    all.push(app)
    stage.github.webhooks.behave(manners())
    return app
  }
  const all: AppProcess[] = []
  const exits: Exit[] = []
  const running: [AppProcess, AppProcess] = [await start(), await start()]
  const paused = new Set<AppProcess>()
  let isDown = false

  const replace = async (which: 0 | 1): Promise<void> => {
    running[which] = await start()
  }
  const terminate = async (which: 0 | 1): Promise<Exit> => {
    const begun = performance.now()
    const exit = { code: await running[which].end('SIGTERM'), milliseconds: performance.now() - begun }
    exits.push(exit)
    return exit
  }
  const up = async (): Promise<void> => {
    if (isDown) await stage.postgres.start()
    isDown = false
  }
  const disasters: Readonly<Record<string, (which: 0 | 1, dice: Dice) => Promise<string>>> = {
    async kill(which) {
      await running[which].end('SIGKILL')
      await replace(which)
      return `process ${which} was killed, and started again`
    },
    async terminate(which) {
      const { code, milliseconds } = await terminate(which)
      await replace(which)
      return `process ${which} was asked to end: ${code} after ${Math.round(milliseconds)} ms; started again`
    },
    async freeze(which, dice) {
      const app = running[which]
      app.child.kill('SIGSTOP')
      paused.add(app)
      const milliseconds = dice.whole(1_000, longestStop)
      await setTimeout(milliseconds)
      app.child.kill('SIGCONT')
      paused.delete(app)
      return `process ${which} was stopped for ${milliseconds} ms`
    },
    async crash(_, dice) {
      isDown = true
      await stage.postgres.crash()
      const milliseconds = dice.whole(300, 3_000)
      await setTimeout(milliseconds)
      await up()
      return `the database was down for ${milliseconds} ms`
    },
  }
  return {
    exits,
    lines: () => all.flatMap(({ lines }) => lines),
    async strike(dice) {
      const which = dice.chance(0.5) ? 0 : 1
      const name = dice.one(Object.keys(disasters)) ?? 'kill'
      return (await disasters[name]?.(which, dice)) ?? 'nothing'
    },
    balance(dice) {
      stage.github.webhooks.url = `${running[dice.chance(0.5) ? 0 : 1].url}/api/github/webhooks`
    },
    async heal() {
      for (const app of paused) app.child.kill('SIGCONT')
      await up()
    },
    async renew() {
      await terminate(0)
      await replace(0)
    },
  }
}
