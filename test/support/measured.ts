import type { PGlite } from '@electric-sql/pglite'
import type { Client } from 'pg'
import { compareLocks, LOCK_MODES, type LockMode } from '../../src/model/effect.js'
import type { Script, Statement } from '../../src/model/migration.js'
import { fill } from '../../src/rehearsal/seed/fill.js'
import { analyse } from '../../src/review/analyse.js'
import type { Measured } from '../../src/report/measured.js'
import type { Rule } from '../../src/rules/rule.js'
import type { Answer, Outcome, Session } from '../../src/sandbox/sandbox.js'
import { contains } from '../../src/source/span.js'
import { fixtureOf, settingsFor } from '../rules/judged.js'

/** A statement that a rule speaks of, with what has to be there before it. */
export interface Example {
  readonly statement: string
  /** The history; then the tables are filled. */
  readonly history: readonly string[]
  /** What the pull request does before the migration of the statement, and what that one does before it. */
  readonly earlier: readonly string[]
  readonly before: readonly string[]
  /** What takes that migration back. */
  readonly down: readonly string[]
}

/** Why statements that commit by themselves are not seen. */
export const NO_TRANSACTION = 'it cannot run in a transaction, in which it could be watched'

/** Rows in every table: a scan of none is none. */
const ROWS = 20

/** The first statement in the bad example of a rule that it speaks of; null where there is none, as with rules on a history. */
export function exampleOf(rule: Rule): Example | null {
  const { base, head } = fixtureOf(rule, 'bad')
  const input = { base, head, settings: settingsFor(rule.meta), today: '2026-01-15', mode: 'pull' } as const
  const { migrations, findings } = analyse(input)
  const mine = findings.filter((finding) => finding.rule === rule.meta.id)
  const scripts = migrations.map(({ up, down }) => ({ up: statementsOf(up.script), down: statementsOf(down.script) }))
  const isMeant = ({ span }: Statement): boolean => mine.some(({ at }) => contains(span, at))
  const index = scripts.findIndex(({ up }) => up.some(isMeant))
  const { up = [], down = [] } = scripts[index] ?? {}
  const found = up.find(isMeant)
  if (found === undefined) return null
  const { migrations: old } = analyse({ ...input, base: new Map(), head: base, mode: 'files' })
  return {
    statement: found.sql,
    history: sent(old.flatMap((each) => statementsOf(each.up.script))),
    earlier: sent(scripts.slice(0, index).flatMap((each) => each.up)),
    before: sent(up.slice(0, up.indexOf(found))),
    down: sent(down),
  }
}

function statementsOf(script: Script): readonly Statement[] {
  return script.kind === 'script' ? script.statements : []
}

/** Each is sent alone: what is locked before is no lock of the statement. */
function sent(statements: readonly Statement[]): readonly string[] {
  return statements
    .filter(({ operations }) => !operations.some(({ kind }) => kind === 'transaction'))
    .map(({ sql }) => sql)
}

/** Runs SQL and answers with the last rows, all values as text. Throws PostgreSQL's error. */
export type Query = (sql: string) => Promise<readonly (readonly (string | null)[])[]>

/** What runs SQL on a server. */
export function onServer(client: Client): Query {
  const types = { getTypeParser: () => (text: string) => text }
  return async (sql) => {
    const results = [await client.query({ text: sql, rowMode: 'array', types: types as never })].flat()
    return (results.at(-1)?.rows ?? []) as (string | null)[][]
  }
}

/** What runs SQL on PGlite. */
export function onPglite(database: PGlite): Query {
  const parsers = Object.fromEntries(PARSED.map((oid) => [oid, (text: string) => text]))
  return async (sql) => ((await database.exec(sql, { rowMode: 'array', parsers })).at(-1)?.rows ?? []) as never
}

/** Types that PGlite makes values of: bool, bytea, integers, json, floats, dates, jsonb. */
const PARSED = [16, 17, 20, 21, 23, 26, 114, 700, 701, 1082, 1114, 1184, 3802]

/** When the tables are filled: the rows have to be such as the statement takes. */
type Filled = 'first' | 'just-before' | 'under-its-rule'

/**
 * Does what an example does, in a database that is cleared before, and looks at its statement. Where rows are in the way of it, they
 * are written under what stands before it; or while its own rule is in force, and it is taken back before it is looked at.
 */
export async function measure(example: Example, query: Query): Promise<Measured> {
  const first = await attempt(example, query, 'first')
  for (const filled of ['just-before', 'under-its-rule'] as const) {
    if (!('unseen' in first) || !/: 23/.test(first.unseen)) return first
    const again = await attempt(example, query, filled)
    if (!('unseen' in again)) return again
  }
  return first
}

