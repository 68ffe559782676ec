import { cast } from './literal.js'
import type { TypeFacts } from './facts.js'

/** Values of a type, as SQL expressions. */
export interface Supply {
  /** Ordinary ones, each other than those before it. */
  readonly plain: readonly string[]
  /** Valid ones that careless code does not expect. */
  readonly awkward: readonly string[]
}

/** What is known about types while values are made. */
export interface Types {
  readonly facts: ReadonlyMap<string, TypeFacts>
  /** Values that only PostgreSQL could tell: those of domains, and of types that are not in the table below. */
  readonly learned: ReadonlyMap<string, Supply>
  /** How many ordinary values are wanted. */
  readonly many: number
}

/** Values of a type; none when nothing is known about it. */
export function supplyOf(type: string, typeName: string, types: Types, depth = 0): Supply {
  const facts = types.facts.get(type)
  if (facts === undefined || depth > 5) return NOTHING
  const part = (): Supply => supplyOf(facts.of ?? '', facts.ofName, types, depth + 1)
  switch (facts.kind) {
    case 'enum':
      return { plain: facts.labels.map((label) => cast(label, typeName)), awkward: [] }
    case 'domain':
      return types.learned.get(type) ?? NOTHING
    case 'array':
      return arrays(part(), typeName)
    case 'composite':
      return composites(facts, typeName, types, depth)
    case 'range':
      return ranges(part(), facts, typeName)
    case 'multirange': {
      const { plain } = part()
      return {
        plain: plain.map((range) => `${facts.qualified}(${range})`),
        awkward: [cast('{}', typeName)],
      }
    }
    case 'base': {
      const make = Object.hasOwn(BASE, facts.name) ? BASE[facts.name] : undefined
      return make === undefined ? (types.learned.get(type) ?? NOTHING) : typed(make(typeName, types.many), typeName)
    }
  }
}

const NOTHING: Supply = { plain: [], awkward: [] }

interface Texts {
  readonly plain: readonly string[]
  readonly awkward: readonly string[]
}

function typed({ plain, awkward }: Texts, typeName: string): Supply {
  const expression = (text: string): string => cast(text, typeName)
  return { plain: [...new Set(plain)].map(expression), awkward: awkward.map(expression) }
}

function arrays({ plain, awkward }: Supply, typeName: string): Supply {
  const array = (...elements: readonly string[]): string => `ARRAY[${elements.join(', ')}]::${typeName}`
  return {
    plain: plain.map((element) => array(element)),
    awkward: [
      array(),
      array('NULL'),
      array(...plain.slice(0, 3)),
      ...awkward.slice(0, 1).map((element) => array(element)),
    ],
  }
}

function composites({ fields }: TypeFacts, typeName: string, types: Types, depth: number): Supply {
  const supplies = fields.map((field) => supplyOf(field.type, field.typeName, types, depth + 1))
  const row = (at: number): string =>
    `ROW(${supplies.map(({ plain }) => plain[at % Math.max(1, plain.length)] ?? 'NULL').join(', ')})::${typeName}`
  const length = Math.max(1, ...supplies.map(({ plain }) => plain.length))
  return {
    plain: Array.from({ length }, (_, at) => row(at)),
    awkward: [`ROW(${fields.map(() => 'NULL').join(', ')})::${typeName}`],
  }
}

/** One beside the other, so that they do not overlap. */
function ranges({ plain }: Supply, { qualified }: TypeFacts, typeName: string): Supply {
  const pairs = plain.slice(0, -1).map((from, at) => `${qualified}(${from}, ${plain[at + 1]})`)
  return { plain: pairs, awkward: [cast('empty', typeName), `${qualified}(NULL, NULL)`] }
}

type Make = (typeName: string, many: number) => Texts

const count = (many: number, text: (at: number) => string): readonly string[] =>
  Array.from({ length: many }, (_, at) => text(at))

