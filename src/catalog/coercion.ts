import type { TypeName } from '../model/operations/shared.js'

/** What ALTER COLUMN … TYPE does to the stored rows: nothing, build the column's indexes anew, or write every row anew. */
export type Retyping = 'free' | 'reindexes' | 'rewrites'

/** What a change of a column's type costs, by what PostgreSQL 12 to 18 were seen to do. `utc`: the session's TimeZone is UTC. */
export function retyping(from: TypeName, to: TypeName, utc: boolean): Retyping {
  if (bare(from) === bare(to)) return 'free'
  if (from.arrays > 0 || to.arrays > 0) return retypingOfArrays(from, to)
  if (from.name !== to.name || from.schema !== to.schema) return conversion(from, to, utc)
  return widens(from, to) ? 'free' : 'rewrites'
}

/** Pairs that PostgreSQL stores alike. The indexes stay where one operator class serves both types. */
const ALIKE: Readonly<Record<string, Retyping>> = {
  'character varying > text': 'free',
  'text > character varying': 'free',
  'cidr > inet': 'free',
  'xml > text': 'free',
  'xml > character varying': 'free',
  'bit > bit varying': 'reindexes',
  'bit varying > bit': 'reindexes',
  'citext > text': 'reindexes',
  'citext > character varying': 'reindexes',
  'text > citext': 'reindexes',
  'character varying > citext': 'reindexes',
  'integer > oid': 'reindexes',
  'oid > integer': 'reindexes',
}

function conversion(from: TypeName, to: TypeName, utc: boolean): Retyping {
  const pair = `${from.name} > ${to.name}`
  if (pair === `${TIMESTAMP} > ${TIMESTAMPTZ}` || pair === `${TIMESTAMPTZ} > ${TIMESTAMP}`) {
    return utc && widens(from, to) ? 'reindexes' : 'rewrites'
  }
  // A length makes PostgreSQL check every value, unless it had the same kind of length before.
  return to.modifiers.length > 0 ? 'rewrites' : (ALIKE[pair] ?? 'rewrites')
}

const TIMESTAMP = 'timestamp without time zone'
const TIMESTAMPTZ = 'timestamp with time zone'

/** Whether every value of a type fits another of the same name as it is. */
function widens(from: TypeName, to: TypeName): boolean {
  const [size, scale] = from.modifiers
  const [newSize, newScale] = to.modifiers
  switch (to.name) {
    case 'character varying':
    case 'bit varying':
      return newSize === undefined || (size !== undefined && newSize >= size)
    case 'numeric':
      return newSize === undefined || (size !== undefined && newSize >= size && (newScale ?? 0) === (scale ?? 0))
    case TIMESTAMP:
    case TIMESTAMPTZ:
    case 'time without time zone':
    case 'time with time zone':
      return newSize === undefined || newSize >= (size ?? 6)
    case 'interval':
      return widensInterval(from, to)
    default:
      return false
  }
}

/** Only the smallest unit that is kept counts, and the digits of a second. Read from the text, where they are apart. */
function widensInterval(from: TypeName, to: TypeName): boolean {
  const parts = ({ text }: TypeName): { readonly unit: number; readonly precision: number } => ({
    unit: UNITS.indexOf(/(\w+)(?:\(\d+\))?$/.exec(text)?.[1] ?? ''),
    precision: Number(/\((\d+)\)/.exec(text)?.[1] ?? 6),
  })
  const [before, after] = [parts(from), parts(to)]
  return Math.max(after.unit, 0) <= Math.max(before.unit, 0) && after.precision >= before.precision
}

/** From small to large; without a unit everything is kept. */
const UNITS: readonly string[] = ['second', 'minute', 'hour', 'day', 'month', 'year']

/** Elements are converted one by one unless nothing but a length limit goes. */
function retypingOfArrays(from: TypeName, to: TypeName): Retyping {
  if (from.arrays === 0 || to.arrays === 0 || from.name !== to.name || from.schema !== to.schema) return 'rewrites'
  return to.modifiers.length === 0 && !/^(?:character|bit)$/.test(to.name) ? 'free' : 'rewrites'
}

function bare(type: TypeName): string {
  return type.schema === 'public' ? type.text.replace(/^public\./, '') : type.text
}
