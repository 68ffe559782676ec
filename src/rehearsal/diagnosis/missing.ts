import { quote } from '../../model/names.js'
import { lastDeed, madeLater, type LastDeed, type NameKind } from './deeds.js'
import { because, parts, type Explain, type Failing } from './failing.js'
import { existingOf, nearestOf, type Wanted } from './names.js'
import { searchPath } from './search-path.js'

/** Something that a statement names and that is not there: what became of it, and what comes near. */
export const missing: Explain = async (failing, session) => {
  const wanted = wantedIn(failing.failure.message)
  if (wanted === null) return null
  const existing = await existingOf(session, wanted, failing.statement.sql)
  const near = nearestOf(wanted, existing)
  const shown = near.map((each) => each.shown)
  const same = near.filter(({ name }) => name === wanted.name)
  const [elsewhere] = same.filter(({ schema }) => schema !== '' && schema !== wanted.schema)
  const what = `${wanted.noun} ${wanted.schema === '' ? '' : `${wanted.schema}.`}${wanted.name}${wanted.of === null ? '' : ` of ${wanted.of}`}`
  if (wanted.kind === 'function' && same.length > 0) {
    return because(`no ${wanted.name} takes these arguments; there is ${same.map((each) => each.shown).join(', ')}`, {
      nearest: shown,
    })
  }
  if (elsewhere !== undefined && wanted.of === null) {
    const path = await searchPath(failing, session)
    const where = wanted.schema === '' ? `; the search path is ${path.length === 0 ? 'empty' : path.join(', ')}` : ''
    return because(`there is ${elsewhere.schema}.${elsewhere.name}${where}`, {
      remedy: `write ${elsewhere.schema}.${elsewhere.name}`,
      nearest: shown,
    })
  }
  if (wanted.noun === 'constraint') {
    const indexes = await existingOf(session, { ...wanted, noun: 'index', kind: 'relation', of: null }, '')
    const dropped = failing.statement.operations.some(({ kind }) => kind === 'drop-constraint')
    if (indexes.some(({ name }) => name === wanted.name)) {
      const remedy = dropped ? `DROP INDEX ${quote(wanted.name)}` : null
      return because(`${wanted.name} is an index, and no constraint`, { remedy })
    }
  }
  const deed = lastDeed(failing, wanted.kind, wanted.name, wanted.of)
  const later = deed === null ? madeLater(failing, wanted.kind, wanted.name) : null
  const cased = near.find(({ name }) => name !== wanted.name && name.toLowerCase() === wanted.name.toLowerCase())
  const hint =
    cased === undefined ? '' : '; a name in double quotes keeps its upper case, one without is taken in lower case'
  const cause = `${fate(failing, wanted, what, deed, later)}${hint}`
  return deed === null && later === null && shown.length === 0 ? null : because(cause, { nearest: shown })
}

function fate({ phase }: Failing, { name }: Wanted, what: string, deed: LastDeed | null, later: string | null): string {
  if (later !== null) return `${what} is made only by ${later}`
  if (deed === null || deed.verb === 'made') return `there is no ${what}`
  if (deed.verb === 'renamed' && deed.name === name) return `${what} was renamed to ${deed.to} by ${deed.by}`
  if (deed.verb === 'renamed') return `there is no ${what}`
  const again = phase === 'reapply' ? ', and down does not bring it back' : ''
  return `${what} was taken away by ${deed.by}${deed.by === 'the up of this migration' ? again : ''}`
}

const MISSING: readonly (readonly [RegExp, NameKind])[] = [
  [/^(column) "(.+?)" of relation "(.+)" does not exist$/s, 'column'],
  [/^(constraint) "(.+?)" (?:of relation|for table) "(.+)" does not exist$/s, 'constraint'],
  [/^(trigger|policy) "(.+?)" for table "(.+)" does not exist$/s, 'other'],
  [/^(column) "(.+?)"(?: named in key| referenced in foreign key constraint)? does not exist$/s, 'column'],
  [/^(column) (\S+) does not exist$/s, 'column'],
  [/^(relation|table|view|materialized view|sequence|index) "(.+)" does not exist$/s, 'relation'],
  [/^(function|procedure|routine|aggregate) (.+?)\(.*\) does not exist$/s, 'function'],
  [/^could not find a (function|procedure) named "(.+)"$/s, 'function'],
  [/^(type) "(.+)" does not exist$/s, 'type'],
  [/^(schema) "(.+)" does not exist$/s, 'schema'],
  [/^(role) "(.+)" does not exist$/s, 'other'],
]

function wantedIn(message: string): Wanted | null {
  for (const [pattern, kind] of MISSING) {
    const [noun, text, of] = parts(message, pattern) ?? []
    if (noun === undefined || text === undefined) continue
    const unquoted = text.replaceAll('"', '')
    const dot = kind === 'schema' || noun === 'role' ? -1 : unquoted.lastIndexOf('.')
    const qualifier = dot < 0 ? '' : unquoted.slice(0, dot)
    const name = unquoted.slice(dot + 1).replace(/\[\]$/, '')
    const routine = kind === 'function' ? 'function' : noun
    // Before a column stands a table or its alias, which the statement tells.
    if (kind === 'column') return { noun, kind, schema: '', name, of: of ?? null }
    return { noun: routine, kind, schema: qualifier, name, of: of ?? null }
  }
  return null
}