/** The numbers in a type's brackets. */
function modifiers(typeName: string): readonly number[] {
  return [...(/\(([\d,-]+)\)/.exec(typeName)?.[1] ?? '').matchAll(/-?\d+/g)].map(Number)
}

/** Where whole numbers begin: not where migrations have the identities that they write out. */
const FIRST = 1001

const integers =
  (largest: string): Make =>
  (_, many) => ({ plain: count(many, (at) => String(at + FIRST)), awkward: [largest, '0', '-1'] })

const numeric: Make = (typeName, many) => {
  const [precision, scale = 0] = modifiers(typeName)
  if (precision === undefined) {
    return { plain: count(many, (at) => `${at + 1}.5`), awkward: ['0', '-1.25', '12345678901234567890.123456789'] }
  }
  const whole = Math.max(0, precision - Math.max(0, scale))
  const most = 10 ** Math.min(whole, 6)
  const fraction = scale > 0 ? `0.${'0'.repeat(scale - 1)}` : ''
  const plain = count(many, (at) => (whole > 0 ? String((at + 1) % most) : `${fraction}${(at % 9) + 1}`))
  const nines = `${whole > 0 ? '9'.repeat(whole) : '0'}${scale > 0 ? `.${'0'.repeat(Math.max(0, scale - precision))}${'9'.repeat(Math.min(scale, precision))}` : ''}`
  return {
    plain: scale < 0 ? count(many, (at) => `${at + 1}${'0'.repeat(-scale)}`) : plain,
    awkward: [nines, '0', `-${nines}`],
  }
}

/** What a column without a limit gets as its longest text. */
const LONG = 300

/** A text of exactly so many characters, not all of them ASCII. */
export function textOf(length: number): string {
  return 'é'.repeat(Math.min(1, length)) + 'x'.repeat(Math.max(0, length - 1))
}

const texts: Make = (typeName, many) => {
  const limit =
    modifiers(typeName)[0] ?? (/^(?:character|"char")$/.test(typeName) ? 1 : typeName === 'name' ? 30 : null)
  const fits = (text: string): boolean => limit === null || text.length <= limit
  const digits = Math.min(limit ?? 3, 3)
  return {
    plain: count(many, (at) => [`row ${at + 1}`, `r${at + 1}`].find(fits) ?? at.toString(36).slice(-digits)),
    awkward: [
      typeName === '"char"' ? 'z' : textOf(Math.min(limit ?? LONG, 10_000)),
      '',
      ...["O'Brien \\ 100%", ' '].filter((text) => fits(text) && typeName !== '"char"'),
    ],
  }
}

/** A day so many days after the middle of January 2024. */
export function day(at: number): string {
  return new Date(Date.UTC(2024, 0, 15 + at)).toISOString().slice(0, 10)
}

const bits: Make = (typeName, many) => {
  const length = modifiers(typeName)[0] ?? (typeName === 'bit' ? 1 : 8)
  const fixed = !typeName.includes('varying')
  const width = Math.min(length, 16)
  return {
    plain: count(many, (at) => (at % 2 ** width).toString(2).padStart(fixed ? length : width, '0')),
    awkward: ['1'.repeat(length), fixed ? '0'.repeat(length) : ''],
  }
}

const hex = (at: number, digits: number): string => (at + 1).toString(16).padStart(digits, '0')
const listed =
  (plain: (at: number) => string, ...awkward: readonly string[]): Make =>
  (_, many) => ({ plain: count(many, plain), awkward })

