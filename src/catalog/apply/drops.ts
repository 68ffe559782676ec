import { takesTypes } from '../../model/catalog.js'
import { keyOf } from '../../model/names.js'
import type { QualifiedName } from '../../model/names.js'
import type { DropObject } from '../../model/operations/object.js'
import { dropColumnsOfType, dropDefaultsFrom, dropTableOf, dropViewOf, forgetFunctionsOf } from '../drop.js'
import { changeTable, findObject, findTable, findView, loseSight, resolve } from '../relations.js'
import type { Scene, State } from '../state.js'
import { definitionOf, objectKey, putObject } from '../state.js'
import type { Handlers } from './handlers.js'

export const drops: Handlers<'drop-object' | 'drop-schema'> = {
  'drop-object': dropObject,

  'drop-schema': (operation, { state }) => {
    const { schema } = operation
    state.objects.delete(objectKey('schema', { schema: '', name: schema }))
    if (!operation.cascade) return
    const within = ({ name }: { readonly name: { readonly schema: string } }): boolean =>
      name.schema === (schema === 'public' ? '' : schema)
    for (const table of state.tables.values()) if (within(table)) dropTableOf(state, table, true)
    for (const view of state.views.values()) if (within(view)) dropViewOf(state, view, true)
    for (const type of [...state.enums.values(), ...state.domains.values()])
      if (within(type)) dropType(state, keyOf(type.name), true)
    for (const [key, object] of state.objects.entries()) {
      if (object.kind === 'schema' || object.kind === 'extension' || !within(object)) continue
      state.objects.delete(key)
      if (object.kind === 'function' || object.kind === 'procedure') state.functions.delete(object.name.name)
    }
  },
}

function dropObject(operation: DropObject, scene: Scene): void {
  const { state } = scene
  const { name, cascade } = operation
  switch (operation.object) {
    case 'view':
    case 'materialized view': {
      const view = findView(state, name)
      return view === undefined ? undefined : dropViewOf(state, view, cascade)
    }
    case 'foreign table': {
      const table = findTable(state, name)
      return table === undefined ? undefined : dropTableOf(state, table, cascade)
    }
    case 'type':
    case 'domain': {
      const key = resolve(state, name, (each) => state.enums.has(each) || state.domains.has(each))
      if (key !== undefined) return dropType(state, key, cascade)
      return dropOther(state, operation)
    }
    case 'trigger':
    case 'policy':
    case 'rule': {
      const table = operation.table === null ? undefined : findTable(state, operation.table)
      if (table === undefined) return
      const attachments = table.attachments.filter((each) => each.kind !== operation.object || each.name !== name.name)
      return changeTable(state, table, { attachments })
    }
    default:
      return dropOther(state, operation)
  }
}

function dropOther(state: State, operation: DropObject): void {
  const { object, name, cascade } = operation
  const key = findObject(state, object, name)
  if (key !== undefined && leavesAnother(state, operation, key)) return
  if (key !== undefined) state.objects.delete(key)
  if (object === 'sequence') {
    if (cascade) dropDefaultsFrom(state, key?.slice('sequence '.length) ?? keyOf(name))
    return
  }
  // CASCADE may take views, defaults or columns along too; what else hangs on it is not recorded.
  if (cascade && object === 'function') dropTriggersThatCall(state, name)
  if (cascade && object === 'type') dropColumnsOfType(state, keyOf(name))
  if (cascade && object === 'type') forgetFunctionsOf(state, keyOf(name))
  if (cascade && (object === 'function' || object === 'extension' || object === 'other')) {
    loseSight(state)
  }
  if (object === 'function' || object === 'procedure' || object === 'routine') state.functions.delete(name.name)
}

/** Drops one of several functions of a name, which the types that it takes tell; the others keep the name. */
function leavesAnother(state: State, { takes }: DropObject, key: string): boolean {
  const object = state.objects.get(key)
  const known = object === undefined ? undefined : state.functions.get(object.name.name)
  if (takes === null || object === undefined || known === undefined) return false
  const named = known.overloads.filter((each) => keyOf(each.name) === keyOf(object.name))
  const gone = named.find((each) => takesTypes(each, takes))
  if (named.length < 2) return false
  const overloads = known.overloads.filter((each) => each !== gone)
  state.functions.set(object.name.name, { ...known, overloads })
  putObject(state, { ...object, definition: definitionOf(overloads, object.name) })
  return true
}

function dropTriggersThatCall(state: State, called: QualifiedName): void {
  for (const table of state.tables.values()) {
    const attachments = table.attachments.filter(({ calls }) => calls === null || calls.name !== called.name)
    if (attachments.length < table.attachments.length) changeTable(state, table, { attachments })
  }
}

function dropType(state: State, key: string, cascade: boolean): void {
  state.enums.delete(key)
  state.domains.delete(key)
  if (cascade) dropColumnsOfType(state, key)
  if (cascade) forgetFunctionsOf(state, key)
}
