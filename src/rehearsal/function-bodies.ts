import type { Rehearsal } from '../model/evidence.js'
import type { Session } from '../sandbox/sandbox.js'
import { shown } from './snapshot.js'

/** What PostgreSQL says of the body of each function, by oid; null when it is in order. */
export type Bodies = ReadonlyMap<string, { readonly name: string; readonly complaint: string | null }>

/**
 * Has PostgreSQL check the bodies of functions in SQL against the schema as it is, which it does by itself only when one is
 * created (https://www.postgresql.org/docs/current/plhandler.html). Each is resolved along its own search_path, or that
 * of the tool's connection. Bodies in other languages are not checked for the names in them, and `BEGIN ATOMIC` bodies cannot lose theirs.
 */
export async function readBodies(session: Session, usual = 'public'): Promise<Bodies> {
  const [listed] = await session.read([FUNCTIONS])
  if (listed === undefined || 'error' in listed) throw new Error(`the functions could not be read: ${listed?.error}`)
  const functions = listed.rows.map(([oid, name, path]) => ({
    oid: oid ?? '',
    name: name ?? '',
    path: path ?? usual,
  }))
  if (functions.length === 0) return new Map()
  const answers = await session.read(functions.flatMap(({ oid, path }) => [along(path), check(oid)]))
  return new Map(
    functions.map(({ oid, name }, at) => {
      const answer = answers[2 * at + 1]
      return [
        oid,
        { name, complaint: answer !== undefined && 'rows' in answer ? null : (answer?.error ?? 'no answer') },
      ]
    }),
  )
}

/** The functions that were in order before and are no longer. */
export function brokenSince(before: Bodies, after: Bodies): Rehearsal['brokenFunctions'] {
  return [...after].flatMap(([oid, { name, complaint }]) => {
    const was = before.get(oid)
    // Whether one may be looked at is not what is asked.
    if (complaint === null || was === undefined || was.complaint !== null || /^permission denied/.test(complaint))
      return []
    return [{ function: shown(name), message: complaint, created: false }]
  })
}

const FUNCTIONS = `
  SELECT p.oid, format('%s(%s)', p.oid::regproc, pg_get_function_identity_arguments(p.oid)),
         (SELECT substr(setting, length('search_path=') + 1) FROM unnest(p.proconfig) setting WHERE setting LIKE 'search\\_path=%')
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
   WHERE l.lanname = 'sql' AND p.prokind IN ('f', 'p') AND p.prosqlbody IS NULL AND p.oid >= 16384 AND n.nspname !~ '^pg_'
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_proc'::regclass
                        AND e.objid = p.oid AND e.deptype = 'e')
   ORDER BY 2`

/** Resolves names along a function's own path, within one reading. */
export function along(path: string): string {
  return `SELECT pg_catalog.set_config('search_path', '${path.replaceAll("'", "''")}', true), pg_catalog.set_config('check_function_bodies', 'on', true)`
}

function check(oid: string): string {
  return `SELECT pg_catalog.fmgr_sql_validator(${oid}::pg_catalog.oid)`
}
