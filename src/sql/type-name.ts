import type { Node, TypeName as TypeNode } from '@pgsql/types'
import { quote } from '../model/names.js'
import type { TypeName } from '../model/operations/shared.js'
import { as, strings } from './read/tree.js'

/** Names that PostgreSQL stores, and what `format_type` calls them. */
const SPOKEN: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  varchar: 'character varying',
  varbit: 'bit varying',
  time: 'time without time zone',
  timetz: 'time with time zone',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
}
const SERIAL: Readonly<Record<string, string>> = {
  serial: 'integer',
  serial4: 'integer',
  bigserial: 'bigint',
  serial8: 'bigint',
  smallserial: 'smallint',
  serial2: 'smallint',
}
const INTERVAL_FIELDS: Readonly<Record<number, string>> = {
  4: ' year',
  2: ' month',
  8: ' day',
  1024: ' hour',
  2048: ' minute',
  4096: ' second',
  6: ' year to month',
  1032: ' day to hour',
  3080: ' day to minute',
  7176: ' day to second',
  3072: ' hour to minute',
  7168: ' hour to second',
  6144: ' minute to second',
}
/** Fractional seconds are kept to microseconds; more is cut with a warning. */
const FINEST_SECONDS = 6

/** A type of the parse tree in the words of `format_type`. */
export function typeName(node: TypeNode | undefined): TypeName {
  const parts = strings(node?.names)
  const written = parts.at(-1) ?? ''
  const schema = parts.at(-2) ?? ''
  const builtIn = schema === '' || schema === 'pg_catalog'
  const arrays = node?.arrayBounds?.length ?? 0
  const behind = parts.length === 1 && node?.pct_type !== true ? SERIAL[written] : undefined
  if (behind !== undefined) {
    return { text: behind, name: behind, schema: '', modifiers: [], arrays, serial: true }
  }
  if (node?.pct_type === true) {
    const text = `${parts.map((part) => quote(part)).join('.')}%TYPE`
    return { text, name: text, schema: '', modifiers: [], arrays, serial: false }
  }
  const modifiers = (node?.typmods ?? []).map(modifier)
  const { name, text } = builtIn
    ? spoken(written, modifiers)
    : { name: written, text: plain(schema, written, modifiers) }
  return {
    text: text + (arrays > 0 ? '[]' : ''),
    name,
    schema: builtIn ? '' : schema,
    modifiers: numbers(written === 'interval' && builtIn ? modifiers.slice(1) : modifiers),
    arrays,
    serial: false,
  }
}

function spoken(written: string, modifiers: readonly string[]): { readonly name: string; readonly text: string } {
  const list = modifiers.length === 0 ? '' : `(${modifiers.join(',')})`
  switch (written) {
    case 'bpchar':
      return list === '' ? { name: 'bpchar', text: 'bpchar' } : { name: 'character', text: `character${list}` }
    case 'bit':
      return list === '' ? { name: 'bit', text: '"bit"' } : { name: 'bit', text: `bit${list}` }
    case 'char':
      return { name: '"char"', text: '"char"' }
    case 'numeric':
      return { name: 'numeric', text: modifiers.length === 1 ? `numeric(${modifiers[0]},0)` : `numeric${list}` }
    case 'interval':
      return { name: 'interval', text: `interval${intervalSuffix(modifiers)}` }
    case 'time':
    case 'timetz':
    case 'timestamp':
    case 'timestamptz': {
      const name = SPOKEN[written] ?? written
      return { name, text: name.replace(' ', `${seconds(modifiers[0])} `) }
    }
    default: {
      const name = SPOKEN[written]
      return name === undefined ? { name: written, text: plain('', written, modifiers) } : { name, text: name + list }
    }
  }
}

function plain(schema: string, name: string, modifiers: readonly string[]): string {
  return quote({ schema, name }) + (modifiers.length === 0 ? '' : `(${modifiers.join(',')})`)
}

function intervalSuffix([fields, precision]: readonly string[]): string {
  return (INTERVAL_FIELDS[Number(fields)] ?? '') + seconds(precision)
}

function seconds(precision: string | undefined): string {
  return precision === undefined ? '' : `(${Math.min(Number(precision), FINEST_SECONDS)})`
}

/** A modifier as written: a number, or a word as in `geometry(Point, 4326)`. */
function modifier(node: Node): string {
  const constant = as('A_Const', node)
  if (constant !== undefined) {
    return constant.ival ? String(constant.ival.ival ?? 0) : (constant.fval?.fval ?? constant.sval?.sval ?? '')
  }
  return strings(as('ColumnRef', node)?.fields).join('.')
}

function numbers(modifiers: readonly string[]): readonly number[] {
  return modifiers.filter((text) => /^-?\d+$/.test(text)).map(Number)
}
