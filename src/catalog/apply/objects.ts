import { takesSame } from '../../model/catalog.js'
import type { QualifiedName } from '../../model/names.js'
import { keyOf } from '../../model/names.js'
import type { CreateFunction } from '../../model/operations/object.js'
import type { Volatility } from '../../model/operations/shared.js'
import { changeTable, findTable, findView, loseSight, place, relationExists, resolve } from '../relations.js'
import type { Attachment, FunctionEntry, Overload, Scene } from '../state.js'
import { definitionOf, objectKey, putObject } from '../state.js'
import type { Handlers } from './handlers.js'
import { nothing } from './handlers.js'

export const objects: Handlers<
  | 'create-sequence'
  | 'alter-sequence'
  | 'create-function'
  | 'alter-function'
  | 'create-trigger'
  | 'create-policy'
  | 'alter-policy'
  | 'create-rule'
  | 'create-schema'
  | 'create-extension'
  | 'alter-extension'
  | 'change-publication'
> = {
  'create-sequence': (operation, { state, born }) => {
    const name = place(state, operation.sequence, operation.temporary)
    if (relationExists(state, keyOf(name))) return
    putObject(state, { kind: 'sequence', name, table: null, definition: operation.type, born })
    if (operation.ownedBy !== null) own(state, keyOf(name), operation.ownedBy)
  },

  'alter-sequence': ({ sequence, ownedBy, type }, { state }) => {
    const key = resolve(state, sequence, (each) => state.objects.has(`sequence ${each}`))
    const known = key === undefined ? undefined : state.objects.get(`sequence ${key}`)
    if (key === undefined || known === undefined) return
    if (type !== null) putObject(state, { ...known, definition: type })
    if (ownedBy !== null) own(state, key, ownedBy === 'none' ? null : ownedBy)
  },

  'create-function': (operation, { state, born }) => {
    const name = place(state, operation.function)
    const known = state.functions.get(name.name)
    const entry = known === undefined || operation.replace ? read(operation) : worse(known, operation)
    const overloads = overloaded(known?.overloads ?? [], name, operation)
    state.functions.set(name.name, { ...entry, overloads })
    const kind = operation.procedure ? 'procedure' : 'function'
    const before = state.objects.get(objectKey(kind, name))
    putObject(state, { kind, name, table: null, definition: definitionOf(overloads, name), born: before?.born ?? born })
  },
  // May change the volatility; which way, the operation does not say.
  'alter-function': (operation, { state }) => {
    const known = state.functions.get(operation.function.name)
    if (known !== undefined) state.functions.set(operation.function.name, { ...known, volatility: 'unknown' })
  },

  'create-trigger': (operation, scene) => attach(scene, operation.table, 'trigger', operation.name, operation.function),
  'create-policy': (operation, scene) => attach(scene, operation.table, 'policy', operation.name),
  'alter-policy': nothing,
  'create-rule': (operation, scene) => attach(scene, operation.table, 'rule', operation.name),

  'create-schema': (operation, { state, born }) => {
    const name = { schema: '', name: operation.schema }
    if (state.objects.has(objectKey('schema', name)) || operation.schema === 'public') return
    putObject(state, { kind: 'schema', name, table: null, definition: '', born })
  },
  'create-extension': (operation, { state, born }) => {
    const name = { schema: '', name: operation.extension }
    if (state.objects.has(objectKey('extension', name))) return
    putObject(state, { kind: 'extension', name, table: null, definition: '', born })
    if (!WITHOUT_RELATIONS.has(operation.extension)) loseSight(state)
  },
  'alter-extension': nothing,
  'change-publication': ({ action, publication }, { state, born }) => {
    if (action !== 'create') return
    putObject(state, {
      kind: 'publication',
      name: { schema: '', name: publication },
      table: null,
      definition: '',
      born,
    })
  },
}

/** Extensions that create no table or view, or only ones that no migration names. */
const WITHOUT_RELATIONS: ReadonlySet<string> = new Set([
  ...['adminpack', 'amcheck', 'bloom', 'btree_gin', 'btree_gist', 'citext', 'cube', 'dict_int', 'dict_xsyn'],
  ...['earthdistance', 'fuzzystrmatch', 'hstore', 'intarray', 'isn', 'lo', 'ltree', 'moddatetime', 'pageinspect'],
  ...['pg_buffercache', 'pg_prewarm', 'pg_stat_statements', 'pg_trgm', 'pgcrypto', 'pgjwt', 'pgrowlocks'],
  ...['pgstattuple', 'plpgsql', 'postgis', 'postgis_topology', 'postgres_fdw', 'seg', 'sslinfo', 'tablefunc', 'tcn'],
  ...['timescaledb', 'unaccent', 'uuid-ossp', 'vector', 'xml2'],
])

const CHANGES_SCHEMA = /\b(?:create|alter|drop|rename|execute|truncate|comment)\b/i

type Reading = Omit<FunctionEntry, 'overloads'>

function read(operation: CreateFunction): Reading {
  return { volatility: operation.volatility, changesSchema: CHANGES_SCHEMA.test(operation.body ?? '') }
}

/** Another function of the same name: of both the one that may do more. */
function worse(known: Reading, operation: CreateFunction): Reading {
  const order: readonly Volatility[] = ['immutable', 'stable', 'unknown', 'volatile']
  const one = read(operation)
  return {
    volatility: order[Math.max(order.indexOf(known.volatility), order.indexOf(one.volatility))] ?? 'unknown',
    changesSchema: known.changesSchema || one.changesSchema,
  }
}

/** The functions of a name with one more, in place of the one that takes the same types. */
function overloaded(
  known: readonly Overload[],
  name: QualifiedName,
  { procedure, parameters, returns, ...told }: CreateFunction,
): readonly Overload[] {
  const definition = `(${told.arguments.join(', ')}) ${told.language} ${told.volatility} ${told.body ?? ''}`
  const added = { name, procedure, parameters, returns, definition }
  const others = known.filter((each) => keyOf(each.name) !== keyOf(name) || !takesSame(each, added))
  return [...others, added]
}

function attach(
  { state, born }: Scene,
  on: QualifiedName,
  kind: Attachment['kind'],
  name: string,
  calls: QualifiedName | null = null,
): void {
  const table = findTable(state, on)
  if (table === undefined || findView(state, on) !== undefined) return
  const before = table.attachments.find((each) => each.kind === kind && each.name === name)
  if (before !== undefined) return
  changeTable(state, table, { attachments: [...table.attachments, { kind, name, calls, born }] })
}

function own(
  state: Scene['state'],
  sequence: string,
  owner: { readonly table: QualifiedName; readonly column: string } | null,
): void {
  for (const table of state.tables.values()) {
    if (!table.columns.some((column) => column.sequence === sequence)) continue
    const columns = table.columns.map((each) => (each.sequence === sequence ? { ...each, sequence: null } : each))
    changeTable(state, table, { columns })
  }
  const table = owner === null ? undefined : findTable(state, owner.table)
  if (owner === null || table === undefined) return
  const columns = table.columns.map((each) => (each.name === owner.column ? { ...each, sequence } : each))
  changeTable(state, table, { columns })
}
