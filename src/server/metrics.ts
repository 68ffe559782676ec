import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { within } from './bell.js'
import type { Queryable } from './database.js'
import { stateOf, type State } from './state.js'

/** Figures that are read when they are asked for. */
export interface Figures {
  /** Their names and what they mean, by the keys of what is read. */
  readonly help: Readonly<Record<string, readonly [name: string, help: string]>>
  read(database: Queryable): Promise<Readonly<Record<string, number>>>
}

/** What is counted where it happens. */
export interface Metrics {
  /** A webhook was answered. */
  answered(status: number, milliseconds: number): void
  /** A delivery was handed over, or not. */
  settled(event: string, state: string): void
  /** A turn at a subject ended. */
  turn(turn: string, milliseconds: number): void
  /** A review was published: from the wish to the completed check. */
  published(conclusion: string, milliseconds: number): void
  inconclusive(reason: string): void
  /** A write was refused, as another may have been given the subject. */
  fenced(): void
  /** A loop found and repaired something. */
  repaired(loop: string, count: number): void
  /** How a run of a loop ended. */
  swept(loop: string, ok: boolean, milliseconds: number): void
  /** What GitHub says is left for an installation. */
  budget(installation: number, left: number): void
  sandboxKilled(reason: string): void
  /** How an order to an analyser ended, for the broker that placed it. */
  ordered(outcome: string, milliseconds: number): void
  /** How an analyser ended with an order that it had taken. */
  analysed(outcome: string, milliseconds: number): void
  /** A request to GitHub was answered. */
  request(kind: string): void
  /** The figures in Prometheus' text form; those of the database are read now, and are left out when it does not answer in time. */
  figures(): Promise<{ readonly type: string; readonly text: string }>
}

const STATE_MILLISECONDS = 2_000
const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300]

/** What is counted, and what is read of the database: by default all that a process may know that sees all of its tables. */
export function metrics(database: Queryable, read: readonly Figures[] = [STATE]): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> =>
    new Counter({ name: `dba_${name}`, help, labelNames, registers })
  const histogram = <Label extends string>(name: string, help: string, labelNames: Label[]): Histogram<Label> =>
    new Histogram({ name: `dba_${name}`, help, labelNames, buckets: SECONDS, registers })
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> =>
    new Gauge({ name: `dba_${name}`, help, labelNames, registers })

  const answers = histogram('webhook_seconds', 'Time to answer a webhook', ['status'])
  const deliveries = counter('deliveries_total', 'Deliveries handed over', ['event', 'state'])
  const turns = histogram('turn_seconds', 'Time to serve a subject once', ['turn'])
  const reviews = histogram('review_seconds', 'Time from the wish to the completed check', ['conclusion'])
  const inconclusives = counter('inconclusive_total', 'Reviews that could not look', ['reason'])
  const fences = counter('wrong_epoch_writes_refused_total', 'Writes refused as the lease was lost', [])
  const repairs = counter('reconcile_repairs_total', 'What the loops found and repaired', ['loop'])
  const sweeps = histogram('reconcile_seconds', 'Time of a run of a loop', ['loop', 'ok'])
  const budgets = gauge('github_budget_left', 'Requests left for an installation', ['installation'])
  const kills = counter('sandbox_kills_total', 'Sandboxes ended by force', ['reason'])
  const requests = counter('github_requests_total', 'Requests to GitHub', ['kind'])
  const up = gauge('database_up', 'Whether the database answered in time', [])
  const orders = histogram('order_seconds', 'Time from an order to an analyser to its end', ['outcome'])
  const analyses = histogram('analysis_seconds', 'Time that an analyser was at an order', ['outcome'])
  const states = read.flatMap(({ help }) =>
    Object.entries(help).map(([key, [name, text]]) => [key, gauge(name, text, [])] as const),
  )
  fences.inc(0)

  return {
    answered: (status, milliseconds) => answers.observe({ status: String(status) }, milliseconds / 1000),
    settled: (event, state) => deliveries.inc({ event, state }),
    turn: (turn, milliseconds) => turns.observe({ turn }, milliseconds / 1000),
    published: (conclusion, milliseconds) => reviews.observe({ conclusion }, milliseconds / 1000),
    inconclusive: (reason) => inconclusives.inc({ reason }),
    fenced: () => fences.inc(),
    repaired: (loop, count) => repairs.inc({ loop }, count),
    swept: (loop, ok, milliseconds) => sweeps.observe({ loop, ok: String(ok) }, milliseconds / 1000),
    budget: (installation, left) => budgets.set({ installation: String(installation) }, left),
    sandboxKilled: (reason) => kills.inc({ reason }),
    ordered: (outcome, milliseconds) => orders.observe({ outcome }, milliseconds / 1000),
    analysed: (outcome, milliseconds) => analyses.observe({ outcome }, milliseconds / 1000),
    request: (kind) => requests.inc({ kind }),
    async figures() {
      const all = Promise.all(read.map((each) => each.read(database)))
      const known = await within(all, STATE_MILLISECONDS, () => null).catch(() => null)
      up.set(known === null ? 0 : 1)
      const state: Readonly<Record<string, number>> = Object.assign({}, ...(known ?? []))
      for (const [key, value] of states) {
        const figure = state[key]
        // A figure that is not known is not shown: an old one would say that all is well.
        if (figure === undefined) value.remove()
        else value.set(figure)
      }
      return { type: registry.contentType, text: await registry.metrics() }
    },
  }
}

const STATE_HELP: Readonly<Record<keyof State, readonly [name: string, help: string]>> = {
  oldestEvent: ['oldest_unprocessed_event_age_seconds', 'Age of the oldest delivery or wish that nobody has served'],
  oldestRunnable: ['oldest_runnable_subject_age_seconds', 'How long the subject that is longest due has been waiting'],
  pendingDeliveries: ['pending_deliveries', 'Deliveries that were not handed over yet'],
  waiting: ['waiting_subjects', 'Subjects that wait to be served'],
  running: ['running_subjects', 'Subjects that are being served'],
  dead: ['dead_jobs', 'Subjects and deliveries that were given up'],
  staleChecks: ['checks_in_progress_over_10m', 'Check runs that have been in progress for more than ten minutes'],
  unparseable: ['unparseable_deliveries', 'Signed deliveries that hold no JSON object'],
  pausedInstallations: ['paused_installations', 'Installations that wait for their rate limit'],
}

/** How things stand, as the tables say. */
export const STATE: Figures = {
  help: STATE_HELP,
  read: async (database) => ({ ...(await stateOf(database)) }),
}
