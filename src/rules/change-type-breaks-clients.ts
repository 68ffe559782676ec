import { columnIsNew, type Catalog } from '../model/catalog.js'
import { show } from '../model/names.js'
import type { TypeName } from '../model/operations/shared.js'
import { isNarrowing } from '../model/type-change.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'change-type-breaks-clients',
    code: 'D12',
    family: 'compatibility',
    weight: 'warning',
    confidence: 'likely',
    tables: 'existing',
    directions: 'up',
    summary: 'A column gets a type that deployed code handles differently',
    why:
      'Code that is deployed was compiled, or has prepared its statements, for the old type. A statement that was prepared before ' +
      'fails with “cached plan must not change result type” until its connection is renewed; a driver hands out another kind of ' +
      'value, such as text for a number; and a parameter that is sent with the old type may no longer fit the column. Types that ' +
      'are read and written alike (text and varchar, json and jsonb, integers of different size, lengths) are not meant. A type ' +
      'that cannot hold the old values has a rule of its own.',
    instead:
      'Add a column of the new type, let a release write both, copy the old values in batches, let the next release read the new ' +
      'one, and drop the old one after that.',
    messages: {
      changed:
        'Changes {{column}} of {{table}} from {{from}} to {{to}}: code that is deployed now reads and writes {{from}}',
    },
  },
  check: {
    'set-column-type'({ table, column, type, span }, { catalog }) {
      const from = catalog.column(table, column)?.type
      if (from === undefined || columnIsNew(catalog, table, column)) return
      if (isNarrowing(from, type) || kindOf(from, catalog) === kindOf(type, catalog)) return
      return { message: 'changed', at: span, data: { table: show(table), column, from: from.text, to: type.text } }
    },
  },
})

const KINDS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['text', 'character varying', 'character', 'bpchar', 'citext', 'name'].map((name) => [name, 'text']),
  ),
  ...Object.fromEntries(['smallint', 'integer', 'bigint'].map((name) => [name, 'integer'])),
  ...Object.fromEntries(['real', 'double precision'].map((name) => [name, 'float'])),
  ...Object.fromEntries(['json', 'jsonb'].map((name) => [name, 'json'])),
  ...Object.fromEntries(['bit', 'bit varying'].map((name) => [name, 'bit'])),
}

/** Types of one kind look alike to clients. An enum that is swapped for another has a rule of its own. */
function kindOf(type: TypeName, catalog: Catalog): string {
  const domain = catalog.domain(type)
  if (domain !== undefined) return kindOf({ ...domain.type, arrays: domain.type.arrays + type.arrays }, catalog)
  const isEnum = catalog.enum(type) !== undefined
  const kind = isEnum ? 'enum' : (KINDS[type.name] ?? type.name)
  return `${kind}${'[]'.repeat(type.arrays)}`
}
