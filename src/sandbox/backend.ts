import { escapeControls } from '../source/controls.js'
import { ISOLATION, KINDS, VERSION, type Cast } from './introspection.js'
import { NOTHING_SEEN, observer } from './observation.js'
import type { Answer, LockInterest, Outcome } from './sandbox.js'
import { bearsBlock, begins, leadingWords, statusAfter, steers, tagFits } from './tags.js'
import type { Reply, TransactionStatus } from './wire.js'

/** Sends one statement to the server and returns all that came back. */
export type Exchange = (sql: string, keepRows: boolean) => Reply | Promise<Reply>

/** One server session whose answers are believed only when they are whole; it is asked one thing at a time. */
export interface Backend {
  version(): Promise<string>
  run(sql: string, interest?: LockInterest): Promise<Outcome>
  /** Throws when a transaction is open or the answer is not whole. */
  dump(bookkeeping: readonly string[]): Promise<readonly (readonly [string, string])[]>
  /** Throws when a transaction is open or an answer is not whole; an SQL error is an answer. */
  read(queries: readonly string[]): Promise<readonly Answer[]>
  reset(): Promise<void>
}

/** How the sandbox itself helps a session that is no superuser where the migrations' usual user is one. */
export interface Privileges {
  /** Makes the session superuser for one statement, or takes that back; null where nothing may. */
  readonly promotion: ((superuser: boolean) => string) | null
  /** Lets the session act as the roles that it created; null where PostgreSQL does so. */
  readonly adoption: string | null
  /** Those that may be created so. */
  readonly extensions: ReadonlySet<string>
  /** Who the sandbox's own things belong to, and what of them a reading leaves out. */
  readonly cast: Cast
}

/** Sessions of the sandbox's own, that look on from outside the migration's reach. */
export interface Watcher {
  /** It may be a superuser's: it runs nothing that a migration wrote. */
  readonly exchange: Exchange
  /** Logged in as the migration's role: what it is asked about rows may call functions of the migration. */
  readonly reader: Exchange
  /** The process that serves the migration's session. */
  readonly watched: number
}

