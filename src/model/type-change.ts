import type { Expression, TypeName } from './operations/shared.js'

/** Digits a value may have, and digits that always fit. */
const INTEGERS: Readonly<Record<string, { readonly has: number; readonly fits: number }>> = {
  smallint: { has: 5, fits: 4 },
  integer: { has: 10, fits: 9 },
  bigint: { has: 19, fits: 18 },
}
/** Decimal digits that survive. */
const FLOATS: Readonly<Record<string, number>> = { real: 6, 'double precision': 15 }
/** Characters the longest value takes as text. */
const PRINTED: Readonly<Record<string, number>> = {
  boolean: 5,
  smallint: 6,
  integer: 11,
  bigint: 20,
  uuid: 36,
  date: 13,
}

/** Changes between different types that keep every value. */
const KEEPS: ReadonlySet<string> = new Set([
  'json>jsonb',
  'jsonb>json',
  'cidr>inet',
  'macaddr>macaddr8',
  'date>timestamp without time zone',
  'date>timestamp with time zone',
  'timestamp without time zone>timestamp with time zone',
  'timestamp with time zone>timestamp without time zone',
  'time without time zone>time with time zone',
  'time without time zone>interval',
  'boolean>smallint',
  'boolean>integer',
  'boolean>bigint',
  'bit>bit varying',
])
const TEXTS: ReadonlySet<string> = new Set(['text', 'character varying', 'character', 'bpchar', 'name', 'citext'])
const BUILT_IN: ReadonlySet<string> = new Set([
  ...[...KEEPS].flatMap((pair) => pair.split('>')),
  ...TEXTS,
  ...Object.keys(INTEGERS),
  ...Object.keys(FLOATS),
  ...['numeric', 'money', 'uuid', 'bytea', 'xml', 'bit', 'bit varying'],
])

/**
 * Whether a value of one type can be cut, rounded or refused when its column becomes another type. Says no where a type of
 * the user's own is involved and nothing is known of its values.
 */
export function isNarrowing(from: TypeName, to: TypeName): boolean {
  if (from.arrays !== to.arrays) return !TEXTS.has(to.name) && to.arrays === 0
  if (TEXTS.has(to.name)) return narrowsText(from, to)
  if (isNumber(from) && isNumber(to)) return narrowsNumber(from, to)
  if (from.name === to.name) return narrowsModifiers(from, to)
  if (KEEPS.has(`${from.name}>${to.name}`)) return narrowsModifiers(from, to)
  if (TEXTS.has(from.name)) return true
  return BUILT_IN.has(from.name) && BUILT_IN.has(to.name)
}

function narrowsText(from: TypeName, to: TypeName): boolean {
  const room = lengthOf(to)
  if (room === null) return false
  const needs = TEXTS.has(from.name) ? lengthOf(from) : PRINTED[from.name]
  return needs === null || needs === undefined || needs > room
}

/** null: without a limit. */
function lengthOf({ name, modifiers }: TypeName): number | null {
  return modifiers[0] ?? (name === 'character' ? 1 : name === 'name' ? 63 : null)
}

function isNumber({ name }: TypeName): boolean {
  return name === 'numeric' || name in INTEGERS || name in FLOATS
}

function narrowsNumber(from: TypeName, to: TypeName): boolean {
  const floating = FLOATS[to.name]
  if (floating !== undefined) {
    const digits = FLOATS[from.name] ?? INTEGERS[from.name]?.has ?? from.modifiers[0] ?? Infinity
    return digits > floating
  }
  const whole = INTEGERS[to.name]
  if (whole !== undefined) {
    const integer = INTEGERS[from.name]
    if (integer !== undefined) return integer.has > whole.has
    const [precision = Infinity, scale = 0] = from.modifiers
    return from.name !== 'numeric' || scale > 0 || precision - scale > whole.fits
  }
  const [precision, scale = 0] = to.modifiers
  if (precision === undefined) return false
  const integer = INTEGERS[from.name]
  const [oldPrecision = Infinity, oldScale = 0] = integer ? [integer.has] : from.modifiers
  return oldScale > scale || oldPrecision - oldScale > precision - scale
}

/** The last modifier is what limits: a length, or the digits of a second; without one there is no limit. */
function narrowsModifiers(from: TypeName, to: TypeName): boolean {
  const limit = to.modifiers.at(-1)
  return limit !== undefined && limit < (from.modifiers.at(-1) ?? (from.name === 'date' ? 0 : limit + 1))
}

/** Whether a change between timestamps with and without time zone leaves it to the session by which zone. */
export function isZoneChange(from: TypeName, to: TypeName, using: Expression | null): boolean {
  const [before, after] = [from.name, to.name]
  // Arrays are rewritten whatever the zone.
  if (from.arrays + to.arrays > 0) return false
  if (before === after || !before.startsWith('timestamp ') || !after.startsWith('timestamp ')) return false
  return using === null || !/\bat\s+time\s+zone\b|\btimezone\s*\(/i.test(using.text)
}
