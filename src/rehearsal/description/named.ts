import type { Relation } from './table.js'

/** Which table a name means: one, or several among which nobody can choose. */
export interface Named {
  readonly one: Relation | null
  readonly several: readonly Relation[]
}

/**
 * The table that a person means by a name, with or without its schema and its quotes. The exact name goes before one in other
 * letters, and `public` before another schema.
 */
export function namedBy(wanted: string, relations: readonly Relation[]): Named {
  const [first = '', second] = partsOf(wanted)
  const [schema, table] = second === undefined ? [null, first] : [first, second]
  const among = (same: (a: string, b: string) => boolean): readonly Relation[] =>
    relations.filter((each) => same(each.table, table) && (schema === null || same(each.schema, schema)))
  for (const same of [exactly, folded]) {
    const found = among(same)
    const usual = found.filter((each) => each.schema === 'public')
    const chosen = schema === null && usual.length > 0 ? usual : found
    if (chosen.length === 1) return { one: chosen[0] ?? null, several: [] }
    if (chosen.length > 1) return { one: null, several: chosen }
  }
  return { one: null, several: [] }
}

/** `"My.Table"` is one name; what stands in quotes keeps its letters. */
function partsOf(name: string): readonly string[] {
  return (name.match(/"(?:[^"]|"")*"|[^".]+/g) ?? []).map((part) =>
    part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part,
  )
}

function exactly(a: string, b: string): boolean {
  return a === b
}

function folded(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