/** A session over an exchange; without a watcher it reads the schema and its locks itself. */
export function backend(exchange: Exchange, privileges: Privileges, watcher: Watcher | null = null): Backend {
  const own = line(exchange)
  const watch = watcher === null ? own : line(watcher.exchange)
  const reader = watcher === null ? own : line(watcher.reader)
  const sight = observer(own.ask, watch.ask, watcher === null ? null : watcher.watched)

  const run = async (sql: string, interest: LockInterest = 'ignored'): Promise<Outcome> => {
    if (sql.includes('\0'))
      return { kind: 'lost', reason: 'the statement holds a NUL character, where the server would stop reading' }
    const words = leadingWords(sql)
    const { promotion, adoption } = privileges
    const promoted = promotion !== null && own.status() !== 'E' && (await needsPromotion(sql, privileges, own))
    const idle = own.status() === 'I'
    if (idle && interest === 'ignored') sight.ignore()
    /** A statement alone is a transaction as well, which is held open for a look. */
    const held = idle && interest === 'observed' && !promoted && bearsBlock(sql, words)
    if (idle && interest === 'observed' && (held || begins(words))) await sight.begin()
    if (held) await own.ask('BEGIN')
    if (promoted) await own.ask(promotion(true))
    const started = performance.now()
    const { verdict } = await own.send(sql, false)
    let milliseconds = performance.now() - started
    if (verdict.kind === 'lost') return verdict
    const { status } = verdict
    // In a failed transaction the rollback takes the promotion back.
    if (promoted && status !== 'E') await own.ask(promotion(false))
    if (adoption !== null && verdict.kind === 'done' && CREATES_ROLE.test(sql)) await own.ask(adoption)
    const failed = (error: Extract<Verdict, { kind: 'failed' }>): Outcome => {
      const { sqlstate, message, detail, hint, position } = error
      const transaction = TRANSACTION[held ? 'I' : error.status]
      return { kind: 'failed', sqlstate, message, detail, hint, position, milliseconds, transaction }
    }
    if (verdict.kind === 'failed') {
      if (held) await own.ask('ROLLBACK')
      return failed(verdict)
    }
    const seen = status === 'T' && !steers(words) ? await sight.look() : NOTHING_SEEN
    if (held) {
      const ending = performance.now()
      const { verdict: end } = await own.send('COMMIT', false)
      milliseconds += performance.now() - ending
      if (end.kind === 'lost') return end
      if (end.kind === 'failed') return failed(end)
    }
    return { kind: 'done', tag: verdict.tag, milliseconds, ...seen, transaction: TRANSACTION[held ? 'I' : status] }
  }

  const kinds = KINDS.map((kind) => kind(privileges.cast.keeper, privileges.cast))
  let prepared = false
  /** What a dump reads. PostgreSQL plans it once in a session of the sandbox's own, where nobody else ends what is prepared. */
  const reading = async (): Promise<readonly Reply['rows'][]> => {
    if (watcher === null) return watch.askAll(kinds)
    if (!prepared) await watch.askAll(kinds.map((sql, at) => `PREPARE kind_${at} AS ${sql}`))
    prepared = true
    return watch.askAll(kinds.map((_, at) => `EXECUTE kind_${at}`))
  }

  /** Begins what nothing that a migration set reaches into. */
  const isolate = async (session: Line): Promise<void> => {
    await session.askAll(['BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', ...ISOLATION])
  }

  const dump = async (bookkeeping: readonly string[]): Promise<readonly (readonly [string, string])[]> => {
    if (own.status() !== 'I') throw new Error('the schema cannot be read while a transaction is open')
    const left = new Set(bookkeeping.map((name) => (name.includes('.') ? name : `public.${name}`)))
    await isolate(watch)
    const definitions = new Map<string, string>()
    for (const [key, value, relation] of (await reading()).flat()) {
      if (key === null || key === undefined || left.has(relation ?? '')) continue
      const said = definitions.get(escapeControls(key))
      definitions.set(escapeControls(key), said === undefined ? (value ?? '') : `${said}\n${value ?? ''}`)
    }
    await watch.ask('ROLLBACK')
    return [...definitions]
  }

  const read = async (queries: readonly string[]): Promise<readonly Answer[]> => {
    if (own.status() !== 'I') throw new Error('rows cannot be read while a transaction is open')
    await isolate(reader)
    const answers: Answer[] = []
    /** Few after a failure, for which the transaction fails the rest of them too. */
    let most = queries.length
    while (answers.length < queries.length) {
      const asked = queries.slice(answers.length, answers.length + most)
      most *= 2
      for (const { verdict, rows } of await Promise.all(asked.map((sql) => reader.send(sql, true)))) {
        if (verdict.kind === 'lost') throw new Error(unanswered(verdict.reason))
        if (verdict.kind === 'done') answers.push({ rows })
        else {
          answers.push({ error: verdict.message })
          await reader.ask('ROLLBACK')
          await isolate(reader)
          most = 1
          break
        }
      }
    }
    await reader.ask('ROLLBACK')
    return answers
  }

  const reset = async (): Promise<void> => {
    if (own.status() !== 'I') await own.ask('ROLLBACK')
    await own.ask('DISCARD ALL')
  }

  return { version: async () => (await watch.ask(VERSION))[0]?.[0] ?? '', run, dump, read, reset }
}

/** An exchange that knows where its transaction stands. */
interface Line {
  status(): TransactionStatus
  send(sql: string, keepRows: boolean): Promise<{ readonly verdict: Verdict; readonly rows: Reply['rows'] }>
  /** For statements of the sandbox itself: anything but success is a broken engine. */
  ask(sql: string): Promise<Reply['rows']>
  /** Several of them at once. */
  askAll(statements: readonly string[]): Promise<readonly Reply['rows'][]>
}

function line(exchange: Exchange): Line {
  let status: TransactionStatus = 'I'
  const send: Line['send'] = async (sql, keepRows) => {
    const reply = await exchange(sql, keepRows)
    const verdict = judge(sql, status, reply)
    if (verdict.kind !== 'lost') status = verdict.status
    return { verdict, rows: reply.rows }
  }
  const ask: Line['ask'] = async (sql) => {
    const { verdict, rows } = await send(sql, true)
    if (verdict.kind === 'done') return rows
    throw new Error(unanswered(verdict.kind === 'failed' ? verdict.message : verdict.reason))
  }
  return { status: () => status, send, ask, askAll: (statements) => Promise.all(statements.map(ask)) }
}

