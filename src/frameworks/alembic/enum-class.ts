import { distinctMembers } from './python/classes.js'
import type { Machine } from './python/machine.js'
import { string, type Value, type ValueOf } from './python/value.js'
import { sqlalchemyName } from './translation.js'

/** The keyword, which SQLAlchemy does not have, with the members of the class that an `sa.Enum(…)` was made from, beside their labels. */
export const MEMBERS = '_members'

/**
 * `sa.Enum(SomeEnum)` has the names of its members as values, or what `values_callable` makes of them
 * (https://docs.sqlalchemy.org/en/20/core/type_basics.html#sqlalchemy.types.Enum). null for anything else.
 */
export function enumOfClass(value: Value, machine: Machine): ValueOf<'call'> | null {
  const kind = sqlalchemyName(value)
  if (value.kind !== 'call' || (kind !== 'Enum' && kind !== 'ENUM')) return null
  const [of, ...more] = value.positional
  if (of?.kind !== 'class') return null
  // Second names of a member are left out, as SQLAlchemy 2 leaves them out.
  const members = distinctMembers(of)
  const names = members.flatMap(({ attributes }) => attributes.get('name') ?? [])
  const by = value.keywords.get('values_callable')
  const labels =
    by === undefined || by.kind === 'none'
      ? { kind: 'list' as const, items: names }
      : machine.call(by, { positional: [of], keywords: new Map() }, 'values_callable')
  if (labels.kind !== 'list' || names.length === 0) return null
  const keywords = new Map([...value.keywords].filter(([name]) => name !== 'values_callable'))
  if (!keywords.has('name')) keywords.set('name', string(of.name.toLowerCase()))
  const entries = members.flatMap((member, index) => {
    const label = labels.items[index]
    return label === undefined ? [] : [{ key: member, value: label }]
  })
  keywords.set(MEMBERS, { kind: 'dict', entries })
  return { ...value, positional: [...labels.items, ...more], keywords }
}
