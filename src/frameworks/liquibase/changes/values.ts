import { textIn, type Node } from '../node.js'
import type { Type } from './types.js'

/** A value of a column, as its attributes give it. */
export type Value =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'boolean'; readonly is: boolean }
  | { readonly kind: 'date'; readonly text: string; readonly precise: boolean }
  | { readonly kind: 'function'; readonly text: string }
  | { readonly kind: 'sequence'; readonly text: string; readonly current: boolean }
  | { readonly kind: 'file'; readonly text: string }

/** What a column gives under a prefix, `value` or `defaultValue`; null where nothing (`liquibase.change.ColumnConfig`). */
export function valueOf(column: Node, prefix: 'value' | 'defaultValue'): Value | null {
  const given = (suffix: string): string | null =>
    column.children.find(({ name }) => name === `${prefix}${suffix}`)?.value ?? null
  const text = given('') ?? (prefix === 'value' ? directText(column) : null)
  if (text !== null) return { kind: 'text', text }
  const boolean = given('Boolean')
  if (boolean !== null && !isNull(boolean)) {
    return { kind: 'boolean', is: boolean.trim().toLowerCase() === 'true' }
  }
  const number = given('Numeric')
  if (number !== null && !isNull(number)) {
    const bare = number.replace(/^\(/, '').replace(/\)$/, '')
    return /^[-+]?[\d.]/.test(bare.trim()) ? { kind: 'number', text: bare.trim() } : { kind: 'function', text: number }
  }
  const date = given('Date')
  if (date !== null && !isNull(date)) return dateOf(date.trim())
  const computed = given('Computed')
  if (computed !== null) return { kind: 'function', text: computed }
  for (const kind of ['ClobFile', 'BlobFile']) {
    const file = given(kind)
    if (file !== null) return { kind: 'file', text: file }
  }
  const next = given('SequenceNext')
  if (next !== null) return { kind: 'sequence', text: next, current: false }
  const current = given('SequenceCurrent')
  if (current !== null) return { kind: 'sequence', text: current, current: true }
  return null
}

/** `<column name="a">text</column>` gives a value too. */
function directText(column: Node): string | null {
  return column.value === null || textIn(column, 'name') === null ? null : column.value.trim()
}

function isNull(text: string): boolean {
  return text.trim().toLowerCase() === 'null'
}

/** A date in ISO 8601 is one; anything else is taken for a function. */
function dateOf(text: string): Value {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return { kind: 'date', text, precise: false }
  if (/^\d\d:\d\d:\d\d$/.test(text)) return { kind: 'date', text, precise: false }
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?$/.exec(text)
  if (match === null) return { kind: 'function', text }
  const fraction = match[3]?.replace(/0+$/, '') ?? ''
  return { kind: 'date', text: `${match[1]} ${match[2]}${fraction === '.' ? '' : fraction}`, precise: true }
}

/** A text as PostgreSQL reads it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** How a default value is written, by the type of its column (`LiquibaseDataType#objectToSql`); null where it is NULL. */
export function defaultSql(value: Value, type: Type | null): string | null {
  if (value.kind === 'number' && (type?.kind === 'text' || type?.kind === 'clob')) return literal(value.text)
  if (value.kind === 'number') return value.text.replace(/^\+/, '').replace(/\.0+$/, '')
  if (value.kind !== 'text' || type === null) return valueSql(value)
  const { text } = value
  if (isNull(text) && type.kind !== 'quoted') return null
  switch (type.kind) {
    case 'number':
      return text.replace(/\.0+$/, '')
    case 'boolean':
      return booleanOf(text.replaceAll("'", ''))
    case 'clob':
      return text.startsWith("'") ? text : literal(text)
    case 'verbatim':
    case 'function':
      return text
    case 'quoted':
      return `'${text}'`
    case 'xml':
      return `xml ${literal(text)}`
    case 'timestamp':
      return /^\w+\(\)$/.test(text) ? text : literal(text)
    case 'time':
    case 'text':
      return literal(text)
  }
}

/** How a value is written in a row. */
export function valueSql(value: Value): string | null {
  switch (value.kind) {
    case 'text':
      return isNull(value.text) ? null : literal(value.text)
    case 'number':
      return value.text.replace(/^\+/, '')
    case 'boolean':
      return value.is ? 'TRUE' : 'FALSE'
    case 'date':
      return `'${value.text}'`
    case 'function':
      return functionSql(value.text)
    case 'sequence':
      return `${value.current ? 'currval' : 'nextval'}('${sequenceName(value.text)}')`
    case 'file':
      return null
  }
}

/** The function for the current time has one name; all others stay as they are. */
export function functionSql(text: string): string {
  return /^(now\(\)$|current_timestamp|current_datetime)/i.test(text.trim()) ? 'NOW()' : text
}

function sequenceName(name: string): string {
  return /\W/.test(name) || (/[A-Z]/.test(name) && /[a-z]/.test(name)) ? `"${name}"` : name
}

function booleanOf(text: string): string {
  if (/^(true|1|b'1'|t)$/i.test(text)) return 'TRUE'
  return /^(false|0|b'0'|f)$/i.test(text) ? 'FALSE' : text
}