/** How the values of each base type are written; extensions' types too. */
const BASE: Readonly<Record<string, Make>> = {
  int2: integers('32767'),
  int4: integers('2147483647'),
  int8: integers('9223372036854775807'),
  oid: listed((at) => String(at + 1), '0'),
  numeric,
  float4: listed((at) => `${at + 1}.5`, '0', '-1.5', '1e30'),
  float8: listed((at) => `${at + 1}.5`, '0', '-1.5', '1e300'),
  money: listed((at) => `${at + 1}.50`, '0', '-1.25'),
  bool: () => ({ plain: ['true', 'false'], awkward: [] }),
  text: texts,
  varchar: texts,
  bpchar: texts,
  char: texts,
  name: texts,
  citext: texts,
  bytea: listed((at) => `\\x${hex(at, 2).padStart(hex(at, 2).length + (hex(at, 2).length % 2), '0')}`, '', '\\x00ff'),
  date: listed(day, '1900-01-01', '9999-12-31'),
  timestamp: listed((at) => `${day(at)} 10:30:00`, '1900-01-01 00:00:00', '9999-12-31 23:59:59.999999'),
  timestamptz: listed((at) => `${day(at)} 10:30:00+00`, '1900-01-01 00:00:00+00', '9999-12-31 23:59:59.999999+00'),
  time: listed((at) => `${String(at % 24).padStart(2, '0')}:30:00`, '00:00:00', '23:59:59.999999'),
  timetz: listed((at) => `${String(at % 24).padStart(2, '0')}:30:00+00`, '00:00:00+14', '23:59:59.999999-12'),
  interval: listed((at) => `${at + 1} days`, '0', '-1 mon -2 days', '100 years'),
  uuid: listed(
    (at) => `00000000-0000-4000-8000-${hex(at, 12)}`,
    ...['0', 'f'].map((digit) => '8-4-4-4-12'.replace(/\d+/g, (n) => digit.repeat(Number(n)))),
  ),
  json: listed((at) => `{"n": ${at + 1}}`, '{}', '[]', 'null'),
  jsonb: listed((at) => `{"n": ${at + 1}}`, '{}', '[]', 'null'),
  jsonpath: listed((at) => `$."n${at}"`, '$'),
  xml: listed((at) => `<n>${at + 1}</n>`, ''),
  inet: listed((at) => `10.0.0.${at + 1}`, '::1', '10.0.0.0/8'),
  cidr: listed((at) => `10.0.${at}.0/24`, '::/0'),
  macaddr: listed((at) => `08:00:2b:01:02:${hex(at, 2)}`, '00:00:00:00:00:00'),
  macaddr8: listed((at) => `08:00:2b:01:02:03:04:${hex(at, 2)}`, '00:00:00:00:00:00:00:00'),
  bit: bits,
  varbit: bits,
  tsvector: listed((at) => `'word${at + 1}'`, ''),
  tsquery: listed((at) => `'word${at + 1}'`, ''),
  point: listed((at) => `(${at},${at + 1})`, '(0,0)'),
  line: listed((at) => `{1,-1,${at}}`),
  lseg: listed((at) => `[(0,0),(1,${at + 1})]`, '[(0,0),(0,0)]'),
  box: listed((at) => `(${at}.5,1),(${at},0)`, '(0,0),(0,0)'),
  path: listed((at) => `((0,0),(1,${at + 1}))`, '[(0,0)]'),
  polygon: listed((at) => `((0,0),(1,${at + 1}),(1,0))`, '((0,0))'),
  circle: listed((at) => `<(${10 * at},0),1>`, '<(0,0),0>'),
  pg_lsn: listed((at) => `0/${hex(at, 1).toUpperCase()}`, '0/0'),
  xid8: listed((at) => String(at + 1), '0'),
  xid: listed((at) => String(at + 1), '0'),
  regclass: listed(() => 'pg_catalog.pg_class'),
  regtype: listed(() => 'pg_catalog.int4'),
  regproc: listed(() => 'pg_catalog.now'),
  regrole: listed(() => 'pg_monitor'),
  regnamespace: listed(() => 'pg_catalog'),
  regconfig: listed(() => 'pg_catalog.simple'),
  hstore: listed((at) => `"n"=>"${at + 1}"`, '', '"n"=>NULL'),
  ltree: listed((at) => `top.n${at + 1}`, ''),
  lquery: listed((at) => `top.n${at + 1}`, '*'),
  cube: listed((at) => `(${at}, 1)`, '(0)'),
  seg: listed((at) => `${at + 1}`),
}
