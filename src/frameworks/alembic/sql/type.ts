import { describe, type Value } from '../python/value.js'
import { argumentsOf, sqlalchemyName, type Translation } from '../translation.js'
import { domainName } from './domain.js'
import { enumName, enumOf } from './enum.js'
import { packageType } from './type-packages.js'
import {
  array,
  bit,
  decimal,
  double,
  float,
  interval,
  pickled,
  readType,
  sized,
  text,
  time,
  uuid,
  type TypeReader,
} from './type-readers.js'

/** The name that SQLAlchemy's PostgreSQL compiler gives a type. */
export function typeSql(value: Value, schema: string | null, translation: Translation): string {
  const variant = postgresVariant(value)
  if (variant !== null) return typeSql(variant, schema, translation)
  const name = sqlalchemyName(value)
  if (name === 'Enum' || name === 'ENUM') {
    const type = enumOf(value, schema, translation)
    if (type === null) return ''
    return type.native ? enumName(type) : `VARCHAR${type.length === null ? '' : `(${type.length})`}`
  }
  if (name === 'DOMAIN') return domainName(value, translation) ?? ''
  const read = name === null ? packageType(value) : TYPES[name]
  if (read === undefined) return translation.problem(`the type is not understood: ${describe(value)}`)
  return readType(read, value, { translation, inner: (inner) => typeSql(inner, schema, translation) })
}

/** `Type().with_variant(Other(), 'postgresql')` is the other on PostgreSQL; null for anything but such a call. */
export function postgresVariant(value: Value): Value | null {
  if (value.kind !== 'method' || value.name !== 'with_variant') return null
  const [type, ...dialects] = value.positional
  const named = dialects.some((dialect) => dialect.kind === 'string' && dialect.text === 'postgresql')
  const clear = dialects.every(({ kind }) => kind === 'string')
  return clear && type !== undefined ? (named ? type : value.receiver) : null
}

const same = (...names: readonly string[]): Record<string, TypeReader> =>
  Object.fromEntries(names.map((name) => [name, name]))

const TYPES: Readonly<Record<string, TypeReader | undefined>> = {
  ...same('INTEGER', 'SMALLINT', 'BIGINT', 'BOOLEAN', 'DATE', 'REAL', 'BYTEA', 'JSON', 'JSONB', 'HSTORE', 'INET'),
  ...same('CIDR', 'MACADDR', 'MACADDR8', 'TSVECTOR', 'TSQUERY', 'MONEY', 'OID', 'REGCLASS', 'REGCONFIG', 'JSONPATH'),
  ...same('INT4RANGE', 'INT8RANGE', 'NUMRANGE', 'DATERANGE', 'TSRANGE', 'TSTZRANGE', 'DATETIME', 'BLOB', 'DOUBLE'),
  ...same('INT4MULTIRANGE', 'INT8MULTIRANGE', 'NUMMULTIRANGE', 'DATEMULTIRANGE', 'TSMULTIRANGE', 'TSTZMULTIRANGE'),
  Integer: 'INTEGER',
  INT: 'INTEGER',
  SmallInteger: 'SMALLINT',
  BigInteger: 'BIGINT',
  Boolean: 'BOOLEAN',
  Date: 'DATE',
  LargeBinary: 'BYTEA',
  Binary: 'BYTEA',
  PickleType: pickled,
  Interval: 'INTERVAL',
  INTERVAL: interval,
  Double: double,
  DOUBLE_PRECISION: double,
  String: text('VARCHAR'),
  VARCHAR: text('VARCHAR'),
  Unicode: text('VARCHAR'),
  Text: text('TEXT'),
  TEXT: text('TEXT'),
  UnicodeText: text('TEXT'),
  CHAR: text('CHAR'),
  NCHAR: text('NCHAR'),
  NVARCHAR: text('NVARCHAR'),
  CITEXT: 'CITEXT',
  CLOB: 'CLOB',
  BINARY: sized('BINARY'),
  VARBINARY: sized('VARBINARY'),
  Numeric: decimal('NUMERIC'),
  NUMERIC: decimal('NUMERIC'),
  DECIMAL: decimal('DECIMAL'),
  Float: float,
  FLOAT: float,
  DateTime: time('TIMESTAMP'),
  TIMESTAMP: time('TIMESTAMP'),
  Time: time('TIME'),
  TIME: time('TIME'),
  UUID: uuid,
  Uuid: uuid,
  ARRAY: array,
  BIT: bit,
}

/** The inner type of an array, or the type itself: where an enum may hide. */
export function itemType(value: Value): Value {
  const variant = postgresVariant(value)
  if (variant !== null) return itemType(variant)
  const [first] = argumentsOf(value).positional
  const item = argumentsOf(value).keywords.get('item_type') ?? first
  return sqlalchemyName(value) === 'ARRAY' && item !== undefined ? itemType(item) : value
}
