import type { RehearsalStep, SqlFailure } from '../model/evidence.js'
import type { Script, Statement } from '../model/migration.js'
import type { Note } from '../model/note.js'
import type { Outcome, Session } from '../sandbox/sandbox.js'
import { contains } from '../source/span.js'
import { placeOf } from './place.js'
import type { StandIns } from './stand-ins.js'

/** A script that could be read. */
export type Readable = Extract<Script, { kind: 'script' }>

/** A script as it is sent when it runs another time on the same database, after `runs` others. */
export function anew(script: Readable, runs: number): Readable {
  if (script.statements.every(({ again }) => again === undefined)) return script
  const statements = script.statements.map((each) => ({ ...each, sql: each.again?.[runs - 1] ?? each.sql }))
  return { ...script, statements }
}

/** The gaps that leave something out; what lies within a statement that is sent as it is written runs all the same. */
export function unsentGaps({ statements, gaps }: Readable): readonly Note[] {
  const written = statements.filter(({ origin }) => origin === 'written')
  const unread = gaps.filter(({ bearing }) => bearing === 'withholds')
  return unread.filter(({ at }) => at === null || !written.some(({ span }) => contains(span, at)))
}

/** How a script ended. After `failed`, `intact` says that everything it did was rolled back. */
export type Ending =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string; readonly intact: boolean; readonly failure: SqlFailure | null }
  /** The sandbox is of no further use. */
  | { readonly kind: 'lost'; readonly reason: string }

/**
 * Runs a script as its tool would, on what a new connection finds, and records every statement. Where it is only replayed,
 * whether the sandbox is sound is asked after a failure alone: a rehearsal asks before and after each of its own.
 */
export async function runScript(
  session: Session,
  script: Readable,
  phase: RehearsalStep['phase'],
  helpers: StandIns,
  signal: AbortSignal,
  role: 'rehearse' | 'replay' = 'rehearse',
): Promise<{ readonly steps: readonly RehearsalStep[]; readonly ending: Ending }> {
  const steps: RehearsalStep[] = []
  await session.reset()
  const run: Run =
    role === 'rehearse' ? (sql) => session.run(sql, signal, 'observed') : ahead(session, expected(script), signal)
  const sound = role === 'replay' ? null : await probe(session, signal)
  if (sound !== null) return { steps, ending: { kind: 'lost', reason: sound } }
  let ending: Ending | 'again'
  do {
    steps.length = 0
    await begin(session, script, signal)
    ending = await execute(run, script, phase, helpers, signal, steps)
  } while (ending === 'again')
  if (ending.kind === 'lost' || (ending.kind === 'done' && role === 'replay')) return { steps, ending }
  await session.reset()
  const unsound = await probe(session, signal)
  return { steps, ending: unsound === null ? ending : { kind: 'lost', reason: unsound } }
}

/** Brings a session to where the tool's own connection begins. */
export async function begin(session: Session, { searchPath }: Readable, signal: AbortSignal): Promise<void> {
  // What is wrong with the session is seen by the first statement as well.
  if (searchPath !== undefined) await session.run(`SET search_path = ${searchPath}`, signal)
}

const NOTHING_OBSERVED = { locks: [], rewrites: [], scans: [], created: [], partitions: [] } as const

type Run = (sql: string) => Promise<Outcome>

/** What is sent of a script when nothing fails, but for the end of the tool's transaction, which the script may have ended. */
function expected({ statements, transaction }: Readable): readonly string[] {
  return [...(transaction === 'one' ? ['BEGIN'] : []), ...statements.map(({ sql }) => sql)]
}

/** Sends what is expected with one question, up to the first failure, and answers from that as long as it is asked for just this. */
function ahead(session: Session, statements: readonly string[], signal: AbortSignal): Run {
  let answers: (readonly [sql: string, outcome: Outcome])[] | null = null
  return async (sql) => {
    answers ??= (await session.runAll(statements, signal)).map(
      (outcome, at) => [statements[at] ?? '', outcome] as const,
    )
    const [next] = answers.splice(0, 1)
    if (next === undefined) return session.run(sql, signal)
    if (next[0] !== sql) throw new Error('a statement was sent ahead that is not the next one')
    return next[1]
  }
}