function unanswered(why: string): string {
  return `the sandbox did not answer a question of its own: ${why}`
}

const TRANSACTION = { I: 'none', T: 'open', E: 'failed' } as const

type Verdict =
  | { readonly kind: 'done'; readonly tag: string; readonly status: TransactionStatus }
  | ({ readonly kind: 'failed'; readonly status: TransactionStatus } & Omit<
      Extract<Outcome, { kind: 'failed' }>,
      'kind' | 'milliseconds' | 'transaction'
    >)
  | { readonly kind: 'lost'; readonly reason: string }

/** What a reply proves. PGlite can answer nothing, or something that looks well, after an error that it swallowed. */
export function judge(sql: string, before: TransactionStatus, reply: Reply): Verdict {
  const words = leadingWords(sql)
  const { error, status, tag } = reply
  if (status === null) return lost('the server stopped answering')
  if (error !== null) {
    if (error.severity !== 'ERROR') return lost(`the server ended the session: ${error.message}`)
    if (error.sqlstate === '26000' && !reply.parsed) return lost('the server dropped the statement without an error')
    if (status !== (before === 'I' ? 'I' : 'E') && status !== 'I') return lost(misplaced(before, status))
    return { ...error, kind: 'failed', status }
  }
  if (reply.empty) return lost('the server saw no statement in it')
  if (tag === null || !reply.parsed || !reply.bound) return lost('the server confirmed no execution')
  if (!tagFits(words, tag)) return lost(`the server confirmed ${tag}, which is not what it was sent`)
  if (tag === 'ROLLBACK' && words[0] !== 'ROLLBACK' && words[0] !== 'ABORT') {
    const message = 'the transaction had failed before, so that it was rolled back instead of committed'
    return { kind: 'failed', sqlstate: '25P02', message, detail: null, hint: null, position: null, status }
  }
  if (status !== statusAfter(words, before)) return lost(misplaced(before, status))
  return { kind: 'done', tag, status }
}

function lost(reason: string): Verdict {
  return { kind: 'lost', reason }
}

function misplaced(before: TransactionStatus, after: TransactionStatus): string {
  return `the transaction status went from ${TRANSACTION[before]} to ${TRANSACTION[after]}, which it should not`
}

const CREATES_ROLE = /\bcreate\s+(?:role|user|group)\b/i

/** Statements that take a superuser though they are harmless; PostgreSQL itself refuses a second one beside them. */
async function needsPromotion(sql: string, { extensions, cast }: Privileges, session: Line): Promise<boolean> {
  const owner = CHANGES_OWNER.exec(sql)?.groups?.owner?.replaceAll('"', '').toLowerCase()
  if (owner !== undefined) {
    if (isPowerful(owner, cast.keeper)) return false
    const made = `SELECT 1 FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) '${owner}' AND ${cast.made}`
    return cast.made === 'true' || (await session.ask(made)).length > 0
  }
  const [verb, kind, ...rest] = leadingWords(sql)
  if (verb !== 'CREATE' || kind !== 'EXTENSION') return false
  const name = (rest[0] === 'IF' ? rest[3] : rest[0]) ?? ''
  return extensions.has(name.startsWith('"') ? name.slice(1, -1) : name.toLowerCase())
}

/** Whether a function that is given to this role could do as its owner what no migration may. */
function isPowerful(role: string, keeper: string): boolean {
  return role === keeper || role.startsWith('pg_')
}

/** Nothing but a change of owner, so that no expression of the migration runs along with it. */
const CHANGES_OWNER =
  /^\s*ALTER\s+(?:[A-Z]+\s+){1,4}?[\w."$]+(?:\s*\([\w\s,."$[\]]*\))?\s+OWNER\s+TO\s+(?<owner>[\w"$]+)\s*;?\s*$/i
