import type { Entry } from '../python/value.js'

/** What SQLAlchemy knows of the type of an expression, as far as it changes what is written. */
export interface DataType {
  readonly kind: 'string' | 'number' | 'integer' | 'boolean' | 'json' | 'jsonb' | 'array' | 'hstore' | 'other' | 'none'
  /** The type's name in SQL. */
  readonly sql: string
  /** What an array holds. */
  readonly item: DataType | null
  /** Why values of the type cannot be written down, for a type that is not known. */
  readonly unknown: string | null
  /** Of an enum made from a class of Python: its members, each with the label that is stored for it. */
  readonly members?: readonly Entry[]
}

export const NO_TYPE: DataType = { kind: 'none', sql: '', item: null, unknown: null }
export const BOOLEAN: DataType = { kind: 'boolean', sql: 'BOOLEAN', item: null, unknown: null }
export const STRING: DataType = { kind: 'string', sql: 'VARCHAR', item: null, unknown: null }
export const INTEGER: DataType = { kind: 'integer', sql: 'INTEGER', item: null, unknown: null }
export const NUMERIC: DataType = { kind: 'number', sql: 'NUMERIC', item: null, unknown: null }
export const OTHER: DataType = { kind: 'other', sql: '', item: null, unknown: null }

const KINDS: readonly (readonly [RegExp, DataType['kind']])[] = [
  [/\[\]( COLLATE .*)?$/, 'array'],
  [/^(VARCHAR|TEXT|CHAR|NCHAR|NVARCHAR|CITEXT)\b/, 'string'],
  [/^(INTEGER|BIGINT|SMALLINT)$/, 'integer'],
  [/^(NUMERIC|DECIMAL|FLOAT|DOUBLE PRECISION|REAL)\b/, 'number'],
  [/^BOOLEAN$/, 'boolean'],
  [/^JSONB$/, 'jsonb'],
  [/^JSON$/, 'json'],
  [/^HSTORE$/, 'hstore'],
]

/** The type that has this name in SQL. */
export function typeOfSql(sql: string): DataType {
  const kind = KINDS.find(([form]) => form.test(sql))?.[1] ?? 'other'
  const item = kind === 'array' ? typeOfSql(sql.replace(/(\[\])+(?= COLLATE|$)/, '')) : null
  return { kind, sql, item, unknown: null }
}
