import { isA, memberOf } from './classes.js'
import type { Machine } from './machine.js'
import { plainOf } from './operators.js'
import { string, type Arguments, type PythonClass, type Value } from './value.js'

/** A value in terms that a library knows: types, tables and members of enums of the project's own are what they stand for. */
export function exported(value: Value, machine: Machine): Value {
  machine.spend()
  switch (value.kind) {
    case 'class':
      return typeOf(value, { positional: [], keywords: new Map() }, machine) ?? tableOf(value) ?? value
    case 'instance':
      return plainOf(value)
    case 'list':
      return { ...value, items: value.items.map((item) => exported(item, machine)) }
    case 'dict':
      return {
        ...value,
        entries: value.entries.map(({ key, value }) => ({
          key: exported(key, machine),
          value: exported(value, machine),
        })),
      }
    default:
      return value
  }
}

/**
 * What a column type of the project's own is in the database (https://docs.sqlalchemy.org/en/20/core/custom_types.html): a
 * `TypeDecorator` is its `impl`, or what `load_dialect_impl` gives on PostgreSQL. null for any other class.
 */
export function typeOf(of: PythonClass, given: Arguments, machine: Machine): Value | null {
  if (!isA(of, /(^|\.)TypeDecorator$/)) {
    const [base] = of.bases
    const isType = base?.kind === 'name' && /^sqlalchemy\..*\b[A-Za-z]\w*$/.test(base.path) && isSubtype(base.path)
    return isType && !of.members.has('get_col_spec') ? { kind: 'call', path: base.path, ...given } : null
  }
  const loads = memberOf(of, 'load_dialect_impl')
  if (loads?.kind === 'function') {
    const dialect: Value = { kind: 'name', path: 'alembic.dialect' }
    const self: Value = { kind: 'instance', of, attributes: new Map() }
    return machine.call({ ...loads, self }, { positional: [dialect], keywords: new Map() }, 'load_dialect_impl')
  }
  const impl = memberOf(of, 'impl')
  if (impl === undefined) return null
  const init = memberOf(of, '__init__') !== undefined
  if (impl.kind === 'class') return typeOf(impl, given, machine)
  const isPlain = !init && impl.kind === 'name' && given.positional.length + given.keywords.size > 0
  return isPlain ? { kind: 'call', path: impl.path, ...given } : impl
}

/** Types that projects derive their own from without changing what the database sees. */
function isSubtype(path: string): boolean {
  return /\.(String|Text|Unicode|Integer|BigInteger|SmallInteger|Boolean|DateTime|TIMESTAMP|JSON|JSONB|UUID|Uuid|LargeBinary|Numeric|Interval)$/.test(
    path,
  )
}

/** A column of a declarative class, as a column of its table; null for anything else. */
export function columnOf(of: PythonClass, name: string): Value | null {
  const member = memberOf(of, name)
  if (member?.kind !== 'call' || !COLUMN.test(member.path)) return null
  const table = tableOf(of)
  if (table === null) return null
  const [first] = member.positional
  const receiver: Value = { kind: 'attribute', receiver: table, name: 'c' }
  return { kind: 'attribute', receiver, name: first?.kind === 'string' ? first.text : name }
}

const COLUMN = /\.(Column|mapped_column)$/

/** The table of each declarative class: whatever speaks of it means the same one. */
const tables = new WeakMap<PythonClass, Value | null>()

/** The table of a declarative class, as `sa.table`; null for any other class. */
export function tableOf(of: PythonClass): Value | null {
  const known = tables.get(of)
  if (known !== undefined) return known
  const table = tableFrom(of)
  tables.set(of, table)
  return table
}

function tableFrom(of: PythonClass): Value | null {
  const name = of.members.get('__table__') ?? memberOf(of, '__tablename__')
  if (name?.kind === 'call') return name
  if (name?.kind !== 'string') return null
  const columns = [...of.members].flatMap(([key, value]): Value[] => {
    if (value.kind !== 'call' || !COLUMN.test(value.path)) return []
    const [first] = value.positional
    if (first?.kind === 'string') return [value]
    return [{ ...value, path: 'sqlalchemy.Column', positional: [string(key), ...value.positional] }]
  })
  const schema = schemaOf(memberOf(of, '__table_args__'))
  return {
    ...{ kind: 'call', path: 'sqlalchemy.table', positional: [name, ...columns] },
    keywords: new Map(schema === undefined ? [] : [['schema', schema]]),
  }
}

function schemaOf(value: Value | undefined): Value | undefined {
  const options = value?.kind === 'list' ? value.items.at(-1) : value
  if (options?.kind !== 'dict') return undefined
  return options.entries.find(({ key }) => key.kind === 'string' && key.text === 'schema')?.value
}
