import { fork, type ChildProcess } from 'node:child_process'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnable } from '../source/runnable.js'
import type { Boot, Question, Report } from './pglite-messages.js'
import type { Outcome, Sandbox, SandboxProvider, SchemaDump, Session, Wish } from './sandbox.js'

/** How PGlite sandboxes are kept on this machine. */
export interface PgliteOptions {
  /** Where the template is cached; a folder of the user's under the system's temporary one by default. */
  readonly cache?: string
  /** The most memory that the child process may take. */
  readonly megabytes?: number
  readonly onProgress?: (text: string) => void
}

/** PostgreSQL inside a child process of its own: no installation, no network, no files, one session. */
export function pglite(options: PgliteOptions = {}): SandboxProvider {
  return { id: 'pglite', open: (wish, signal) => open(options, wish, signal) }
}

const MEGABYTES = 1500
const HEAP_MEGABYTES = 256

async function open(
  options: PgliteOptions,
  wish: Wish,
  signal: AbortSignal,
): Promise<Sandbox | { readonly unavailable: string }> {
  if (signal.aborted) return { unavailable: 'there was no time left to start a sandbox' }
  const engine = startEngine(options, wish, signal)
  const started = await engine.started
  if ('lost' in started) {
    await engine.end(started.lost)
    return { unavailable: started.lost }
  }
  let session: Session | null = null
  return {
    provider: 'pglite',
    can: { version: started.version, secondSession: false },
    session: async () => {
      if (engine.lost() !== null) throw new Error(`the sandbox cannot be used any more: ${engine.lost()}`)
      if (session !== null) throw new Error('this sandbox has one session at a time')
      session = openSession(engine, () => (session = null))
      return session
    },
    [Symbol.asyncDispose]: () => engine.end('it was disposed of'),
  }
}

function openSession(engine: Engine, onClose: () => void): Session {
  let closed = false
  const ask = async <Kind extends Answer['kind']>(question: Unnumbered, kind: Kind): Promise<AnswerOrLost<Kind>> => {
    if (closed) throw new Error('the session is closed')
    const answer = await engine.ask(question)
    if (answer.kind === kind || answer.kind === 'lost') return answer as AnswerOrLost<Kind>
    throw new Error(`the sandbox answered ${answer.kind} where ${kind} was due`)
  }
  const reset = async (): Promise<void> => {
    const answer = await ask({ kind: 'reset' }, 'was-reset')
    if (answer.kind === 'lost') throw new Error(answer.reason)
  }
  return {
    async run(sql, signal): Promise<Outcome> {
      const stop = (): void => void engine.end(ABORTED)
      if (signal.aborted) stop()
      signal.addEventListener('abort', stop, { once: true })
      try {
        const answer = await ask({ kind: 'run', sql }, 'ran')
        if (answer.kind === 'lost') return answer
        // After an answer that cannot be believed, none after it can.
        if (answer.outcome.kind === 'lost') await engine.end(answer.outcome.reason)
        return answer.outcome
      } finally {
        signal.removeEventListener('abort', stop)
      }
    },
    async dump(bookkeeping): Promise<SchemaDump> {
      const answer = await ask({ kind: 'dump', bookkeeping }, 'dumped')
      if (answer.kind === 'lost') throw new Error(answer.reason)
      return new Map(answer.entries)
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

type Answer = Extract<Report, { id: number }>
type AnswerOrLost<Kind extends Answer['kind']> = Extract<Answer, { kind: Kind }> | Lost
type Lost = { readonly kind: 'lost'; readonly reason: string }
type WithoutId<Each> = Each extends Question ? Omit<Each, 'id'> : never
type Unnumbered = WithoutId<Question>

/** The child as its parent sees it: gone for good once it is lost. */
interface Engine {
  readonly started: Promise<{ readonly version: string } | { readonly lost: string }>
  /** Why the child cannot be asked any more; null while it can. */
  lost(): string | null
  ask(question: Unnumbered): Promise<Answer | Lost>
  /** Ends the process whatever it is doing; resolves when it is gone. */
  end(reason: string): Promise<void>
}

function startEngine(options: PgliteOptions, wish: Wish, signal: AbortSignal): Engine {
  const child = fork(fileURLToPath(runnable(import.meta.url, './pglite-child.js')), [], {
    env: {},
    execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  })
  const waiting = new Map<number, (answer: Answer | Lost) => void>()
  let reason: string | null = null
  let count = 0
  let settleStart: (result: { readonly version: string } | { readonly lost: string }) => void = () => undefined
  const started: Engine['started'] = new Promise((resolve) => (settleStart = resolve))
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })

  const lose = (why: string): void => {
    if (reason !== null) return
    reason = why
    signal.removeEventListener('abort', abort)
    child.kill('SIGKILL')
    settleStart({ lost: why })
    for (const settle of waiting.values()) settle({ kind: 'lost', reason: why })
    waiting.clear()
  }
  const abort = (): void => lose(ABORTED)
  signal.addEventListener('abort', abort, { once: true })

  child.on('message', (report: Report) => {
    if (report.kind === 'progress') options.onProgress?.(report.text)
    else if (report.kind === 'ready') settleStart({ version: report.version })
    else if (report.kind === 'broken') lose(report.reason)
    else {
      waiting.get(report.id)?.(report)
      waiting.delete(report.id)
    }
  })
  child.on('error', (error) => lose(`the sandbox process did not start: ${error.message}`))
  child.on('exit', (code, by) => lose(`the sandbox process ended with ${by ?? `exit code ${code}`}`))
  const boot: Boot = {
    kind: 'boot',
    cache: options.cache ?? defaultCache(),
    extensions: wish.extensions ?? null,
    megabytes: options.megabytes ?? MEGABYTES,
  }
  send(child, boot, lose)

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

function send(child: ChildProcess, what: Boot | Question, lose: (why: string) => void): void {
  child.send(what, (error) => {
    if (error !== null) lose(`the sandbox process could not be reached: ${error.message}`)
  })
}

const ABORTED = 'it was ended before it had answered'

function defaultCache(): string {
  return join(tmpdir(), `dba-bot-${userInfo().username.replace(/\W/g, '_')}`)
}
