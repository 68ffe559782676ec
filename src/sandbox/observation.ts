import { LOCK_MODES, type LockMode } from '../model/effect.js'
import type { ObservedLock } from '../model/evidence.js'
import type { Outcome } from './sandbox.js'

/** Asks a question of the sandbox's own; throws when it is not answered. */
export type Ask = (sql: string) => Promise<readonly (readonly (string | null)[])[]>

/** What was seen of one statement. */
export type Sight = Pick<Extract<Outcome, { kind: 'done' }>, 'locks' | 'rewrites' | 'scans' | 'created' | 'partitions'>

export const NOTHING_SEEN: Sight = { locks: [], rewrites: [], scans: [], created: [], partitions: [] }

/** Looks at one transaction after another. */
export interface Observer {
  /** Remembers what exists, just before a transaction begins. */
  begin(): Promise<void>
  /** No one asks about the transaction that begins. */
  ignore(): void
  /** What the statement that just ran did to what existed when its transaction began, which is still open. */
  look(): Promise<Sight>
}

/** A table, or what is like one, as it was when somebody last looked. */
interface Known {
  readonly name: string
  readonly file: string
  /** Rows that were read by sequential scans, as the session counts them. */
  readonly read: number
  /** The oid of the table that it is a partition of, at the top; null when it is none. */
  readonly root: string | null
}

/**
 * Locks are read by `watch`. Which files and counters a transaction has of its own can only be asked in it, so `own` is the
 * migration's session; `watched` is the process that serves it, null when there is no other.
 */
export function observer(own: Ask, watch: Ask, watched: number | null): Observer {
  /** By oid; null when nobody asks. */
  let before: ReadonlyMap<string, Known> | null = null
  let known = new Map<string, Known>()
  let held: ReadonlySet<string> = new Set()

  const ask = async (sql: string): Promise<ReadonlyMap<string, Known & { readonly filled: boolean }>> => {
    const rows = await own(sql)
    return new Map(
      rows.flatMap(([oid, name, file, count, filled, root]) =>
        oid && name
          ? [[oid, { name, file: file ?? '', read: Number(count ?? 0), filled: filled === 't', root: root ?? null }]]
          : [],
      ),
    )
  }

  const begin = async (): Promise<void> => {
    await own(FLUSH)
    before = await ask(relations('true', 'NULL'))
    known = new Map(before)
    held = new Set()
  }

  const look = async (): Promise<Sight> => {
    if (before === null) return NOTHING_SEEN
    const old = before
    const locked = await watch(locksOf(watched))
    const now = new Map<string, ObservedLock>()
    for (const [oid, mode] of locked) {
      const object = old.get(oid ?? '')?.name
      const lock = lockMode(mode ?? '')
      if (object !== undefined && lock !== null) now.set(`${oid} ${mode}`, { mode: lock, object })
    }
    const locks = [...now].filter(([key]) => !held.has(key)).map(([, lock]) => lock)
    held = new Set(now.keys())

    // Whatever a statement reads, writes or creates it has locked, until the end of the transaction.
    const oids = [...new Set(locked.flatMap(([oid]) => oid ?? []))]
    const rewrites: string[] = []
    const scans: string[] = []
    const created: string[] = []
    for (const [oid, { filled, ...relation }] of oids.length === 0 ? [] : await ask(relations(among(oids), FILLED))) {
      const last = known.get(oid)
      known.set(oid, relation)
      if (last === undefined) created.push(relation.name)
      const existed = old.get(oid)
      if (last === undefined || existed === undefined) continue
      // Less than before: what was counted has been reported in between.
      const scanned = relation.read > (relation.read < last.read ? 0 : last.read)
      // TRUNCATE gives a table another file as well, but neither reads a row of the old one nor writes one into the new.
      if (relation.file !== last.file && (filled || scanned)) rewrites.push(existed.name)
      if (scanned) scans.push(existed.name)
    }
    const partitions = oids.flatMap((oid) => {
      const { name, root } = old.get(oid) ?? {}
      const of = old.get(root ?? '')?.name
      return name === undefined || of === undefined ? [] : [{ name, of }]
    })
    return {
      locks: locks.sort(byObject),
      rewrites: rewrites.sort(),
      scans: scans.sort(),
      created: created.sort(),
      partitions,
    }
  }

  return { begin, ignore: () => (before = null), look }
}

function byObject(a: ObservedLock, b: ObservedLock): number {
  return a.object < b.object ? -1 : a.object > b.object ? 1 : 0
}

/**
 * Tables, views and what is like them. Names and operators are qualified because this runs under the migration's own
 * search_path. Only what the session has counted and not yet reported is asked for: in an open transaction nothing is
 * reported, and what others read does not matter (https://www.postgresql.org/docs/current/monitoring-stats.html).
 */
function relations(which: string, filled: string): string {
  return `SELECT c.oid::pg_catalog.text, n.nspname OPERATOR(pg_catalog.||) '.' OPERATOR(pg_catalog.||) c.relname,
       c.relfilenode::pg_catalog.text, CASE WHEN ${STORED} THEN (${READ})::pg_catalog.text END,
       ${filled}, CASE WHEN c.relispartition THEN pg_catalog.pg_partition_root(c.oid)::pg_catalog.oid::pg_catalog.text END
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
 WHERE c.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid
   AND c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p,v,m,f}'::pg_catalog."char"[]) AND ${which}`
}

const STORED = `c.relkind OPERATOR(pg_catalog.=) ANY ('{r,m}'::pg_catalog."char"[])`
const FILLED = `CASE WHEN ${STORED} THEN pg_catalog.pg_relation_size(c.oid) OPERATOR(pg_catalog.>) 0::pg_catalog.int8 END`
const READ = 'pg_catalog.pg_stat_get_xact_tuples_returned(c.oid)'
/** What has been counted is reported as soon as this is answered. */
const FLUSH = 'SELECT pg_catalog.pg_stat_force_next_flush()'

function among(oids: readonly string[]): string {
  return `c.oid OPERATOR(pg_catalog.=) ANY ('{${oids.join(',')}}'::pg_catalog.oid[])`
}

/** The locks of one backend; of all there are when there is but one. */
function locksOf(process: number | null): string {
  const ofProcess = process === null ? '' : ` AND l.pid OPERATOR(pg_catalog.=) ${process}`
  return `SELECT l.relation::pg_catalog.text, l.mode FROM pg_catalog.pg_locks l
 WHERE l.granted AND l.relation OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid${ofProcess}`
}

function lockMode(mode: string): LockMode | null {
  const words = mode
    .replace(/Lock$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase()
  return LOCK_MODES.find((known) => known === words) ?? null
}
