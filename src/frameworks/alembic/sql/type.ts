import { quote } from '../../../model/names.js'
import { describe, type Value } from '../python/value.js'
import { argumentsOf, parameters, sqlalchemyName, type Parameters, type Translation } from '../translation.js'
import { enumOf } from './enum.js'

/** The name that SQLAlchemy's PostgreSQL compiler gives a type. */
export function typeSql(value: Value, schema: string | null, translation: Translation): string {
  const variant = postgresVariant(value)
  if (variant !== null) return typeSql(variant, schema, translation)
  const name = sqlalchemyName(value)
  if (name === 'Enum' || name === 'ENUM') {
    const type = enumOf(value, schema, translation)
    if (type === null) return ''
    return type.native ? quote({ schema: type.schema ?? '', name: type.name }) : `VARCHAR(${type.longest})`
  }
  const foreign = value.kind === 'call' || value.kind === 'name' ? FOREIGN[value.path] : undefined
  const known = name === null ? undefined : TYPES[name]
  const read = known ?? foreign
  if (read === undefined) return translation.problem(`the type is not understood: ${describe(value)}`)
  if (typeof read === 'string') return nothingGiven(read, value, translation)
  return read((signature) => parameters(argumentsOf(value), { order: signature, ignored: PYTHON_SIDE }, translation), {
    schema,
    translation,
  })
}

/** `Type().with_variant(Other(), 'postgresql')` is the other on PostgreSQL; null for anything but such a call. */
function postgresVariant(value: Value): Value | null {
  if (value.kind !== 'method' || value.name !== 'with_variant') return null
  const [type, ...dialects] = value.positional
  const named = dialects.some((dialect) => dialect.kind === 'string' && dialect.text === 'postgresql')
  const clear = dialects.every(({ kind }) => kind === 'string')
  return clear && type !== undefined ? (named ? type : value.receiver) : null
}

/** Parameters that change what Python makes of values, and nothing in the database. */
const PYTHON_SIDE = new RegExp(
  '^(as_uuid|asdecimal|decimal_return_scale|astext_type|none_as_null|native|second_precision|day_precision|pickler|' +
    'comparator|impl|create_constraint|name|as_tuple|zero_indexes|text_type|cache_ok)$|^_',
)

interface Asked {
  readonly schema: string | null
  readonly translation: Translation
}
type Bind = (order: readonly string[]) => Parameters
type Reader = string | ((bind: Bind, asked: Asked) => string)

function nothingGiven(sql: string, value: Value, translation: Translation): string {
  parameters(argumentsOf(value), { rest: true, keywords: ['length'], ignored: PYTHON_SIDE }, translation)
  return sql
}

function number(given: Parameters, name: string, { translation }: Asked): string | null {
  const value = given.value(name)
  if (value === undefined) return null
  return value.kind === 'number' ? value.text : translation.problem(`${name} is not known`)
}

const text =
  (name: string): Reader =>
  (bind, asked) => {
    const given = bind(['length', 'collation'])
    const length = number(given, 'length', asked)
    const collation = given.optionalString('collation')
    return `${name}${length === null ? '' : `(${length})`}${collation === null ? '' : ` COLLATE "${collation.replaceAll('"', '""')}"`}`
  }

const decimal =
  (name: string): Reader =>
  (bind, asked) => {
    const given = bind(['precision', 'scale', 'decimal_return_scale', 'asdecimal'])
    const precision = number(given, 'precision', asked)
    const scale = number(given, 'scale', asked)
    if (precision === null) return name
    return scale === null ? `${name}(${precision})` : `${name}(${precision}, ${scale})`
  }

const float: Reader = (bind, asked) => {
  const precision = number(bind(['precision', 'asdecimal', 'decimal_return_scale']), 'precision', asked)
  return precision === null ? 'FLOAT' : `FLOAT(${precision})`
}

const double: Reader = (bind) => {
  bind(['precision', 'asdecimal', 'decimal_return_scale'])
  return 'DOUBLE PRECISION'
}

const time =
  (name: string): Reader =>
  (bind, asked) => {
    const given = bind(['timezone', 'precision'])
    const precision = number(given, 'precision', asked)
    return `${name}${precision === null ? '' : `(${precision})`} WITH${given.flag('timezone') === true ? '' : 'OUT'} TIME ZONE`
  }

