import type { Value } from '../python/value.js'
import { argumentsOf } from '../translation.js'
import { sized, text, time, type TypeReader } from './type-readers.js'

/** Text of a length that a package chooses where nothing is said. */
const upTo =
  (length: number, order: readonly string[], parameter: string): TypeReader =>
  (bind, { translation }) => {
    const given = bind(order).value(parameter)
    if (given === undefined) return `VARCHAR(${length})`
    return `VARCHAR(${given.kind === 'number' ? given.text : translation.problem(`${parameter} is not known`)})`
  }

/** `ChoiceType(choices, impl=…)`: what it stores is the other type. */
const choice: TypeReader = (bind, { inner }) => {
  const impl = bind(['choices', 'impl']).value('impl')
  return impl === undefined ? 'VARCHAR(255)' : inner(impl)
}

const uuid: TypeReader = (bind) => {
  const given = bind(['binary', 'native'])
  if (given.flag('native') !== false) return 'UUID'
  return given.flag('binary') === false ? 'VARCHAR(32)' : 'BINARY(16)'
}

/** `Geometry(geometry_type, srid, …)` of GeoAlchemy 2. */
const spatial =
  (name: string): TypeReader =>
  (bind, { translation }) => {
    const order = ['geometry_type', 'srid', 'dimension', 'spatial_index', 'use_N_D_index', 'use_typmod', 'from_text']
    const given = bind([...order, 'nullable', 'management'])
    if (given.flag('use_typmod') === false || given.flag('management') === true)
      return translation.problem('a geometry column that is added by AddGeometryColumn')
    if (given.has('geometry_type') && given.value('geometry_type') === undefined) return name
    const srid = given.value('srid')
    const number =
      srid === undefined ? '-1' : srid.kind === 'number' ? srid.text : translation.problem('srid is not known')
    return `${name}(${(given.optionalString('geometry_type') ?? 'GEOMETRY').toUpperCase()},${number})`
  }

/** Types by the name of the class. */
const UTILS: Readonly<Record<string, TypeReader | undefined>> = {
  ArrowType: time('TIMESTAMP'),
  ChoiceType: choice,
  ColorType: upTo(20, ['max_length'], 'max_length'),
  CountryType: 'VARCHAR(2)',
  CurrencyType: 'VARCHAR(3)',
  DateRangeType: 'DATERANGE',
  DateTimeRangeType: 'TSRANGE',
  EmailType: upTo(255, ['length'], 'length'),
  IPAddressType: upTo(50, ['max_length'], 'max_length'),
  Int8RangeType: 'INT8RANGE',
  IntRangeType: 'INT4RANGE',
  JSONType: 'JSON',
  LocaleType: 'VARCHAR(10)',
  LtreeType: 'LTREE',
  LTREE: 'LTREE',
  NumericRangeType: 'NUMRANGE',
  PhoneNumberType: upTo(20, ['region', 'max_length'], 'max_length'),
  TSVectorType: 'TSVECTOR',
  TimezoneType: (bind) => {
    bind(['backend'])
    return 'VARCHAR(50)'
  },
  URLType: 'TEXT',
  UUIDType: uuid,
  WeekDaysType: 'BIT(7)',
}

const GEO: Readonly<Record<string, TypeReader | undefined>> = {
  Geometry: spatial('geometry'),
  Geography: spatial('geography'),
  Raster: (bind) => {
    bind(['spatial_index', 'from_text', 'nullable'])
    return 'raster'
  },
}

const VECTORS: Readonly<Record<string, TypeReader | undefined>> = {
  Vector: sized('VECTOR', 'dim'),
  VECTOR: sized('VECTOR', 'dim'),
  HALFVEC: sized('HALFVEC', 'dim'),
  SPARSEVEC: sized('SPARSEVEC', 'dim'),
  BIT: (bind, { translation }) => {
    const length = bind(['length']).value('length')
    return `BIT(${length === undefined ? '1' : length.kind === 'number' ? length.text : translation.problem('length is not known')})`
  },
}

const ADVANCED: Readonly<Record<string, TypeReader | undefined>> = {
  GUID: (bind) => {
    bind(['length', 'binary'])
    return 'UUID'
  },
  DateTimeUTC: 'TIMESTAMP WITH TIME ZONE',
  BigIntIdentity: 'BIGINT',
  JsonB: 'JSONB',
}

/** Packages that many projects use, by the beginning of a dotted name; a project's own types are not read. */
const PACKAGES: readonly (readonly [RegExp, Readonly<Record<string, TypeReader | undefined>>])[] = [
  [/^sqlalchemy_utils\./, UTILS],
  [/^geoalchemy2\./, GEO],
  [/^pgvector\.sqlalchemy\./, VECTORS],
  [/^advanced_alchemy\./, ADVANCED],
  [/^sqlmodel\./, { AutoString: text('VARCHAR'), UTCDateTime: 'TIMESTAMP WITH TIME ZONE' }],
  [/^fastapi_users_db_sqlalchemy\./, { GUID: 'UUID', TIMESTAMPAware: time('TIMESTAMP') }],
  [/^fastapi_utils\./, { GUID: 'UUID' }],
  [/^citext\./, { CIText: 'CITEXT' }],
  [/^sqlalchemy_json\./, { MutableJson: 'JSON', NestedMutableJson: 'JSON' }],
  [/^tsvector\.|^sqlalchemy_searchable\./, { TSVectorType: 'TSVECTOR' }],
]

/** How a package's type is written; undefined for a type that is not known. */
export function packageType(value: Value): TypeReader | undefined {
  if (value.kind !== 'call' && value.kind !== 'name') return undefined
  const name = value.path.slice(value.path.lastIndexOf('.') + 1)
  return PACKAGES.find(([path]) => path.test(value.path))?.[1][name]
}

/** The index that GeoAlchemy 2 makes by itself for a column of a type; null for none. */
export function spatialIndexKey(type: Value): { readonly raster: boolean; readonly suffix: string } | null {
  if (type.kind !== 'call' && type.kind !== 'name') return null
  const name = type.path.slice(type.path.lastIndexOf('.') + 1)
  if (!type.path.startsWith('geoalchemy2.') || GEO[name] === undefined) return null
  const { keywords, positional } = argumentsOf(type)
  const index = keywords.get('spatial_index') ?? positional[name === 'Raster' ? 0 : 3]
  if (index?.kind === 'boolean' && !index.is) return null
  const many = keywords.get('use_N_D_index') ?? (name === 'Raster' ? undefined : positional[4])
  const isMany = many?.kind === 'boolean' && many.is
  return { raster: name === 'Raster', suffix: isMany ? ' gist_geometry_ops_nd' : '' }
}
