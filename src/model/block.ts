import type { Operation, OperationKind } from './operation.js'
import type { DoBlock } from './operations/data.js'

const DATA: ReadonlySet<OperationKind> = new Set<OperationKind>([
  ...(['insert', 'update', 'delete', 'merge', 'copy', 'select', 'do', 'call', 'set'] as const),
  ...(['lock-table', 'transaction', 'analyze', 'vacuum', 'unmodelled', 'comment'] as const),
])

/** What a DO block does to the schema, as far as its statements can be read. */
export function schemaChangesOf({ inner }: DoBlock): readonly Operation[] {
  return inner.filter(isSchemaChange)
}

/** Whether an operation changes the schema; comments do not. */
export function isSchemaChange({ kind }: Operation): boolean {
  return !DATA.has(kind)
}

/** Whether a body in PL/pgSQL catches exceptions inside a loop, so that every pass is a subtransaction. */
export function catchesInLoop(body: string): boolean {
  let depth = 0
  for (const [word] of withoutText(body).matchAll(/\bend\s+loop\b|\bloop\b|\bexception\s+when\b/gi)) {
    if (/^end/i.test(word)) depth--
    else if (/^loop/i.test(word)) depth++
    else if (depth > 0) return true
  }
  return false
}

/** What a block's branches hang on, and how it is called there. */
export interface Environment {
  readonly kind: 'server' | 'setting' | 'time' | 'data'
  readonly what: string
}

/** What tells this very server from a copy of it: a migration has no honest use for that. */
const SERVER = /\b(inet_server_addr|inet_server_port|inet_client_addr|pg_postmaster_start_time|pg_conf_load_time)\s*\(/i
const SETTING = /\b(current_setting|current_database|current_catalog|version)\s*\(/i
/** In a condition only: elsewhere they are values like others. */
const ROLE = /\b(current_user|session_user|current_role|current_database|current_catalog)\b/i
const TIME =
  /\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(|\b(current_date|current_timestamp|localtimestamp)\b/i
const READS = /\bfrom\s+(?:only\s+)?((?:"[^"]+"|\w+)(?:\s*\.\s*(?:"[^"]+"|\w+))?)/gi

/**
 * What decides in a DO block whether the schema is changed, beyond the schema itself: the server, its settings, the time, or
 * rows. null where nothing does, as in a block that asks the system catalogs whether something is there.
 */
export function environmentOf(block: DoBlock): Environment | null {
  if (block.language !== 'plpgsql' || (!block.dynamic && schemaChangesOf(block).length === 0)) return null
  const body = withoutText(block.body)
  const conditions = [...body.matchAll(/\b(?:els(?:e)?)?if\b([^;]*?)\bthen\b|\bcase\b([^;]*?)\bend\b/gi)].map(
    ([text]) => text,
  )
  if (conditions.length === 0) return null
  const tests = conditions.join('\n')
  return (
    found('server', SERVER.exec(body)) ??
    found('setting', SETTING.exec(body) ?? ROLE.exec(tests)) ??
    found('time', TIME.exec(tests)) ??
    rowsOf(tests) ??
    rowsOf([...body.matchAll(/\bselect\b[^;]*\binto\b[^;]*/gi)].map(([text]) => text).join('\n'))
  )
}

function found(kind: Environment['kind'], match: RegExpExecArray | null): Environment | null {
  const what = match?.[1] ?? match?.[2]
  return what === undefined ? null : { kind, what: what.toLowerCase() }
}

/** The first table of the user's own that a query reads. */
function rowsOf(text: string): Environment | null {
  const names = [...text.matchAll(READS)].map(([, name = '']) => name.replaceAll(/["\s]/g, ''))
  const what = names.find((name) => !/^(pg_|information_schema\b)/i.test(name))
  return what === undefined ? null : { kind: 'data', what }
}

/** Without comments, and with nothing in its string literals. */
function withoutText(body: string): string {
  return body.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, (piece) => (piece.startsWith("'") ? "''" : ' '))
}