const interval: Reader = (bind, asked) => {
  const given = bind(['precision', 'fields'])
  const precision = number(given, 'precision', asked)
  const fields = given.optionalString('fields')
  return `INTERVAL${fields === null ? '' : ` ${fields}`}${precision === null ? '' : ` (${precision})`}`
}

const array: Reader = (bind, { schema, translation }) => {
  const given = bind(['item_type', 'as_tuple', 'dimensions', 'zero_indexes'])
  const item = given.value('item_type')
  const dimensions = number(given, 'dimensions', { schema, translation }) ?? '1'
  if (item === undefined) return translation.problem('the array has no item type')
  return typeSql(item, schema, translation) + '[]'.repeat(/^[1-6]$/.test(dimensions) ? Number(dimensions) : 1)
}

const bit: Reader = (bind, asked) => {
  const given = bind(['length', 'varying'])
  const length = number(given, 'length', asked)
  if (given.flag('varying') === true) return `BIT VARYING${length === null ? '' : `(${length})`}`
  return length === null ? 'BIT' : `BIT(${length})`
}

const vector =
  (name: string): Reader =>
  (bind, asked) => {
    const dim = number(bind(['dim']), 'dim', asked)
    return dim === null ? name : `${name}(${dim})`
  }

const uuid: Reader = (bind) => {
  const given = bind(['as_uuid', 'native_uuid'])
  return given.flag('native_uuid') === false ? 'CHAR(32)' : 'UUID'
}

const same = (...names: readonly string[]): Record<string, Reader> =>
  Object.fromEntries(names.map((name) => [name, name]))

const TYPES: Readonly<Record<string, Reader | undefined>> = {
  ...same(
    'INTEGER',
    'SMALLINT',
    'BIGINT',
    'BOOLEAN',
    'DATE',
    'REAL',
    'BYTEA',
    'JSON',
    'JSONB',
    'HSTORE',
    'INET',
    'CIDR',
  ),
  ...same(
    'MACADDR',
    'MACADDR8',
    'TSVECTOR',
    'TSQUERY',
    'MONEY',
    'OID',
    'REGCLASS',
    'REGCONFIG',
    'CITEXT',
    'JSONPATH',
    'XML',
  ),
  ...same('INT4RANGE', 'INT8RANGE', 'NUMRANGE', 'DATERANGE', 'TSRANGE', 'TSTZRANGE'),
  ...same('INT4MULTIRANGE', 'INT8MULTIRANGE', 'NUMMULTIRANGE', 'DATEMULTIRANGE', 'TSMULTIRANGE', 'TSTZMULTIRANGE'),
  Integer: 'INTEGER',
  INT: 'INTEGER',
  SmallInteger: 'SMALLINT',
  BigInteger: 'BIGINT',
  Boolean: 'BOOLEAN',
  Date: 'DATE',
  LargeBinary: 'BYTEA',
  PickleType: 'BYTEA',
  Interval: 'INTERVAL',
  INTERVAL: interval,
  Double: double,
  DOUBLE: double,
  DOUBLE_PRECISION: double,
  String: text('VARCHAR'),
  VARCHAR: text('VARCHAR'),
  Unicode: text('VARCHAR'),
  Text: text('TEXT'),
  TEXT: text('TEXT'),
  UnicodeText: text('TEXT'),
  CHAR: text('CHAR'),
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

/** Types of packages that many projects use; a project's own types are not read. */
const FOREIGN: Readonly<Record<string, Reader | undefined>> = {
  'sqlmodel.sql.sqltypes.AutoString': text('VARCHAR'),
  'sqlmodel.AutoString': text('VARCHAR'),
  'pgvector.sqlalchemy.Vector': vector('VECTOR'),
  'pgvector.sqlalchemy.VECTOR': vector('VECTOR'),
  'pgvector.sqlalchemy.HALFVEC': vector('HALFVEC'),
  'fastapi_users_db_sqlalchemy.generics.GUID': 'UUID',
  'fastapi_users_db_sqlalchemy.generics.TIMESTAMPAware': time('TIMESTAMP'),
  'citext.CIText': 'CITEXT',
}

/** The inner type of an array, or the type itself: where an enum may hide. */
export function itemType(value: Value): Value {
  const variant = postgresVariant(value)
  if (variant !== null) return itemType(variant)
  const [first] = argumentsOf(value).positional
  const item = argumentsOf(value).keywords.get('item_type') ?? first
  return sqlalchemyName(value) === 'ARRAY' && item !== undefined ? itemType(item) : value
}
