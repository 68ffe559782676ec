/** What a process does. */
export interface Duties {
  /** Takes webhooks, for which it holds their secret. */
  readonly intake: boolean
  /** Speaks with GitHub, for which it holds the App's key. */
  readonly broker: boolean
  /** Parses and rehearses what pull requests hold, for which it holds nothing. Who does it for itself does it for nobody else. */
  readonly analyser: boolean
}

export const DUTIES = {
  all: { intake: true, broker: true, analyser: true },
  intake: { intake: true, broker: false, analyser: false },
  worker: { intake: false, broker: true, analyser: true },
  broker: { intake: false, broker: true, analyser: false },
  analyser: { intake: false, broker: false, analyser: true },
} as const satisfies Readonly<Record<string, Duties>>
export type Role = keyof typeof DUTIES
export const ROLES = Object.keys(DUTIES) as readonly Role[]

/** Who fills orders has to do with text that anybody may write: what must not be found there, by its name in the environment. */
export const NOT_FOR_ANALYSERS = ['PRIVATE_KEY', 'PRIVATE_KEY_PATH', 'WEBHOOK_SECRET', 'GITHUB_TOKEN'] as const
