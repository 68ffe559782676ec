import type { Note } from '../../model/note.js'
import { isForPostgres } from './filters.js'
import { flagIn, type Node, textIn } from './node.js'

/** What `${name}` stands for in a changelog. */
export interface Properties {
  /** Sets those of an element `property`; of those that are in a file, `lines` are its text. */
  define(node: Node, file: string, lines: string | null): void
  expand(text: string, file: string): string
  /** Names that were asked for and not known: Liquibase leaves them as they stand, unless its environment sets them. */
  readonly unknown: ReadonlySet<string>
  readonly notes: readonly Note[]
}

/** What the database itself tells, of the same meaning whatever server it is (`liquibase.changelog.ChangeLogParameters`). */
const OF_POSTGRES: Readonly<Record<string, string>> = {
  'database.autoincrementclause': '',
  'database.currentdatetimefunction': 'NOW()',
  'database.databasechangeloglocktablename': 'DATABASECHANGELOGLOCK',
  'database.databasechangelogtablename': 'DATABASECHANGELOG',
  'database.databaseproductname': 'PostgreSQL',
  'database.linecomment': '--',
  'database.typename': 'postgresql',
  'database.supportssequences': 'true',
  'database.supportsschemas': 'true',
  'database.defaultschemaname': 'public',
  'database.liquibaseschemaname': 'public',
}
/** A value may name others; so far it is followed. */
const DEEPEST = 20
/** What one text may grow to. */
const LONGEST = 1 << 21

/** Properties in the order in which they are met: the first that is set stays, as in Liquibase. */
export function properties(): Properties {
  const global = new Map<string, string>()
  const local = new Map<string, Map<string, string>>()
  const unknown = new Set<string>()
  const notes: Note[] = []

  const set = (name: string, value: string, file: string, isGlobal: boolean): void => {
    const key = name.toLowerCase()
    if (isGlobal) {
      if (!global.has(key)) global.set(key, value)
      return
    }
    const own = local.get(file) ?? new Map<string, string>()
    local.set(file, own.set(key, value))
  }
  const valueOf = (name: string, file: string): string | undefined => {
    const key = name.trim().toLowerCase()
    return OF_POSTGRES[key] ?? global.get(key) ?? local.get(file)?.get(key)
  }
  /** What all texts of one expansion have come to: names within names could grow without end. */
  let grown = 0
  const filled = (text: string, file: string, depth: number): string =>
    text.replace(/\$\{([^${}]*)\}/g, (whole, name: string) => {
      const value = valueOf(name, file)
      if (value === undefined) unknown.add(name.trim())
      grown += whole.length + (value?.length ?? 0)
      if (value === undefined || depth > DEEPEST || grown > LONGEST) return whole
      return filled(value, file, depth + 1)
    })
  const expand = (text: string, file: string): string => {
    if (!text.includes('${')) return text
    grown = 0
    const expanded = filled(text, file, 0)
    if (grown <= LONGEST) return expanded
    if (notes.length === 0) {
      notes.push({
        message: 'properties name one another without end, and are left as they are',
        at: null,
        bearing: 'withholds',
      })
    }
    return text
  }
  return {
    unknown,
    notes,
    expand,
    define(node, file, lines) {
      if (!isForPostgres(textIn(node, 'dbms'))) return
      const isGlobal = flagIn(node, 'global') ?? true
      const name = textIn(node, 'name')
      if (name !== null)
        set(expand(name, file), node.children.find((child) => child.name === 'value')?.value ?? '', file, isGlobal)
      else if (lines !== null) {
        for (const [key, value] of readProperties(lines)) set(key, value, file, isGlobal)
      }
    },
  }
}

/** A file of Java's properties: names and values, comments left out (`java.util.Properties#load`). */
export function readProperties(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const line of text.replace(/\\\r?\n[ \t]*/g, '').split(/\r\n|\r|\n/)) {
    const match = /^[ \t\f]*((?:\\.|[^\s=:#!\\])(?:\\.|[^\s=:\\])*)[ \t\f]*[=:]?[ \t\f]*(.*)$/.exec(line)
    if (match === null) continue
    const plain = (part: string): string => part.replace(/\\(.)/g, '$1')
    found.set(plain(match[1] ?? ''), plain(match[2] ?? ''))
  }
  return found
}
