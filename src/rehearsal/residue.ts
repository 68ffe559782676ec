import type { SchemaDump } from '../sandbox/sandbox.js'

/**
 * What differs between two readings of a schema, one line an object, in the order of their names. Objects of a table
 * that is itself the difference go without saying; the order of columns is no difference, since a column that is
 * dropped and added again always comes last.
 */
export function residue(before: SchemaDump, after: SchemaDump): readonly string[] {
  return differences(before, after).map(line)
}

/** One object in two readings; undefined where it is not there. */
export interface Difference {
  readonly key: string
  readonly before: string | undefined
  readonly after: string | undefined
}

/** The same, as it was read. */
export function differences(before: SchemaDump, after: SchemaDump): readonly Difference[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].filter((key) => !key.startsWith('column order of '))
  const changed = keys.filter((key) => before.get(key) !== after.get(key)).sort()
  const whole = new Set(changed.filter((key) => WHOLE.test(key) && before.has(key) !== after.has(key)))
  return changed
    .filter((key) => !goesWithoutSaying(key, before.get(key) ?? after.get(key) ?? '', whole))
    .map((key) => ({ key, before: before.get(key), after: after.get(key) }))
}

/** Objects that have parts, or facets of their own lines. */
const WHOLE =
  /^(?:table|foreign table|view|materialized view|sequence|function|procedure|aggregate|schema|column|enum|type|domain) /

function goesWithoutSaying(key: string, definition: string, whole: ReadonlySet<string>): boolean {
  for (const object of whole) {
    if (key === object) continue
    const name = object.slice(object.indexOf('table ') === 0 ? 'table '.length : object.lastIndexOf(' ') + 1)
    if (key.endsWith(` ${object}`) || key.endsWith(` type ${name}`)) return true
    if (/^(?:table|foreign table|view|materialized view) /.test(object) && belongs(key, definition, name)) return true
  }
  return false
}

function belongs(key: string, definition: string, table: string): boolean {
  if (key.startsWith('index '))
    return definition.includes(` ON ${table} USING `) || definition.includes(` ON ONLY ${table} `)
  if (key.startsWith('sequence '))
    return definition.includes(` of ${table}.`) || definition.includes(`owned by ${table}.`)
  if (key.startsWith('owner of sequence ')) return false
  return PARTS.some((part) => key.startsWith(`${part} ${table}.`))
}

const PARTS = ['column', 'constraint', 'trigger', 'rule', 'policy', 'grants on column', 'comment on table column']

/** The longest definition that is quoted in full. */
const QUOTED = 160

function line({ key, before, after }: Difference): string {
  if (before === undefined) return `${key} remains`
  if (after === undefined) return `${key} is missing`
  if (before.length > QUOTED || after.length > QUOTED || /[\r\n]/.test(before + after)) return `${key} differs`
  return `${key} differs: ${after} instead of ${before}`
}
