import { equal, plainOf } from '../python/operators.js'
import type { Entry, Value, ValueOf } from '../python/value.js'
import { describe } from '../python/value.js'
import type { Translation } from '../translation.js'
import { NO_TYPE, type DataType } from './data-type.js'
import { json } from './json.js'

/** A string as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A Python value as SQL of a type, as its parameter would arrive; null for anything else than a plain value. */
export function constant(value: Value, type: DataType = NO_TYPE): string | null {
  if (value.kind === 'none') return type.kind === 'json' || type.kind === 'jsonb' ? literal('null') : 'NULL'
  if (type.kind === 'json' || type.kind === 'jsonb') {
    const text = json(value)
    return text === null ? null : literal(text)
  }
  if (type.members !== undefined) return label(value, type.members)
  switch (value.kind) {
    case 'string':
      return literal(value.text)
    case 'number':
      return number(value)
    case 'boolean':
      return value.is ? 'true' : 'false'
    case 'list':
      return type.kind === 'array' ? array(value, type) : null
    case 'call':
      return MADE[value.path]?.(value) ?? null
    default:
      return null
  }
}

/**
 * What is stored for a member of an enum; a text that is no member is taken for a label. Members that are texts or numbers
 * themselves are known by those too.
 */
function label(value: Value, members: readonly Entry[]): string | null {
  const found = members.find(({ key }) => key === value || (plainOf(key) !== key && equal(key, value) === true))
  const stored = found?.value ?? value
  return stored.kind === 'string' ? literal(stored.text) : null
}

/** A plain value as SQL, or the problem that it is none. */
export function constantOr(value: Value, type: DataType, translation: Translation): string {
  if (type.unknown !== null && value.kind !== 'none' && value.kind !== 'unknown')
    return translation.problem(`a value has a type that is not understood: ${type.unknown}`)
  if (isLarge(value)) return translation.problem('a value is too large')
  return constant(value, type) ?? translation.problem(reasonOf(value))
}

/** Whether a list or a dictionary holds more than anybody writes down; one may hold another many times. */
function isLarge(value: Value): boolean {
  const open = [value]
  let count = 0
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    count += 1
    if (count > 100_000) return true
    if (next.kind === 'list') open.push(...next.items)
    else if (next.kind === 'dict') open.push(...next.entries.flatMap(({ key, value }) => [key, value]))
  }
  return false
}

/** Values that are made anew each time that the migration runs. */
const MADE_ANEW =
  /^(uuid\.uuid[14]|datetime\.datetime\.(now|utcnow|today)|datetime\.date\.today|time\.time|(random|secrets)\.\w+)$/

/** Why a value cannot be written down: what is not known inside of it, before what it is itself. */
function reasonOf(value: Value): string {
  if (value.kind === 'call' && MADE_ANEW.test(value.path)) return `${value.path}() is made anew each time that it runs`
  const parts =
    value.kind === 'list' ? value.items : value.kind === 'dict' ? value.entries.map(({ value }) => value) : []
  const unknown = parts.find((part) => constant(part) === null)
  return unknown === undefined ? describe(value) : reasonOf(unknown)
}

function number({ text }: ValueOf<'number'>): string | null {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? text : null
}

function array({ items }: ValueOf<'list'>, type: DataType): string | null {
  const parts = items.map((item) => (item.kind === 'list' ? array(item, type) : constant(item, type.item ?? NO_TYPE)))
  return parts.includes(null) ? null : `ARRAY[${parts.join(', ')}]${parts.length === 0 ? `::${type.sql}` : ''}`
}

/** Values of the standard library that are written out in full. */
const MADE: Readonly<Record<string, ((call: ValueOf<'call'>) => string | null) | undefined>> = {
  'datetime.datetime': (call) => moment(call, ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond']),
  'datetime.date': (call) => moment(call, ['year', 'month', 'day']),
  'datetime.time': (call) => moment(call, ['hour', 'minute', 'second', 'microsecond']),
  'datetime.timedelta': interval,
  'uuid.UUID': ({ positional: [text, more], keywords }) => {
    if (text?.kind !== 'string' || more !== undefined || keywords.size > 0) return null
    const digits = text.text.toLowerCase().replaceAll(/urn:|uuid:|[{}-]/g, '')
    return /^[0-9a-f]{32}$/.test(digits)
      ? literal(digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'))
      : null
  },
  'decimal.Decimal': ({ positional: [value, more], keywords }) => {
    if (value === undefined || more !== undefined || keywords.size > 0) return null
    if (value.kind === 'number') return number(value)
    return value.kind === 'string' ? number({ ...value, kind: 'number', text: value.text.trim() }) : null
  },
  'sqlalchemy.null': () => 'NULL',
  'sqlalchemy.sql.null': () => 'NULL',
  'sqlalchemy.sql.expression.null': () => 'NULL',
}

/** A date, a time or both from their parts; a time zone other than UTC makes it none. */
function moment({ positional, keywords }: ValueOf<'call'>, names: readonly string[]): string | null {
  const parts = new Map<string, number>()
  const given = [...positional.map((value, index) => [names[index], value] as const), ...keywords]
  let zone = ''
  for (const [name, value] of given) {
    if (name === 'tzinfo' && value.kind === 'none') continue
    if (
      name === 'tzinfo' &&
      value.kind === 'name' &&
      /^(datetime\.(timezone\.utc|UTC)|pytz\.(utc|UTC))$/.test(value.path)
    )
      zone = '+00:00'
    else if (name === undefined || !names.includes(name) || value.kind !== 'number' || !/^\d+$/.test(value.text))
      return null
    else parts.set(name, Number(value.text))
  }
  const two = (name: string): string => String(parts.get(name) ?? 0).padStart(2, '0')
  const micro = parts.get('microsecond') ?? 0
  const fraction = micro === 0 ? '' : `.${String(micro).padStart(6, '0')}`
  const date = names.includes('year')
    ? `${String(parts.get('year') ?? 0).padStart(4, '0')}-${two('month')}-${two('day')}`
    : ''
  const time = names.includes('hour') ? `${two('hour')}:${two('minute')}:${two('second')}${fraction}${zone}` : ''
  if (names.includes('year') && !['year', 'month', 'day'].every((name) => parts.has(name))) return null
  return literal([date, time].filter((part) => part !== '').join(' '))
}

const SECONDS: Readonly<Record<string, number | undefined>> = {
  weeks: 604_800,
  days: 86_400,
  hours: 3_600,
  minutes: 60,
  seconds: 1,
  milliseconds: 0.001,
}

function interval({ positional, keywords }: ValueOf<'call'>): string | null {
  const given = [...positional.map((value, index) => [['days', 'seconds'][index], value] as const), ...keywords]
  let seconds = 0
  for (const [name, value] of given) {
    const factor = name === undefined ? undefined : SECONDS[name]
    if (factor === undefined || value.kind !== 'number') return null
    seconds += factor * Number(value.text)
  }
  return Number.isFinite(seconds)
    ? `make_interval(secs=>${Number.isInteger(seconds) ? `${seconds}.0` : seconds})`
    : null
}
