import type { Operation } from '../model/operation.js'

const ON = ['on', 'true', 'yes', '1']
/** Settings that decide how PostgreSQL cuts text into tokens, with the values under which it does so as the parser here. */
const LEXING_SETTINGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['standard_conforming_strings', ON],
  ['escape_string_warning', ON],
  ['backslash_quote', ['safe_encoding']],
  ['client_encoding', ['utf8', 'unicode', 'sqlascii']],
])
const COMPUTED = 'set_config with a name made at run time'
const NAMED = new RegExp([...LEXING_SETTINGS.keys()].join('|'), 'i')
const COMPUTED_NAME = /\bset_config\s*\(\s*(?!'[^']*'\s*,)/i
const WORTH_A_LOOK =
  /conforming|backslash_quote|escape_string|client_encoding|set_config|pg_settings|names|u&["']|(?<![a-z_])e'/i

/** Whether a text may touch a setting that decides how text is read: a cheap question to ask before the exact one. */
export function mayChangeLexing(sql: string): boolean {
  return WORTH_A_LOOK.test(sql)
}

/**
 * What in a statement changes how PostgreSQL reads the text that follows, or null. A parser knows only the default
 * settings; under others it sees a string where PostgreSQL sees a statement.
 */
export function lexingChange(node: unknown, operations: readonly Operation[]): string | null {
  return changeInTree(node) ?? changeInBlocks(operations)
}

/** A setting whose name only shows when a DO block's own literals are read. */
function changeInBlocks(operations: readonly Operation[]): string | null {
  const inner = operations.flatMap((operation) => (operation.kind === 'do' ? operation.inner : []))
  const change = inner.find(
    (operation) => operation.kind === 'set' && LEXING_SETTINGS.has(operation.name.toLowerCase()),
  )
  return change?.kind === 'set' ? change.name.toLowerCase() : null
}

function changeInTree(node: unknown): string | null {
  const waiting: unknown[] = [node]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value === 'string') {
      const name = NAMED.exec(value)?.[0]
      if (name !== undefined) return name.toLowerCase()
      if (COMPUTED_NAME.test(value)) return COMPUTED
      continue
    }
    if (typeof value !== 'object' || value === null) continue
    const fields = value as Readonly<Record<string, unknown>>
    const variable = setVariable(fields)
    if (variable) {
      if (!variable.harmless) return variable.name
      continue
    }
    if ('VariableShowStmt' in fields || isCall(fields, 'current_setting')) continue
    if (isCall(fields, 'set_config') && !hasConstantName(fields)) return COMPUTED
    if (relationOfUpdate(fields) === 'pg_settings') return 'UPDATE of pg_settings'
    waiting.push(...Object.values(fields))
  }
  return null
}

/** A SET or RESET of a lexing setting, wherever it stands: on its own, in ALTER ROLE, in CREATE FUNCTION. */
function setVariable(fields: Readonly<Record<string, unknown>>): { name: string; harmless: boolean } | null {
  const { kind, name, args } = fields
  if (typeof kind !== 'string' || !kind.startsWith('VAR_') || typeof name !== 'string') return null
  const accepted = LEXING_SETTINGS.get(name.toLowerCase())
  if (!accepted) return null
  if (kind !== 'VAR_SET_VALUE') return { name: name.toLowerCase(), harmless: true }
  const value = Array.isArray(args) && args.length === 1 ? constant(args[0]) : null
  const plain = value?.toLowerCase().replace(/[^a-z0-9]/g, '')
  return { name: name.toLowerCase(), harmless: accepted.some((good) => good.replace('_', '') === plain) }
}

function constant(node: unknown): string | null {
  const value = (node as { A_Const?: { sval?: { sval?: string }; ival?: { ival?: number } } } | null)?.A_Const
  if (value?.sval) return value.sval.sval ?? ''
  return value?.ival ? String(value.ival.ival ?? 0) : null
}

type Call = { readonly FuncCall?: { readonly funcname?: readonly { String?: { sval?: string } }[]; args?: unknown[] } }

function isCall(fields: object, name: string): boolean {
  return (fields as Call).FuncCall?.funcname?.at(-1)?.String?.sval === name
}

function hasConstantName(fields: object): boolean {
  return constant((fields as Call).FuncCall?.args?.[0]) !== null
}

function relationOfUpdate(fields: object): string | undefined {
  return (fields as { UpdateStmt?: { relation?: { relname?: string } } }).UpdateStmt?.relation?.relname
}
