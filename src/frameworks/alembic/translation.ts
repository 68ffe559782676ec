import type { QualifiedName } from '../../model/names.js'
import { describe, type Arguments, type Value } from './python/value.js'

/** What a translation may say and must remember on its way. */
export interface Translation {
  /** Says that part of a call is not understood: then none of the call is sent. Gives an empty text, to go on with. */
  problem(reason: string): string
  /** Says that Alembic refuses the call, whatever the database is like; a problem as well. */
  fails(reason: string): string
  /** Enum types that this run has created; Alembic creates none of them twice. */
  readonly createdTypes: Set<string>
  /** How constraints and indexes without a name are named, by kind (`ix`, `uq`, `fk`, `pk`, `ck`), where the metadata says so. */
  readonly naming?: ReadonlyMap<string, string> | null
}

/** Which parameters a call may have. */
export interface Signature {
  /** Parameters that may be given by place, in order. */
  readonly order?: readonly string[]
  /** Whether more values may follow by place. */
  readonly rest?: boolean
  readonly keywords?: readonly string[]
  /** Keywords that PostgreSQL never hears of. */
  readonly ignored?: RegExp
}

/** The parameters of one call, by name. */
export interface Parameters {
  readonly rest: readonly Value[]
  has(name: string): boolean
  /** Undefined when it is absent or None. */
  value(name: string): Value | undefined
  /** Empty, with a problem said, when it is absent or no known string. */
  string(name: string): string
  optionalString(name: string): string | null
  flag(name: string): boolean | null
  strings(name: string): readonly string[]
}

/** Keywords for other databases, and notes for Python alone. */
export const ELSEWHERE =
  /^(info$|(mysql|mariadb|mssql|sqlite|oracle|bigquery|snowflake|redshift|cockroachdb|clickhouse|databricks)_)/

/** A call of an operation: `op.x(…)`, or `batch_op.x(…)`, where the table is said already. */
export interface OperationCall extends Arguments {
  readonly batch: { readonly table: string; readonly schema: string | null } | null
}

/** Binds an operation's arguments; in a batch, the parameters `table` and `schema` are those of the batch. */
export function operationParameters(
  call: OperationCall,
  signature: Signature & { readonly table: string; readonly schema?: string },
  translation: Translation,
): Parameters & { readonly target: QualifiedName } {
  const { table, schema = 'schema', order = [] } = signature
  const { batch } = call
  if (batch === null) {
    const given = parameters(call, { ...signature, keywords: [...(signature.keywords ?? []), schema] }, translation)
    return { ...given, target: { schema: given.optionalString(schema) ?? '', name: given.string(table) } }
  }
  const given = parameters(call, { ...signature, order: order.filter((name) => name !== table) }, translation)
  return { ...given, target: { schema: batch.schema ?? '', name: batch.table } }
}

/** Binds a call's arguments to names; whatever does not fit the signature is a problem. */
export function parameters(call: Arguments, signature: Signature, translation: Translation): Parameters {
  const { order = [], keywords = [], rest = false, ignored = ELSEWHERE } = signature
  const bound = new Map<string, Value>()
  call.positional.slice(0, order.length).forEach((value, index) => bound.set(order[index] ?? '', value))
  const more = call.positional.slice(order.length)
  if (more.length > 0 && !rest) translation.problem('it is given more values than are understood')
  for (const [name, value] of call.keywords) {
    if (order.includes(name) || keywords.includes(name)) bound.set(name, value)
    else if (!ignored.test(name)) translation.problem(`the parameter ${name} is not understood`)
  }
  const value = (name: string): Value | undefined => {
    const given = bound.get(name)
    return given?.kind === 'none' ? undefined : given
  }
  const optionalString = (name: string): string | null => {
    const given = value(name)
    if (given === undefined) return null
    return textOf(given, translation)
  }
  return {
    rest: more,
    has: (name) => bound.has(name),
    value,
    optionalString,
    string: (name) => optionalString(name) ?? missing(name, bound.has(name), translation),
    flag: (name) => {
      const given = value(name)
      if (given === undefined) return null
      if (given.kind === 'boolean') return given.is
      translation.problem(describe(given))
      return null
    },
    strings: (name) => {
      const given = value(name)
      if (given === undefined) return []
      if (given.kind === 'string') return [given.text]
      if (given.kind === 'list') return given.items.map((item) => textOf(item, translation))
      return [translation.problem(describe(given))]
    },
  }
}

/** What a call lacks: Python refuses a call without a parameter that has no default. */
function missing(name: string, isGiven: boolean, translation: Translation): string {
  const isRequired = /^((old_|new_)?table_name|column_name|index_name)$/.test(name)
  return translation[isRequired && !isGiven ? 'fails' : 'problem'](`${name} is missing`)
}

/** The text of a string, also one that `op.f` marks as final. */
export function textOf(value: Value, translation: Translation): string {
  if (value.kind === 'string') return value.text
  const [name, extra] = value.kind === 'call' || value.kind === 'method' ? value.positional : []
  const marks =
    (value.kind === 'call' && /^alembic\.(op|batch_\d+)\.f$/.test(value.path)) ||
    (value.kind === 'method' && value.name === 'f')
  if (marks && name?.kind === 'string' && extra === undefined) return name.text
  return translation.problem(describe(value))
}

/** The last part of the dotted name of something from SQLAlchemy; null for anything else, and for functions of the database. */
export function sqlalchemyName(value: Value): string | null {
  if ((value.kind !== 'name' && value.kind !== 'call') || /\.func(tions)?\./.test(value.path)) return null
  return /^sqlalchemy(?:\.\w+)*\.(\w+)$/.exec(value.path)?.[1] ?? null
}

/** What a call is given; nothing for a class that is named without being called. */
export function argumentsOf(value: Value): Arguments {
  return value.kind === 'call' || value.kind === 'method' ? value : { positional: [], keywords: new Map() }
}
