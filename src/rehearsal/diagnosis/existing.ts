import { lastDeed, type NameKind } from './deeds.js'
import { because, parts, type Explain } from './failing.js'

/** A name that is taken: by whom, as far as the plan tells. */
export const existing: Explain = (failing) => {
  const { message } = failing.failure
  for (const [pattern, kind] of TAKEN) {
    const [name, of] = parts(message, pattern) ?? []
    if (name === undefined) continue
    const deed = lastDeed(failing, kind, name, of ?? null)
    const where = of === undefined ? name : `${name} of ${of}`
    if (deed === null || deed.verb === 'dropped') return null
    if (failing.phase === 'reapply' && deed.by === OWN_UP) {
      return because(`up has made ${where}, and down does not take it away`, {
        remedy: `let down take ${where} away`,
      })
    }
    const how = deed.verb === 'renamed' ? `got its name by` : 'was made by'
    return because(`${where} ${how} ${deed.by}`)
  }
  return null
}

const OWN_UP = 'the up of this migration'

const TAKEN: readonly (readonly [RegExp, NameKind])[] = [
  [/^column "(.+?)" of relation "(.+)" already exists$/s, 'column'],
  [/^constraint "(.+?)" for relation "(.+)" already exists$/s, 'constraint'],
  [/^(?:trigger|policy|rule) "(.+?)" for (?:relation|table) "(.+)" already exists$/s, 'other'],
  [/^relation "(.+)" already exists$/s, 'relation'],
  [/^type "(.+)" already exists$/s, 'type'],
  [/^function "(.+)" already exists/s, 'function'],
  [/^schema "(.+)" already exists$/s, 'schema'],
]
