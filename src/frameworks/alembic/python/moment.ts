import type { Arguments, Value } from './value.js'

/** A date or a time of day, or both, whose parts are written out. */
export interface Moment {
  /** `2000-01-31`; null for a time of day. */
  readonly date: string | null
  /** `12:30:00`, with a fraction where there is one, and `+00:00` for one of UTC; null for a date. */
  readonly time: string | null
}

const PARTS: Readonly<Record<string, readonly string[] | undefined>> = {
  'datetime.datetime': ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond', 'tzinfo'],
  'datetime.date': ['year', 'month', 'day'],
  'datetime.time': ['hour', 'minute', 'second', 'microsecond', 'tzinfo'],
}
const MOST: Readonly<Record<string, number | undefined>> = { year: 9999, month: 12, hour: 23, microsecond: 999_999 }
const UTC = /^(datetime\.(timezone\.utc|UTC)|pytz\.(utc|UTC))$/

/** What a call of `datetime` makes (https://docs.python.org/3/library/datetime.html); null for what is not written out, or is none. */
export function momentOf(value: Value): Moment | null {
  const names = value.kind === 'call' ? PARTS[value.path] : undefined
  if (value.kind !== 'call' || names === undefined) return null
  const parts = new Map<string, number>()
  let zone = ''
  for (const [name, given] of [...value.positional.map((each, i) => [names[i], each] as const), ...value.keywords]) {
    if (name === 'tzinfo' && given.kind === 'none') continue
    if (name === 'tzinfo' && given.kind === 'name' && UTC.test(given.path)) zone = '+00:00'
    else if (name === undefined || !names.includes(name) || given.kind !== 'number' || !/^\d+$/.test(given.text))
      return null
    else parts.set(name, Number(given.text))
  }
  if ([...parts].some(([name, number]) => name !== 'day' && number > (MOST[name] ?? 59))) return null
  const part = (name: string, width = 2): string => String(parts.get(name) ?? 0).padStart(width, '0')
  const isDated = names.includes('year')
  const date = `${part('year', 4)}-${part('month')}-${part('day')}`
  if (isDated && !isDay(date)) return null
  const micro = part('microsecond', 6)
  const time = `${part('hour')}:${part('minute')}:${part('second')}${micro === '000000' ? '' : `.${micro}`}${zone}`
  return { date: isDated ? date : null, time: names.includes('hour') ? time : null }
}

/** Whether the calendar has this day. */
function isDay(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date) && !date.startsWith('0000')
}

/** `str(value)`. */
export function shown({ date, time }: Moment, between = ' '): string {
  return [date, time].filter((part) => part !== null).join(between)
}

/** `value.isoformat(…)`; null for one that is told how exact to be. */
export function isoformat(moment: Moment, { positional, keywords }: Arguments): string | null {
  const between = keywords.get('sep') ?? positional[0]
  if (positional.length > 1 || keywords.size > (keywords.has('sep') ? 1 : 0)) return null
  if (between === undefined) return shown(moment, 'T')
  const both = moment.date !== null && moment.time !== null
  return both && between.kind === 'string' && between.text.length === 1 ? shown(moment, between.text) : null
}
