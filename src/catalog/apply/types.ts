import { keyOf } from '../../model/names.js'
import type { AlterDomain } from '../../model/operations/object.js'
import { chooseName } from '../generated-name.js'
import { changeTable, place, resolve } from '../relations.js'
import type { ColumnEntry, DomainEntry, Scene, State } from '../state.js'
import { putDomain, putEnum, putObject } from '../state.js'
import type { Handlers } from './handlers.js'
import { nothing } from './handlers.js'

export const types: Handlers<
  | 'create-enum'
  | 'add-enum-value'
  | 'rename-enum-value'
  | 'create-type'
  | 'alter-type'
  | 'create-domain'
  | 'alter-domain'
> = {
  'create-enum': (operation, { state, born }) => {
    const name = place(state, operation.type)
    if (state.enums.has(keyOf(name))) return
    putEnum(state, { name, values: operation.values, born, fresh: [] })
  },

  'add-enum-value': (operation, { state, inTransaction, born }) => {
    const type = enumOf(operation.type, state)
    if (type === undefined || type.values.includes(operation.value)) return
    const { neighbour } = operation
    const found = neighbour === null ? -1 : type.values.indexOf(neighbour.value)
    const at = neighbour === null || found < 0 ? type.values.length : found + (neighbour.after ? 1 : 0)
    const fresh = inTransaction || born === 'transaction' ? [...type.fresh, operation.value] : type.fresh
    putEnum(state, { ...type, values: type.values.toSpliced(at, 0, operation.value), fresh })
  },

  'rename-enum-value': (operation, { state }) => {
    const type = enumOf(operation.type, state)
    if (type === undefined) return
    const follow = (value: string): string => (value === operation.value ? operation.newValue : value)
    putEnum(state, { ...type, values: type.values.map(follow), fresh: type.fresh.map(follow) })
    followDefaults(state, keyOf(type.name), operation.value, operation.newValue)
  },

  'create-type': (operation, { state, born }) => {
    const definition = operation.attributes.map(({ name, type }) => `${name} ${type.text}`).join(', ')
    putObject(state, { kind: 'type', name: place(state, operation.type), table: null, definition, born })
  },
  'alter-type': nothing,

  'create-domain': (operation, { state, born }) => {
    const name = place(state, operation.domain)
    if (state.domains.has(keyOf(name))) return
    const checks = operation.checks.reduce<readonly string[]>(
      (names, check) => [...names, check.name ?? checkName(name.name, names)],
      [],
    )
    putDomain(state, {
      name,
      type: operation.type,
      constrained: operation.notNull || checks.length > 0,
      notNull: operation.notNull,
      default: operation.default,
      checks,
      born,
    })
  },

  'alter-domain': (operation, { state }) => {
    const key = resolve(state, operation.domain, (key) => state.domains.has(key))
    const domain = key === undefined ? undefined : state.domains.get(key)
    if (domain === undefined) return
    const changed = alteredDomain(domain, operation)
    putDomain(state, { ...changed, constrained: changed.notNull || changed.checks.length > 0 })
  },
}

/** The operation does not carry the new default. */
const UNKNOWN = { text: '', volatility: 'unknown', constant: false, isNull: false, columns: [], strings: [] } as const

function enumOf(name: Parameters<typeof resolve>[1], state: Scene['state']) {
  const key = resolve(state, name, (key) => state.enums.has(key))
  return key === undefined ? undefined : state.enums.get(key)
}

/** A default is stored as the value, not as its text. */
function followDefaults(state: State, type: string, from: string, to: string): void {
  const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`
  const follow = (column: ColumnEntry): ColumnEntry => {
    const value = column.default
    if (value === null || keyOf({ schema: column.type.schema, name: column.type.name }) !== type) return column
    return {
      ...column,
      default: {
        ...value,
        text: value.text.replace(literal(from), () => literal(to)),
        strings: value.strings.map((each) => (each === from ? to : each)),
      },
    }
  }
  for (const table of state.tables.values()) {
    const columns = table.columns.map(follow)
    if (columns.some((column, at) => column !== table.columns[at])) changeTable(state, table, { columns })
  }
}

function alteredDomain(domain: DomainEntry, { action }: AlterDomain): DomainEntry {
  switch (action.type) {
    case 'set-not-null':
      return { ...domain, notNull: true }
    case 'drop-not-null':
      return { ...domain, notNull: false }
    case 'add-constraint':
      return { ...domain, checks: [...domain.checks, action.name ?? checkName(domain.name.name, domain.checks)] }
    case 'drop-constraint':
      return { ...domain, checks: domain.checks.filter((name) => name !== action.name) }
    case 'drop-default':
      return { ...domain, default: null }
    case 'set-default':
      return { ...domain, default: UNKNOWN }
    case 'validate-constraint':
      return domain
  }
}

function checkName(domain: string, taken: readonly string[]): string {
  return chooseName(domain, null, 'check', (name) => taken.includes(name))
}
