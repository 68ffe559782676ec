import { checkedJson, type Form } from '../../source/checked-json.js'
import type { SourceText } from '../../source/source-text.js'
import { startOf, type Span } from '../../source/span.js'

/** An entry of a journal: a migration in the place in which it runs. */
export interface Entry {
  /** The name of its file, without `.sql`. */
  readonly tag: string
  /** Milliseconds since 1970: what a database remembers of it. */
  readonly when: number
  /** The number that drizzle-kit gave it; it says nothing about the order. */
  readonly idx: number
  readonly at: Span
}

interface Journal {
  readonly entries: readonly { readonly tag: string; readonly when: number; readonly idx: number }[]
}

/** More migrations than anybody has. */
const MOST_ENTRIES = 20_000

/** The entries of a journal in the order in which Drizzle runs them, or what is wrong with it. */
export function entriesOf(source: SourceText): readonly Entry[] | { readonly problem: string; readonly at: Span } {
  const read = checkedJson(source.text, isJournal)
  if ('problem' in read) return { problem: read.problem, at: startOf(source.path) }
  const places = placesOf(source)
  return read.data.entries.map(({ tag, when, idx }) => ({ tag, when, idx, at: places(tag) ?? startOf(source.path) }))
}

const isJournal: Form<Journal> = Object.assign((data: unknown): data is Journal => {
  const wrong = problemOf(data)
  isJournal.errors = wrong === null ? null : [wrong]
  return wrong === null
}, {})

/** What of the data is not as a journal has it. */
function problemOf(data: unknown): { readonly instancePath: string; readonly message: string } | null {
  const entries = field(data, 'entries')
  if (!Array.isArray(entries)) return { instancePath: '/entries', message: 'must be a list' }
  if (entries.length > MOST_ENTRIES)
    return { instancePath: '/entries', message: `must not have more than ${MOST_ENTRIES} items` }
  for (const [number, entry] of entries.entries()) {
    const wrong = (name: string, message: string) => ({ instancePath: `/entries/${number}/${name}`, message })
    const tag = field(entry, 'tag')
    // Drizzle would follow a path out of its folder; nobody means that.
    if (typeof tag !== 'string' || !/^[^/\\\0]+$/.test(tag)) return wrong('tag', 'must be the name of a file')
    if (!Number.isFinite(field(entry, 'when'))) return wrong('when', 'must be a number')
    if (!Number.isInteger(field(entry, 'idx'))) return wrong('idx', 'must be a whole number')
  }
  return null
}

/** The value that an object has of its own under a name. */
function field(data: unknown, name: string): unknown {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, name)
    ? (data as Readonly<Record<string, unknown>>)[name]
    : undefined
}

/** Where the journal names a tag. */
function placesOf(source: SourceText): (tag: string) => Span | undefined {
  const places = new Map<string, Span>()
  for (const match of source.text.matchAll(/"tag"\s*:\s*("(?:[^"\\\n]|\\.)*")/g)) {
    const [whole, quoted = '""'] = match
    const end = match.index + whole.length
    const tag = unquoted(quoted)
    if (tag !== null && !places.has(tag)) places.set(tag, source.spanOfUnits(end - quoted.length, end))
  }
  return (tag) => places.get(tag)
}

function unquoted(quoted: string): string | null {
  try {
    return JSON.parse(quoted) as string
  } catch {
    return null
  }
}