/** `again`: nothing has been done, and it may go better now. */
async function execute(
  run: Run,
  script: Readable,
  phase: RehearsalStep['phase'],
  helpers: StandIns,
  signal: AbortSignal,
  steps: RehearsalStep[],
): Promise<Ending | 'again'> {
  const whole = script.transaction === 'one'
  /** Whether something may have been committed. */
  let committed = false
  let open = false
  const note = (statement: Statement, outcome: Exclude<Outcome, { kind: 'lost' }>, error: SqlFailure | null): void => {
    const { locks, rewrites, scans, created, partitions } = outcome.kind === 'done' ? outcome : NOTHING_OBSERVED
    const seen = { locks, rewrites, scans, created, partitions }
    steps.push({ phase, sql: statement.sql, at: statement.span, milliseconds: outcome.milliseconds, ...seen, error })
  }

  if (whole) {
    const began = await run('BEGIN')
    if (began.kind !== 'done') return { kind: 'lost', reason: reasonOf(began) }
    open = true
  }
  for (const statement of script.statements) {
    let outcome = await run(statement.sql)
    while (outcome.kind === 'failed' && !(open && committed) && (await helpers.provide(statement, outcome, signal))) {
      if (open) return 'again'
      outcome = await run(statement.sql)
    }
    if (outcome.kind === 'lost') return { kind: 'lost', reason: `${quoted(statement.sql)}: ${outcome.reason}` }
    if (outcome.kind === 'failed') {
      const failure = failureOf(statement, outcome)
      note(statement, outcome, failure)
      return { kind: 'failed', reason: outcome.message, intact: !committed, failure }
    }
    note(statement, outcome, null)
    // What ends a transaction, or runs outside one, stays.
    if (outcome.transaction === 'none') committed = true
    open = outcome.transaction !== 'none'
  }
  if (!open) return { kind: 'done' }
  if (!whole) return { kind: 'failed', reason: LEFT_OPEN, intact: !committed, failure: null }
  const ended = await run('COMMIT')
  if (ended.kind === 'lost') return { kind: 'lost', reason: ended.reason }
  if (ended.kind === 'done') return { kind: 'done' }
  const last = steps.pop()
  const final = script.statements.at(-1)
  if (last === undefined || final === undefined) return { kind: 'lost', reason: ended.message }
  const failure = { ...failureOf(final, ended), at: final.span }
  steps.push({ ...last, error: failure })
  return { kind: 'failed', reason: `COMMIT fails: ${ended.message}`, intact: !committed, failure }
}

const LEFT_OPEN = 'the script begins a transaction and never ends it'

function failureOf(statement: Statement, outcome: Extract<Outcome, { kind: 'failed' }>): SqlFailure {
  const { sqlstate, message, detail, hint, position } = outcome
  return { sqlstate, message, detail, hint, at: placeOf(statement, position), diagnosis: null }
}

/** Sees that what must fail fails and that what must answer answers; null when so. */
export async function probe(session: Session, signal: AbortSignal): Promise<string | null> {
  const wrong = await session.run(MUST_FAIL, signal)
  if (wrong.kind !== 'failed' || wrong.sqlstate !== '22012') {
    return wrong.kind === 'lost' ? wrong.reason : 'the sandbox does not report a division by zero'
  }
  const right = await session.run(MUST_ANSWER, signal)
  if (right.kind === 'done' && right.tag === 'SELECT 3') return null
  return right.kind === 'lost' ? right.reason : 'the sandbox does not answer a plain query'
}

const MUST_FAIL = 'SELECT 1 OPERATOR(pg_catalog./) 0'
const MUST_ANSWER = 'VALUES (1), (2), (3)'

function reasonOf(outcome: Outcome): string {
  return outcome.kind === 'lost' ? outcome.reason : outcome.kind === 'failed' ? outcome.message : ''
}

/** The start of a statement on one line, for a sentence. */
export function quoted(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim()
  return line.length > 60 ? `${line.slice(0, 60)}…` : line
}
