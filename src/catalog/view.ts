import type { Catalog, CatalogObject } from '../model/catalog.js'
import { keyOf } from '../model/names.js'
import { childrenOf, findIndex, findTable, findView, resolve, searchPath } from './relations.js'
import { foreignKeysTo } from './constraints.js'
import type { DomainEntry, State, TableEntry } from './state.js'

/** What rules may ask of a state; always of the one that is current when they ask. */
export function viewOf(stateNow: () => State): Catalog {
  const index: Catalog['index'] = (name) => {
    const state = stateNow()
    const key = findIndex(state, name)
    const owner = state.indexOwners.get(key ?? '') ?? ''
    const indexes = state.tables.get(owner)?.indexes ?? state.views.get(owner)?.indexes
    return indexes?.find((each) => keyOf(each.name) === key)
  }
  const find = <Value>(name: Parameters<typeof findTable>[1], family: 'enums' | 'domains'): Value | undefined => {
    const map = stateNow()[family]
    const key = resolve(stateNow(), name, (key) => map.has(key))
    return key === undefined ? undefined : (map.get(key) as Value)
  }

  return {
    get complete() {
      return stateNow().complete
    },
    get searchPath() {
      return searchPath(stateNow())
    },
    get tables() {
      return stateNow().tables.values()
    },
    get views() {
      return stateNow().views.values()
    },
    get enums() {
      return stateNow().enums.values()
    },
    get objects() {
      const { tables, domains, objects } = stateNow()
      return objectsOf({ tables: tables.values(), domains: domains.values(), objects: objects.values() })
    },
    table: (name) => findTable(stateNow(), name),
    column: (table, column) => findTable(stateNow(), table)?.columns.find(({ name }) => name === column),
    index,
    view: (name) => findView(stateNow(), name),
    enum: (name) => find(name, 'enums'),
    domain: (name) => find(name, 'domains'),
    born: (name) => (findTable(stateNow(), name) ?? findView(stateNow(), name) ?? index(name))?.born ?? 'unknown',
    referencing(name) {
      const table = findTable(stateNow(), name)
      if (table === undefined) return []
      return foreignKeysTo(stateNow(), table).map(({ owner, constraint }) => ({ table: owner.name, constraint }))
    },
    children(name) {
      const table = findTable(stateNow(), name)
      return table === undefined ? [] : childrenOf(stateNow(), table)
    },
    indexes: (name) => (findTable(stateNow(), name) ?? findView(stateNow(), name))?.indexes ?? [],
    readers(name) {
      const state = stateNow()
      const relation = findTable(state, name) ?? findView(state, name)
      const keys = relation === undefined ? [] : (state.readers.get(keyOf(relation.name)) ?? [])
      return keys.flatMap((key) => state.views.get(key) ?? [])
    },
    functions(name) {
      const state = stateNow()
      const overloads = state.functions.get(name.name)?.overloads ?? []
      const key = resolve(state, name, (each) => overloads.some((overload) => keyOf(overload.name) === each))
      return overloads.filter((overload) => keyOf(overload.name) === key)
    },
    volatilityOf(name) {
      const volatility = stateNow().functions.get(name)?.volatility
      return volatility === 'unknown' ? undefined : volatility
    },
  }
}

/** Everything among these that is no table, index, view or enum; what hangs on a table included. */
export function objectsOf({
  tables,
  domains,
  objects,
}: {
  readonly tables: readonly TableEntry[]
  readonly domains: readonly DomainEntry[]
  readonly objects: readonly CatalogObject[]
}): readonly CatalogObject[] {
  const attached = tables.flatMap((table) =>
    table.attachments.map(({ kind, name, calls, born }) => ({
      kind,
      name: { schema: '', name },
      table: table.name,
      calls,
      definition: '',
      born,
    })),
  )
  const asObjects = domains.map((domain): CatalogObject => ({
    kind: 'domain',
    name: domain.name,
    table: null,
    definition: [domain.type.text, domain.notNull ? 'not null' : '', domain.default?.text ?? '', ...domain.checks].join(
      ' ',
    ),
    born: domain.born,
  }))
  return [...objects, ...asObjects, ...attached]
}
