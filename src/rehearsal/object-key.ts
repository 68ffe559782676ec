/** A name as PostgreSQL's `quote_ident` writes it, and two of them with a dot between. */
export const IDENT = '(?:"(?:[^"]|"")*"|[^\\s."(),]+)'
export const QUALIFIED = `${IDENT}\\.${IDENT}`

/** The parts of a key of a schema dump. */
export interface ObjectKey {
  /** Such as `column`, `grants on table`. */
  readonly kind: string
  /** Of a part of a table, without the table. */
  readonly name: string
  /** The table that the object is, or is a part of, as far as the key tells. */
  readonly table: string | null
}

const PART = new RegExp(`^(.*?\\bcolumn|constraint|trigger|rule|policy) (${QUALIFIED})\\.(${IDENT})$`)
const TABLE = new RegExp(
  `^((?:(?:owner|storage parameters|row security|replica identity|column order) of |.* on )?table) (${QUALIFIED})$`,
)
const OTHER =
  /^((?:owner of |grants on |comment on |storage parameters of )?(?:materialized view|event trigger|range type|foreign [a-z-]+(?: [a-z]+)?|text search [a-z]+|operator [a-z]+|default privileges of|setting of|constraint of domain|[a-z-]+)) (.+)$/s

/** Takes a key apart. */
export function objectKey(key: string): ObjectKey {
  const part = PART.exec(key)
  if (part !== null) return { kind: part[1] ?? '', name: part[3] ?? '', table: part[2] ?? '' }
  const table = TABLE.exec(key)
  if (table !== null) return { kind: table[1] ?? '', name: table[2] ?? '', table: table[2] ?? '' }
  const other = OTHER.exec(key)
  return { kind: other?.[1] ?? '', name: other?.[2] ?? key, table: null }
}

/** A list of names with commas between. */
export const NAMES = `${IDENT}(?:, ${IDENT})*`

/** The names of such a list, quoted as they stand there. */
export function namesIn(list: string): readonly string[] {
  return list.match(new RegExp(IDENT, 'g')) ?? []
}
