import { readdirSync, readFileSync } from 'node:fs'
import { compareLocks, type LockMode } from '../../src/model/effect.js'

/** A fact about PostgreSQL that rules rest on, with the SQL that proves it. */
export interface Claim {
  readonly name: string
  readonly sentence: string
  /** Majors of which it is said. */
  readonly from: number
  readonly given: string
  /** What is run in one transaction. */
  readonly when: string
  /** Such as `lock SHARE on orders`, `scan orders`, `no rewrite of orders` or `error 25001`. */
  readonly then: readonly string[]
}

const FOLDER = 'fixtures/claims'
const FORM = /^-- (.+\.)\n(?:-- versions: (\d+)\.\.\n)?-- given\n([^]*?)-- when\n([^]*?)-- then\n((?:-- .+\n)+)$/
const OUTCOME = /^(lock [A-Z ]+ on \w+|scan \w+|rewrite of \w+|no (scan|rewrite) of \w+|error [0-9A-Z]{5})$/

/** Reads every claim; throws for one that is not in the form. */
export function claims(): readonly Claim[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const [, sentence, from, given, when, outcomes] = FORM.exec(readFileSync(`${FOLDER}/${file}`, 'utf8')) ?? []
      const then = (outcomes ?? '').split('\n').flatMap((line) => (line === '' ? [] : [line.slice(3)]))
      const strange = then.find((outcome) => !OUTCOME.test(outcome))
      if (!sentence || !given || !when || strange !== undefined)
        throw new Error(`${file} is not a claim: ${strange ?? ''}`)
      return { name: file.replace(/\.sql$/, ''), sentence, from: Number(from ?? 10), given, when, then }
    })
}

/** Runs SQL, one statement or several, and answers with the rows of the last. */
export type Run = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>

const TABLES = `SELECT c.relname AS name, pg_relation_filenode(c.oid) AS file, coalesce(s.seq_tup_read, 0)::int AS read
  FROM pg_class c LEFT JOIN pg_stat_xact_user_tables s ON s.relid = c.oid
  WHERE c.relnamespace = 'claim'::regnamespace AND c.relkind IN ('r', 'm', 'p')`
const LOCKS = `SELECT l.relation::int AS oid, l.mode FROM pg_locks l
  WHERE l.locktype = 'relation' AND l.pid = pg_backend_pid() AND l.granted`
const NAMES = `SELECT oid::int AS oid, relname AS name FROM pg_class
  WHERE relnamespace = 'claim'::regnamespace AND relkind IN ('r', 'm', 'p')`

/** What came of a claim's SQL, in the words of its outcomes: every one that is stated and did not happen is in the other form. */
export async function outcomesOf({ given, when, then }: Claim, run: Run): Promise<readonly string[]> {
  await run('DROP SCHEMA IF EXISTS claim CASCADE; CREATE SCHEMA claim; SET search_path = claim')
  await run(given)
  // A table that is dropped has a name no more, and is locked all the same.
  const names = new Map((await run(NAMES)).map(({ oid, name }) => [oid, String(name)]))
  const tables = async (): Promise<ReadonlyMap<string, { readonly file: unknown; readonly read: number }>> =>
    new Map((await run(TABLES)).map(({ name, file, read }) => [String(name), { file, read: Number(read) }]))
  await run('BEGIN')
  try {
    const before = await tables()
    await run(when)
    const [after, locks] = [await tables(), await run(LOCKS)]
    return then.map((outcome) => {
      const table = outcome.split(' ').at(-1) ?? ''
      const [old, now] = [before.get(table), after.get(table)]
      if (outcome.startsWith('lock')) return `lock ${strongestOn(table, names, locks)} on ${table}`
      if (outcome.includes('scan')) return (now?.read ?? 0) > (old?.read ?? 0) ? `scan ${table}` : `no scan of ${table}`
      if (outcome.includes('rewrite')) return old?.file === now?.file ? `no rewrite of ${table}` : `rewrite of ${table}`
      return 'no error'
    })
  } catch (error) {
    return [`error ${(error as { code?: string }).code ?? String(error)}`]
  } finally {
    await run('ROLLBACK')
  }
}

function strongestOn(
  table: string,
  names: ReadonlyMap<unknown, string>,
  locks: readonly Readonly<Record<string, unknown>>[],
): string {
  const modes = locks.flatMap(({ oid, mode }) => (names.get(oid) === table ? [modeOf(String(mode))] : []))
  return modes.toSorted(compareLocks).at(-1) ?? 'NONE'
}

/** `ShareRowExclusiveLock`, as `pg_locks` has it, in the words of LOCK TABLE. */
function modeOf(mode: string): LockMode {
  const words = mode.replace(/Lock$/, '').replace(/([a-z])([A-Z])/g, '$1 $2')
  return words.toUpperCase() as LockMode
}
