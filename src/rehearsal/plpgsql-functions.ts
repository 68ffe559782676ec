import type { Rehearsal } from '../model/evidence.js'
import type { FunctionBody, FunctionText } from '../model/function-body.js'
import type { SchemaDump, Session } from '../sandbox/sandbox.js'
import { along } from './function-bodies.js'
import type { Readable } from './script-run.js'
import { literal } from './seed/literal.js'
import { shown } from './snapshot.js'
import type { Stage } from './stage.js'

type Broken = Rehearsal['brokenFunctions'][number]

/** What was found, and the functions that were to be looked into and were not. */
interface Watched {
  readonly broken: readonly Broken[]
  readonly unread: readonly string[]
}

/** A function in PL/pgSQL, as the catalog has it. */
interface PlpgsqlFunction extends FunctionText {
  readonly oid: string
  readonly name: string
  readonly path: string
  /** Types of its named parameters. */
  readonly parameters: Readonly<Record<string, string>>
  /** The tables whose triggers call it. */
  readonly tables: readonly string[]
}

/** More functions, or pieces of SQL in them, are not looked at. */
const MOST = { functions: 100, pieces: 1_000 }

/**
 * Looks at the functions in PL/pgSQL that up could break, and returns what tells, after up, which it did break or created
 * broken, and into which it could not look. PostgreSQL resolves the names in a body only when a statement first runs; here each is planned with variables of
 * the declared types, as https://www.postgresql.org/docs/current/plpgsql-implementation.html describes, and not run. What
 * counts is a relation, column or function that does not exist; of anything that is less than certain nothing is said.
 */
export async function watchFunctions(
  { session, bodies, skipped }: Stage,
  up: Readable,
  before: SchemaDump,
  signal: AbortSignal,
): Promise<() => Promise<Watched>> {
  if (bodies === null) return () => Promise.resolve({ broken: [], unread: [] })
  const complaintsOf = async (functions: readonly PlpgsqlFunction[]): Promise<ReadonlyMap<string, Complaint>> => {
    const some = functions.slice(0, MOST.functions)
    const read =
      some.length === 0
        ? []
        : await bodies(
            some.map(({ definition, source }) => ({ definition, source })),
            signal,
          )
    return complaints(session, some, read)
  }
  const known = await list(session, up.searchPath)
  const concerned = concernedBy(up, before)
  const atRisk = known.filter(concerned)
  const was = await complaintsOf(atRisk)
  return async () => {
    const now = await list(session, up.searchPath)
    const isNew = ({ oid, source }: PlpgsqlFunction): boolean =>
      !known.some((each) => each.oid === oid && each.source === source)
    const sound = ({ oid }: PlpgsqlFunction): boolean => was.get(oid)?.message === null
    // What could not run here may be what is missing.
    const asked = now.filter((each) => (isNew(each) ? skipped.length === 0 : sound(each)))
    const is = await complaintsOf(asked)
    const unread = [...atRisk.filter(({ oid }) => !was.has(oid)), ...asked.filter(({ oid }) => !is.has(oid))]
    const broken = asked.flatMap((each): Broken[] => {
      const { message = null, body = null } = is.get(each.oid) ?? {}
      if (message === null || body === null) return []
      const created = isNew(each)
      if (created ? !certainOfNew(each, body, message, before) : !certainOfOld(each, body, message)) return []
      return [{ function: shown(each.name), message, created }]
    })
    return { broken, unread: [...new Set(unread.map(({ name }) => shown(name)))] }
  }
}

/** Functions in which there is a name that up speaks of too, when it does more than add. */
function concernedBy(up: Readable, before: SchemaDump): (each: PlpgsqlFunction) => boolean {
  const text = up.statements.map(({ sql }) => sql).join('\n')
  if (!/\b(?:drop|rename|alter|replace|execute|call|select)\b/i.test(text)) return () => false
  const names = new Set([...before.keys()].flatMap(wordsOf))
  const spoken = new Set(wordsOf(text).filter((word) => names.has(word)))
  return ({ source }) => wordsOf(source).some((word) => spoken.has(word))
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []
}

/** Bodies that ask first what is there may well go another way. */
const ASKS = /\b(?:pg_catalog|pg_class|pg_attribute|pg_proc|pg_tables|information_schema|to_reg\w+)\b/i
const NO_RELATION = /^relation "([^"]+)" does not exist/

function certainOfOld({ source }: PlpgsqlFunction, { changing }: FunctionBody, message: string): boolean {
  if (ASKS.test(source) || /\bundefined_(?:table|column|function)\b/i.test(source)) return false
  return !(changing && NO_RELATION.test(message))
}

/** Of a new one it is not known that it ever ran: its caller may make tables for it, and its branches may be for others. */
function certainOfNew(
  { source, tables }: PlpgsqlFunction,
  { changing, forgiving }: FunctionBody,
  message: string,
  before: SchemaDump,
): boolean {
  if (changing || forgiving || ASKS.test(source) || tables.length > 1 || /\btg_(?:table|rel|argv)/i.test(source))
    return false
  const relation = NO_RELATION.exec(message)?.[1]
  return relation === undefined || relation.includes('.') || before.has(`table public.${relation}`)
}

