import type { Rehearsal } from '../model/evidence.js'
import type { Statement } from '../model/migration.js'
import type { Outcome, SchemaDump, Session } from '../sandbox/sandbox.js'

/**
 * Roles belong to a cluster, so migrations name some that no migration creates. An empty role stands in for each, and
 * that it does is remembered, since a misspelt name is provided just as well.
 */
export interface StandIns {
  /** Creates the role whose absence failed the statement; false when that is not why, or it did not help before. */
  provide(statement: Statement, outcome: Extract<Outcome, { kind: 'failed' }>, signal: AbortSignal): Promise<boolean>
  /** The schema without the stand-ins. */
  without(dump: SchemaDump): SchemaDump
}

/** The stand-ins of a session; what they cover up is added to `skipped`. A failed transaction is rolled back first. */
export function standIns(session: Session, skipped: Rehearsal['skipped'][number][]): StandIns {
  const roles = new Set<string>()
  return {
    async provide({ sql, span }, { sqlstate, message, transaction }, signal) {
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
  }
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name
}
