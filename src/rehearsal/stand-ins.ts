import type { Rehearsal } from '../model/evidence.js'
import type { Statement } from '../model/migration.js'
import type { Outcome, SchemaDump, Session } from '../sandbox/sandbox.js'

/**
 * Roles belong to a cluster, so migrations name some that no migration creates. An empty role stands in for each, and
 * that it does is remembered, since a misspelt name is provided just as well. Extensions that a DO block creates are
 * created ahead of it: the sandbox helps only a statement of its own, and what the block does is the same.
 */
export interface StandIns {
  /** Creates the role or extension whose absence failed the statement; false when that is not why, or nothing helps. */
  provide(statement: Statement, outcome: Extract<Outcome, { kind: 'failed' }>, signal: AbortSignal): Promise<boolean>
  /** The schema without the stand-ins. */
  without(dump: SchemaDump): SchemaDump
  /** The roles that stand in for others. */
  roles(): readonly string[]
}

/** The stand-ins of a session, in which some roles are there already; what they cover up is added to `skipped`. A failed transaction is rolled back first. */
export function standIns(
  session: Session,
  skipped: Rehearsal['skipped'][number][],
  known: readonly string[] = [],
): StandIns {
  const roles = new Set(known)
  return {
    async provide({ sql, span }, { sqlstate, message, transaction }, signal) {
      if (sqlstate === '42501') return extend(session, sql, transaction, signal)
      const role = sqlstate === '42704' ? /^role "(.+)" does not exist$/s.exec(message)?.[1] : undefined
      if (role === undefined || roles.has(role) || /^\s*(?:DROP|ALTER)\s+(?:ROLE|USER|GROUP)\b/i.test(sql)) return false
      roles.add(role)
      if (transaction !== 'none') await session.reset()
      const made = await session.run(`CREATE ROLE "${role.replaceAll('"', '""')}"`, signal)
      if (made.kind !== 'done') return false
      skipped.push({ sql, at: span, reason: `no migration creates the role ${role}; an empty one stands in for it` })
      return true
    },
    without: (dump) =>
      new Map([...dump].filter(([key]) => !(key.startsWith('role ') && roles.has(unquoted(key.slice(5)))))),
    roles: () => [...roles],
  }
}

/** Creates what a block would have created if it were not there yet; false when nothing new came of it. */
async function extend(
  session: Session,
  sql: string,
  transaction: Extract<Outcome, { kind: 'failed' }>['transaction'],
  signal: AbortSignal,
): Promise<boolean> {
  const names = /^\s*DO\b/i.test(sql) ? extensionsCreatedBy(sql) : []
  if (names.length === 0) return false
  if (transaction !== 'none') await session.reset()
  let created = false
  for (const name of names) created = (await session.run(`CREATE EXTENSION ${name}`, signal)).kind === 'done' || created
  return created
}

/** The names, as they are written, of the extensions that a text creates where there are none yet. */
export function extensionsCreatedBy(sql: string): readonly string[] {
  return [...sql.matchAll(EXTENSION)].flatMap(([, name]) => name ?? [])
}

const EXTENSION = /\bCREATE\s+EXTENSION\s+IF\s+NOT\s+EXISTS\s+("[\w-]+"|\w+)/gi

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name
}