async function attempt(example: Example, query: Query, filled: Filled): Promise<Measured> {
  const { statement, history, earlier, before, down } = example
  const all = async (statements: readonly string[]): Promise<void> => {
    for (const sql of statements) await query(sql)
  }
  const steps: Readonly<Record<Filled, readonly (readonly string[])[]>> = {
    first: [[], [...earlier, ...before]],
    'just-before': [[...earlier, ...before], []],
    'under-its-rule': [
      [...earlier, ...before, statement],
      [...down, ...before],
    ],
  }
  const [toBe = [], then = []] = steps[filled]
  if (filled === 'under-its-rule' && down.length === 0) return { unseen: 'nothing takes it back' }
  await clear(query)
  try {
    await all([...history, ...toBe])
    await fill(asSession(query), { rows: ROWS, values: 'plain', bookkeeping: [], signal: never })
    await all(then)
  } catch (error) {
    return { unseen: `what comes before it fails: ${codeOf(error)}` }
  }
  await query('BEGIN')
  try {
    const old = await relations(query)
    await query(statement)
    const [now, locked] = [await relations(query), await query(LOCKS)]
    const modes = locksOn(old, locked)
    const those = (isSo: (was: Relation, is: Relation | undefined) => boolean): readonly string[] =>
      [...old].flatMap(([oid, was]) => (isSo(was, now.get(oid)) ? [was.name] : [])).sort()
    return {
      locks: Object.fromEntries([...modes].sort(([a], [b]) => (a < b ? -1 : 1))),
      rewrites: those((was, is) => is !== undefined && is.file !== was.file && is.pages > 0),
      scans: those((was, is) => is !== undefined && is.read > was.read),
    }
  } catch (error) {
    const code = codeOf(error)
    return { unseen: code === '25001' ? NO_TRANSACTION : `it fails: ${code}` }
  } finally {
    await query('ROLLBACK')
  }
}

/** The strongest lock on each; one on an index is told where it is stronger than that on its table. */
function locksOn(
  relations: ReadonlyMap<string, Relation>,
  locked: readonly (readonly (string | null)[])[],
): ReadonlyMap<string, LockMode> {
  const modes = new Map<string, LockMode>()
  for (const [oid, mode] of locked) {
    const [name, lock] = [relations.get(oid ?? '')?.name, lockMode(mode ?? '')]
    if (name === undefined || lock === 'ACCESS SHARE') continue
    const known = modes.get(name)
    if (known === undefined || compareLocks(lock, known) > 0) modes.set(name, lock)
  }
  for (const { name, index } of relations.values()) {
    const [own, table] = [modes.get(name), modes.get(index ?? '')]
    if (own !== undefined && table !== undefined && compareLocks(own, table) <= 0) modes.delete(name)
  }
  return modes
}

interface Relation {
  readonly name: string
  /** The table of which it is an index. */
  readonly index: string | null
  readonly file: string
  readonly pages: number
  readonly read: number
}

async function relations(query: Query): Promise<ReadonlyMap<string, Relation>> {
  const rows = await query(RELATIONS)
  return new Map(
    rows.map(([oid, name, file, pages, read, index]) => [
      oid ?? '',
      { name: name ?? '', index: index ?? null, file: file ?? '', pages: Number(pages), read: Number(read) },
    ]),
  )
}

const MINE = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`
const RELATIONS = `SELECT c.oid, c.relname, pg_relation_filenode(c.oid),
    CASE WHEN c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid) ELSE 0 END, coalesce(s.seq_tup_read, 0),
    (SELECT t.relname FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid WHERE i.indexrelid = c.oid)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_stat_xact_user_tables s ON s.relid = c.oid
 WHERE ${MINE} AND c.relkind IN ('r', 'p', 'm', 'v', 'i', 'I')`
const LOCKS = `SELECT l.relation, l.mode FROM pg_locks l
 WHERE l.locktype = 'relation' AND l.pid = pg_backend_pid() AND l.granted`
const LEFT = `SELECT format('DROP SCHEMA %I CASCADE', n.nspname) FROM pg_namespace n WHERE ${MINE}
 UNION ALL SELECT format('DROP PUBLICATION %I', pubname) FROM pg_publication`

async function clear(query: Query): Promise<void> {
  await query('DISCARD ALL')
  for (const [drop] of await query(LEFT)) await query(drop ?? '')
  await query('CREATE SCHEMA public')
  if ((await query(`SELECT FROM pg_roles WHERE rolname = 'app'`)).length === 0) await query('CREATE ROLE app')
}

/** As much of a session as filling tables takes. */
function asSession(query: Query): Session {
  const answer = (sql: string): Promise<Answer> =>
    query(sql).then(
      (rows) => ({ rows }),
      (error: unknown) => ({ error: String(error) }),
    )
  const run = (sql: string): Promise<Outcome> =>
    query(sql).then(
      () => ({ kind: 'done' }) as Outcome,
      (error: unknown) => ({ kind: 'failed', sqlstate: codeOf(error), message: String(error) }) as Outcome,
    )
  const read = async (queries: readonly string[]): Promise<readonly Answer[]> => {
    const answers: Answer[] = []
    await query('SET search_path = pg_catalog')
    for (const sql of queries) answers.push(await answer(sql))
    await query('RESET search_path')
    return answers
  }
  const runAll = async (statements: readonly string[]): Promise<readonly Outcome[]> => {
    const outcomes: Outcome[] = []
    for (const sql of statements) {
      outcomes.push(await run(sql))
      if (outcomes.at(-1)?.kind !== 'done') break
    }
    return outcomes
  }
  return { run, runAll, read } as Pick<Session, 'run' | 'runAll' | 'read'> as Session
}

function codeOf(error: unknown): string {
  return (error as { readonly code?: string }).code ?? String(error)
}

/** `ShareRowExclusiveLock`, as `pg_locks` has it, in the words of LOCK TABLE. */
function lockMode(mode: string): LockMode {
  const words = mode
    .replace(/Lock$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase()
  const known = LOCK_MODES.find((each) => each === words)
  if (known === undefined) throw new Error(`there is no lock ${mode}`)
  return known
}

const never = new AbortController().signal
