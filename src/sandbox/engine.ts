import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Question, Report } from './messages.js'
import type { Address, Answer, Baseline, Outcome, Sandbox, SchemaDump, Session } from './sandbox.js'

/** The process that holds a sandbox, and how it is ended. */
export interface Program {
  readonly module: URL
  /** What its command line says besides. */
  readonly argument?: string
  /** Sent as soon as it runs. */
  readonly boot: object
  /** The time that it has to clean up after itself; none when nothing outlives it. */
  readonly graceMilliseconds?: number
  /** Cleans up once it is gone, in whatever way it went. */
  readonly after?: () => Promise<void>
}

const HEAP_MEGABYTES = 256

/** Starts a sandbox in a process of its own. The signal ends it, also while it starts. */
export async function openSandbox(
  provider: Sandbox['provider'],
  secondSession: boolean,
  program: Program,
  onProgress: (text: string) => void,
  signal: AbortSignal,
): Promise<Sandbox | { readonly unavailable: string }> {
  if (signal.aborted) return { unavailable: 'there was no time left to start a sandbox' }
  const engine = startEngine(program, onProgress, signal)
  const started = await engine.started
  if ('lost' in started) {
    await engine.end(started.lost)
    return { unavailable: started.lost }
  }
  let session: Session | null = null
  return {
    provider,
    can: { version: started.version, secondSession },
    baseline: started.baseline,
    address: started.address,
    session: async () => {
      if (engine.lost() !== null) throw new Error(`the sandbox cannot be used any more: ${engine.lost()}`)
      if (session !== null) throw new Error('this sandbox has one session at a time')
      session = openSession(engine, () => (session = null))
      return session
    },
    keep: async (baseline, hint) => {
      const answer = await engine.ask({ kind: 'keep', baseline, hint })
      if (answer.kind === 'lost') throw new Error(answer.reason)
    },
    [Symbol.asyncDispose]: () => engine.end('it was disposed of'),
  }
}

function openSession(engine: Engine, onClose: () => void): Session {
  let closed = false
  const ask = async <Kind extends Said['kind']>(question: Unnumbered, kind: Kind): Promise<SaidOrLost<Kind>> => {
    if (closed) throw new Error('the session is closed')
    const answer = await engine.ask(question)
    if (answer.kind === kind || answer.kind === 'lost') return answer as SaidOrLost<Kind>
    throw new Error(`the sandbox answered ${answer.kind} where ${kind} was due`)
  }
  const reset = async (): Promise<void> => {
    const answer = await ask({ kind: 'reset' }, 'was-reset')
    if (answer.kind === 'lost') throw new Error(answer.reason)
  }
  const untilAborted = async <Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> => {
    const stop = (): void => void engine.end(ABORTED)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    try {
      return await work()
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
  /** After an answer that cannot be believed, none after it can. */
  const believed = async (outcome: Outcome | undefined): Promise<void> => {
    if (outcome?.kind === 'lost') await engine.end(outcome.reason)
  }
  return {
    run: (sql, signal, locks = 'ignored') =>
      untilAborted(signal, async (): Promise<Outcome> => {
        const answer = await ask({ kind: 'run', sql, locks }, 'ran')
        if (answer.kind === 'lost') return answer
        await believed(answer.outcome)
        return answer.outcome
      }),
    runAll: (statements, signal) =>
      untilAborted(signal, async (): Promise<readonly Outcome[]> => {
        const answer = await ask({ kind: 'run-all', statements }, 'ran-all')
        if (answer.kind === 'lost') return [answer]
        await believed(answer.outcomes.at(-1))
        return answer.outcomes
      }),
    async dump(bookkeeping): Promise<SchemaDump> {
      const answer = await ask({ kind: 'dump', bookkeeping }, 'dumped')
      if (answer.kind === 'lost') throw new Error(answer.reason)
      return new Map(answer.entries)
    },
    async read(queries): Promise<readonly Answer[]> {
      const answer = await ask({ kind: 'read', queries }, 'was-read')
      if (answer.kind === 'lost') throw new Error(answer.reason)
      return answer.answers
    },
    reset,
    async [Symbol.asyncDispose]() {
      if (closed) return
      try {
        if (engine.lost() === null) await reset()
      } finally {
        closed = true
        onClose()
      }
    },
  }
}

type Said = Extract<Report, { id: number }>
type SaidOrLost<Kind extends Said['kind']> = Extract<Said, { kind: Kind }> | Lost
type Lost = { readonly kind: 'lost'; readonly reason: string }
type WithoutId<Each> = Each extends Question ? Omit<Each, 'id'> : never
type Unnumbered = WithoutId<Question>

/** What a child says of itself once it is ready. */
interface Start {
  readonly version: string
  readonly baseline: Baseline | null
  readonly address: Address | null
}

/** The child as its parent sees it: gone for good once it is lost. */
interface Engine {
  readonly started: Promise<Start | { readonly lost: string }>
  /** Why the child cannot be asked any more; null while it can. */
  lost(): string | null
  ask(question: Unnumbered): Promise<Said | Lost>
  /** Ends the process whatever it is doing; resolves when it is gone and nothing of it is left. */
  end(reason: string): Promise<void>
}

function startEngine(program: Program, onProgress: (text: string) => void, signal: AbortSignal): Engine {
  const child = fork(fileURLToPath(program.module), program.argument === undefined ? [] : [program.argument], {
    env: {},
    execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  })
  const waiting = new Map<number, (answer: Said | Lost) => void>()
  let reason: string | null = null
  let count = 0
  let settleStart: (result: Start | { readonly lost: string }) => void = () => undefined
  const started: Engine['started'] = new Promise((resolve) => (settleStart = resolve))
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  }).then(program.after)

  const lose = (why: string): void => {
    if (reason !== null) return
    reason = why
    signal.removeEventListener('abort', abort)
    stop(child, program.graceMilliseconds ?? 0)
    settleStart({ lost: why })
    for (const settle of waiting.values()) settle({ kind: 'lost', reason: why })
    waiting.clear()
  }
  const abort = (): void => lose(ABORTED)
  signal.addEventListener('abort', abort, { once: true })

  child.on('message', (report: Report) => {
    if (report.kind === 'progress') onProgress(report.text)
    else if (report.kind === 'ready') settleStart(report)
    else if (report.kind === 'broken') lose(report.reason)
    else {
      waiting.get(report.id)?.(report)
      waiting.delete(report.id)
    }
  })
  child.on('error', (error) => lose(`the sandbox process did not start: ${error.message}`))
  child.on('exit', (code, by) => lose(`the sandbox process ended with ${by ?? `exit code ${code}`}`))
  send(child, program.boot, lose)

  return {
    started,
    lost: () => reason,
    ask: (question) =>
      new Promise((resolve) => {
        if (reason !== null) return resolve({ kind: 'lost', reason })
        const id = ++count
        waiting.set(id, resolve)
        send(child, { ...question, id }, lose)
      }),
    end: (why) => {
      lose(why)
      return gone
    },
  }
}

function send(child: ChildProcess, what: object, lose: (why: string) => void): void {
  child.send(what, (error) => {
    if (error !== null) lose(`the sandbox process could not be reached: ${error.message}`)
  })
}

function stop(child: ChildProcess, graceMilliseconds: number): void {
  if (graceMilliseconds === 0) {
    child.kill('SIGKILL')
    return
  }
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMilliseconds)
  child.once('exit', () => clearTimeout(timer))
}

const ABORTED = 'it was ended before it had answered'
