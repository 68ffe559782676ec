import { describe, unknown, type Value, type ValueOf } from '../python/value.js'
import { argumentsOf, sqlalchemyName, type Translation } from '../translation.js'
import { NO_TYPE } from './data-type.js'
import { dataType } from './value-type.js'
import { element, newScope, type Element, type Scope } from './element.js'
import type { From } from './from.js'
import { constantOr } from './literal.js'

/** `:name`, but not `::type`, and not behind a letter, a digit or a backslash. */
const ASKED = /(?<![:\w\\]):(\w+)(?!:)/g

/** A value that a text is given for a name. */
interface Bound {
  readonly value: Value
  readonly type: Value | undefined
  /** Whether a list stands for several values. */
  readonly expanding: boolean
}

/** SQL text without values for its names. */
export function textSql(text: string, translation: Translation): string {
  return writeText(text, new Map(), newScope(translation, false))
}

/**
 * SQL text as SQLAlchemy's `text()` sends it: `\:` is a colon, and `:name` asks for a value
 * (https://docs.sqlalchemy.org/en/20/core/sqlelement.html#sqlalchemy.sql.expression.text), also inside a string.
 */
function writeText(text: string, bound: ReadonlyMap<string, Bound>, { translation, statement }: Scope): string {
  const written = text.replace(ASKED, (_, name: string) => {
    const given = statement.parameters.get(name)
    const bind = bound.get(name) ?? null
    if (given === undefined && bind === null)
      return translation.problem(`:${name} asks for a value that is not there (write \\:${name} for a plain colon)`)
    const value = given ?? bind?.value
    if (value === undefined) return ''
    const type = bind === null ? NO_TYPE : dataType(bind.type, translation)
    if (bind?.expanding === true && value.kind === 'list') {
      if (value.items.length === 0) return translation.problem('a list of no values')
      return `(${value.items.map((item) => constantOr(item, type, translation)).join(', ')})`
    }
    // A driver hands a list on as an array.
    if (value.kind === 'list' && value.form === undefined && type.kind === 'none')
      return value.items.length === 0
        ? "'{}'"
        : `ARRAY[${value.items.map((item) => constantOr(item, type, translation)).join(', ')}]`
    return constantOr(value, type, translation)
  })
  return written.replaceAll('\\:', ':')
}

/** `sa.text(…)` with `.bindparams(…)` or `.params(…)`; null for anything else. */
export function textOfCall(
  value: Value,
  translation: Translation,
): { readonly text: string; readonly bound: ReadonlyMap<string, Bound> } | null {
  if (value.kind === 'method') {
    if (!['bindparams', 'params', 'execution_options', 'columns', 'self_group'].includes(value.name)) return null
    const inner = textOfCall(value.receiver, translation)
    if (inner === null || value.name === 'execution_options' || value.name === 'columns') return inner
    const bound = new Map(inner.bound)
    for (const item of value.positional) bindInto(bound, item, translation)
    for (const [name, given] of value.keywords) {
      const before = bound.get(name)
      bound.set(name, { value: given, type: before?.type, expanding: before?.expanding ?? false })
    }
    return { ...inner, bound }
  }
  if (!/^(text|TextClause)$/.test(sqlalchemyName(value) ?? '')) return null
  const { positional, keywords } = argumentsOf(value)
  const [text, more] = positional
  const written = text ?? keywords.get('text')
  if (written?.kind !== 'string' || more !== undefined)
    return { text: translation.problem(describe(written ?? value)), bound: new Map() }
  return { text: written.text, bound: new Map() }
}

function bindInto(bound: Map<string, Bound>, item: Value, translation: Translation): void {
  if (item.kind === 'dict') {
    for (const { key, value } of item.entries)
      if (key.kind === 'string') bound.set(key.text, { value, type: undefined, expanding: false })
    return
  }
  const { positional, keywords } = argumentsOf(item)
  const [key, value, type] = positional
  const name = key ?? keywords.get('key')
  if (sqlalchemyName(item) !== 'bindparam' || name?.kind !== 'string') {
    translation.problem(describe(item))
    return
  }
  const given =
    value ?? keywords.get('value') ?? unknown('unsupported call', `:${name.text} asks for a value that is not there`)
  const expanding = keywords.get('expanding')
  bound.set(name.text, {
    value: given,
    type: type ?? keywords.get('type_'),
    expanding: expanding?.kind === 'boolean' && expanding.is,
  })
}

/** A text as an expression. */
export function textElement(value: ValueOf<'call' | 'method'>, translation: Translation): Element | null {
  const read = textOfCall(value, translation)
  if (read === null) return null
  return element((scope) => writeText(read.text, read.bound, scope), { title: { kind: 'none' } })
}

/** A text in FROM. */
export function tableText(value: Value, translation: Translation): From | null {
  const inner = value.kind === 'call' || value.kind === 'method' ? textElement(value, translation) : null
  if (inner === null) return null
  return { key: value, write: inner.write, prefix: () => '', columns: null, parts: [] }
}