interface Complaint {
  /** null when nothing is missing. */
  readonly message: string | null
  readonly body: FunctionBody | null
}

/** What is missing to each function; no entry for one that was not looked at. */
async function complaints(
  session: Session,
  functions: readonly PlpgsqlFunction[],
  bodies: readonly (FunctionBody | null)[],
): Promise<ReadonlyMap<string, Complaint>> {
  const asked: { readonly oid: string; readonly path: string; readonly sql: string }[] = []
  const found = new Map<string, Complaint>()
  for (const [at, each] of functions.entries()) {
    const body = bodies[at] ?? null
    const checks = body === null ? [] : checksOf(each, body)
    if (body === null || asked.length + checks.length > MOST.pieces) continue
    found.set(each.oid, { message: null, body })
    asked.push(...checks.map((sql) => ({ oid: each.oid, path: each.path, sql })))
  }
  const answers = await session.read(asked.flatMap(({ path, sql }) => [along(path), PATIENCE, sql]))
  for (const [at, { oid }] of asked.entries()) {
    const answer = answers[3 * at + 2]
    const message = answer !== undefined && 'error' in answer ? MISSING.exec(answer.error)?.[1] : undefined
    const said = found.get(oid)
    if (said?.message === null && message !== undefined) found.set(oid, { ...said, message })
  }
  return found
}

/** Planning may call functions of the migration's own. */
const PATIENCE = `SELECT pg_catalog.set_config('statement_timeout', '1000', true)`
/** What a check says, by its own mark; with other types than at run time another operator might be missing. */
const MARK = 'dba: '
const MISSING = new RegExp(
  `^${MARK}((?:relation|column|function|record) [^]* (?:does not exist|has no field "[^"]*"))$`,
)

/** A statement for each piece of a body, and each table that its triggers are on, that fails when a name is missing. */
function checksOf({ name, parameters, tables, source }: PlpgsqlFunction, body: FunctionBody): readonly string[] {
  const rows = tables.length === 0 ? ['record'] : tables.slice(0, 5).map((table) => `${table}%rowtype`)
  const option = /^\s*#\s*variable_conflict\s+\w+/im.exec(source)?.[0].trim() ?? ''
  const label = quoted(/([^."]+)"?\(/.exec(name)?.[1] ?? 'body')
  return rows.flatMap((row) => {
    const declared = body.variables
      .filter((variable) => variable.name !== 'found' && !variable.name.startsWith('$'))
      .map(({ name: variable, type, parameter }) => {
        const known = variable === 'new' || variable === 'old' ? row : parameter ? parameters[variable] : undefined
        return `${quoted(variable)} ${known ?? type};`
      })
    return body.pieces.flatMap((piece) => {
      const code = `${option}
<<${label}>> DECLARE "dba row" record; ${declared.join(' ')}
BEGIN
FOR "dba row" IN EXPLAIN ${piece}
LOOP END LOOP;
EXCEPTION WHEN undefined_table OR undefined_column OR undefined_function THEN
  RAISE EXCEPTION '%', ${literal(MARK)} || SQLERRM;
WHEN OTHERS THEN NULL;
END`
      return [`DO ${literal(code)}`]
    })
  })
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** All of them, to be resolved along their own search_path, or that of the tool's connection. */
async function list(session: Session, usual = 'public'): Promise<readonly PlpgsqlFunction[]> {
  const [listed] = await session.read([functions(usual)])
  if (listed === undefined || 'error' in listed) throw new Error(`the functions could not be read: ${listed?.error}`)
  return listed.rows.map(([fact]) => JSON.parse(fact ?? '') as PlpgsqlFunction)
}

const functions = (usual: string): string => `
  SELECT json_build_object('oid', p.oid::text, 'source', p.prosrc, 'definition', pg_get_functiondef(p.oid),
         'name', format('%s(%s)', p.oid::regproc, pg_get_function_identity_arguments(p.oid)),
         'path', coalesce((SELECT substr(setting, length('search_path=') + 1) FROM unnest(p.proconfig) setting
                            WHERE setting LIKE 'search\\_path=%'), ${literal(usual)}),
         'parameters', coalesce((SELECT json_object_agg(a.name, format_type(a.type, NULL))
                         FROM unnest(p.proargnames, coalesce(p.proallargtypes, p.proargtypes::oid[])) a (name, type)
                        WHERE a.name <> ''), '{}'),
         'tables', (SELECT coalesce(json_agg(DISTINCT t.tgrelid::regclass::text), '[]') FROM pg_catalog.pg_trigger t
                     WHERE t.tgfoid = p.oid AND NOT t.tgisinternal))
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
   WHERE l.lanname = 'plpgsql' AND p.prokind IN ('f', 'p') AND p.oid >= 16384 AND n.nspname !~ '^pg_' AND n.nspname <> 'dba_sandbox'
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_proc'::regclass
                        AND e.objid = p.oid AND e.deptype = 'e')
   ORDER BY p.oid`
