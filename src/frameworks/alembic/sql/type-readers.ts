import type { Value } from '../python/value.js'
import { argumentsOf, parameters, type Parameters, type Translation } from '../translation.js'
import { identifier } from './identifier.js'

/** Parameters that change what Python makes of values, and nothing in the database. */
const PYTHON_SIDE =
  /^(as_uuid|asdecimal|decimal_return_scale|astext_type|none_as_null|native|second_precision|day_precision|pickler|comparator|protocol|create_constraint|name|as_tuple|zero_indexes|text_type|cache_ok|regconfig|catalog|weights|auto_index|quote|_\w*)$/

/** What a type's parameters are read with. */
export interface Asked {
  readonly translation: Translation
  /** Another type inside this one. */
  readonly inner: (value: Value) => string
}
type Bind = (order: readonly string[]) => Parameters

/** How a type is written: as it is, or by what it is given. */
export type TypeReader = string | ((bind: Bind, asked: Asked) => string)

/** The type as SQL. */
export function readType(read: TypeReader, value: Value, asked: Asked): string {
  const { translation } = asked
  if (typeof read === 'string') {
    parameters(argumentsOf(value), { rest: true, keywords: ['length'], ignored: PYTHON_SIDE }, translation)
    return read
  }
  return read((order) => parameters(argumentsOf(value), { order, ignored: PYTHON_SIDE }, translation), asked)
}

function number(given: Parameters, name: string, { translation }: Asked): string | null {
  const value = given.value(name)
  if (value === undefined) return null
  return value.kind === 'number' ? value.text : translation.problem(`${name} is not known`)
}

/** A number of which SQLAlchemy takes 0 for none. */
function positive(given: Parameters, name: string, asked: Asked): string | null {
  const text = number(given, name, asked)
  return text === '0' ? null : text
}

/** Text with a length and a collation. */
export const text =
  (name: string): TypeReader =>
  (bind, asked) => {
    const given = bind(['length', 'collation', 'collation_schema', 'convert_unicode', 'unicode_error'])
    const length = positive(given, 'length', asked)
    const collation = given.optionalString('collation')
    const schema = given.optionalString('collation_schema') ?? ''
    return `${name}${length === null ? '' : `(${length})`}${collation === null ? '' : ` COLLATE ${identifier({ schema, name: collation })}`}`
  }

/** Exact numbers. */
export const decimal =
  (name: string): TypeReader =>
  (bind, asked) => {
    const given = bind(['precision', 'scale', 'decimal_return_scale', 'asdecimal'])
    const precision = number(given, 'precision', asked)
    const scale = number(given, 'scale', asked)
    if (precision === null) return name
    return scale === null ? `${name}(${precision})` : `${name}(${precision}, ${scale})`
  }

/** Floating point. */
export const float: TypeReader = (bind, asked) => {
  const precision = positive(bind(['precision', 'asdecimal', 'decimal_return_scale']), 'precision', asked)
  return precision === null ? 'FLOAT' : `FLOAT(${precision})`
}

/** Time or timestamp, whose first parameter is the time zone. */
export const time =
  (name: string): TypeReader =>
  (bind, asked) => {
    const given = bind(['timezone', 'precision'])
    const precision = number(given, 'precision', asked)
    return `${name}${precision === null ? '' : `(${precision})`} WITH${given.flag('timezone') === true ? '' : 'OUT'} TIME ZONE`
  }

/** Floating point of a size that PostgreSQL does not ask for. */
export const double: TypeReader = (bind) => {
  bind(['precision', 'asdecimal', 'decimal_return_scale'])
  return 'DOUBLE PRECISION'
}

/** INTERVAL of PostgreSQL. */
export const interval: TypeReader = (bind, asked) => {
  const given = bind(['precision', 'fields'])
  const precision = number(given, 'precision', asked)
  const fields = given.optionalString('fields')
  return `INTERVAL${fields === null ? '' : ` ${fields}`}${precision === null ? '' : ` (${precision})`}`
}

/** An array of another type. */
export const array: TypeReader = (bind, asked) => {
  const { translation, inner } = asked
  const given = bind(['item_type', 'as_tuple', 'dimensions', 'zero_indexes'])
  const item = given.value('item_type')
  const dimensions = number(given, 'dimensions', asked) ?? '1'
  if (item === undefined) return translation.problem('the array has no item type')
  if (!/^[1-6]$/.test(dimensions)) translation.problem(`an array of ${dimensions} dimensions`)
  return inner(item).replace(/((?: COLLATE.*)?)$/, `${'[]'.repeat(Number(dimensions) || 1)}$1`)
}

/** Bit strings. */
export const bit: TypeReader = (bind, asked) => {
  const given = bind(['length', 'varying'])
  const length = positive(given, 'length', asked)
  if (given.flag('varying') === true) return `BIT VARYING${length === null ? '' : `(${length})`}`
  return `BIT(${length ?? '1'})`
}

/** A name with a number of bytes or dimensions. */
export const sized =
  (name: string, parameter = 'length'): TypeReader =>
  (bind, asked) => {
    const size = positive(bind([parameter]), parameter, asked)
    return size === null ? name : `${name}(${size})`
  }

/** UUID, or the text that stands for one. */
export const uuid: TypeReader = (bind) => {
  const given = bind(['as_uuid', 'native_uuid'])
  return given.flag('native_uuid') === false ? 'CHAR(32)' : 'UUID'
}

/** What Python pickles. */
export const pickled: TypeReader = (bind, { inner }) => {
  const impl = bind(['protocol', 'pickler', 'comparator', 'impl']).value('impl')
  return impl === undefined ? 'BYTEA' : inner(impl)
}
