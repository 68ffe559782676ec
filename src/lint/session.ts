import type { Effect, LockMode } from '../model/effect.js'
import type { SessionSetting } from '../model/migration.js'
import type { Operation } from '../model/operation.js'
import type { QualifiedName } from '../model/names.js'
import type { SessionState } from '../rules/rule.js'
import type { Span } from '../source/span.js'

/** The settings that decide how long a statement waits, runs, and what it has to do. */
interface InForce {
  readonly lock: number | null
  readonly statement: number | null
  /** Whether the session's TimeZone is known to be UTC. */
  readonly utc: boolean
}
export interface Held {
  readonly table: QualifiedName
  readonly mode: LockMode
  readonly at: Span
}

/** What is so for the session between two statements of a script: transaction, settings in force, locks held. */
export interface Session {
  readonly transaction: 'tool' | 'own' | null
  /** In force now. */
  readonly inForce: InForce
  /** In force again when the transaction commits: SET LOCAL does not outlive it. */
  readonly committed: InForce
  /** In force again when it rolls back: SET does not outlive that. */
  readonly atBegin: InForce
  readonly held: readonly Held[]
}

const NONE: InForce = { lock: null, statement: null, utc: false }

/** The session at the start of a script, with what the tool has set before, and the locks that its transaction holds by then. */
export function openSession(
  transaction: 'one' | 'none',
  settings: readonly SessionSetting[] = [],
  held: readonly Held[] = [],
): Session {
  const begin = (inForce: InForce, { name, value }: SessionSetting): InForce => {
    const key = keyOf(name)
    if (key === null) return inForce
    return value === null ? { ...inForce, [key]: key === 'utc' ? false : NaN } : withValue(inForce, key, value)
  }
  const lasting = settings.filter(({ local }) => !local).reduce(begin, NONE)
  const inForce = transaction === 'one' ? settings.filter(({ local }) => local).reduce(begin, lasting) : lasting
  return {
    transaction: transaction === 'one' ? 'tool' : null,
    inForce,
    committed: lasting,
    atBegin: lasting,
    held: transaction === 'one' ? held : [],
  }
}

/** What rules are told of the session. */
export function stateOf(session: Session): SessionState {
  return {
    inTransaction: session.transaction !== null,
    toolTransaction: session.transaction === 'tool',
    lockTimeout: session.inForce.lock,
    statementTimeout: session.inForce.statement,
    held: session.held,
  }
}

/** The session after an operation whose predicted effect is known. */
export function advance(session: Session, operation: Operation, effect: Effect, sql: string): Session {
  switch (operation.kind) {
    case 'transaction':
      return afterTransaction(session, operation.action, operation.chain)
    case 'set':
      return afterSet(session, operation.name, operation.value, operation.local)
    case 'select':
      return operation.functions.includes('set_config')
        ? afterSetConfig(session, sql)
        : holding(session, operation, effect)
    default:
      return holding(session, operation, effect)
  }
}

function holding(session: Session, operation: Operation, effect: Effect): Session {
  if (session.transaction === null || effect.locks.length === 0) return session
  const taken = effect.locks.map(({ table, mode }) => ({ table, mode, at: operation.span }))
  return { ...session, held: [...session.held, ...taken] }
}

function afterTransaction(session: Session, action: string, chain: boolean): Session {
  switch (action) {
    case 'begin':
      // Inside a transaction BEGIN only warns (https://www.postgresql.org/docs/current/sql-begin.html).
      if (session.transaction !== null) return session
      return { ...session, transaction: 'own', atBegin: session.inForce, committed: session.inForce, held: [] }
    case 'commit':
    case 'prepare':
      return ended(session, session.committed, chain)
    case 'rollback':
      return ended(session, session.atBegin, chain)
    default:
      return session
  }
}

function ended(session: Session, inForce: InForce, chain: boolean): Session {
  if (session.transaction === null) return session
  return { transaction: chain ? 'own' : null, inForce, committed: inForce, atBegin: inForce, held: [] }
}

function afterSet(session: Session, name: string, value: string | null, local: boolean): Session {
  const key = keyOf(name)
  if (key === null) return name === 'all' && value === null ? { ...session, inForce: NONE, committed: NONE } : session
  // Outside a transaction SET LOCAL warns and does nothing (https://www.postgresql.org/docs/current/sql-set.html).
  if (local && session.transaction === null) return session
  const inForce = withValue(session.inForce, key, value)
  if (local) return { ...session, inForce }
  const committed = { ...session.committed, [key]: inForce[key] }
  return session.transaction === null
    ? { ...session, inForce, committed, atBegin: inForce }
    : { ...session, inForce, committed }
}

const KEYS: Readonly<Record<string, keyof InForce>> = {
  lock_timeout: 'lock',
  statement_timeout: 'statement',
  timezone: 'utc',
}

function keyOf(name: string): keyof InForce | null {
  return KEYS[name.toLowerCase()] ?? null
}

/** `value` is null where the default is in force again. */
function withValue(inForce: InForce, key: keyof InForce, value: string | null): InForce {
  if (key === 'utc') return { ...inForce, utc: value !== null && isUtc(value) }
  return { ...inForce, [key]: value === null ? null : milliseconds(value) }
}

function isUtc(zone: string): boolean {
  return /^(?:etc\/)?(?:utc|uct|gmt|universal|zulu)$|^0$/i.test(zone.trim())
}

function afterSetConfig(session: Session, sql: string): Session {
  const calls = sql.matchAll(/set_config\(\s*'(\w+)'\s*,\s*'([^']*)'\s*,\s*(true|false)\s*\)/gi)
  let next = session
  for (const [, name, value, local] of calls) {
    next = afterSet(next, (name ?? '').toLowerCase(), value ?? '', local?.toLowerCase() === 'true')
  }
  return next
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** A timeout setting in milliseconds; null for 0, which means none, and for what is not a time. */
function milliseconds(value: string): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*$/.exec(value)
  const amount = match ? Number(match[1]) * (UNITS[match[2] ?? 'ms'] ?? 1) : 0
  return amount > 0 ? amount : null
}
