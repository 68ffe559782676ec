import { keyOf } from '../model/names.js'
import type { Operation } from '../model/operation.js'

/** What an operation does to one thing of the schema. */
interface Deed {
  readonly thing: string
  readonly act: 'makes' | 'unmakes' | 'alters'
}

/** Whether one operation takes back what another does, as far as their names tell; that it does so in full is for a rehearsal to say. */
export function undoes(down: Operation, up: Operation): boolean {
  const [back, deed] = [deedOf(down), deedOf(up)]
  if (back === null || deed === null || back.thing !== deed.thing) return false
  return deed.act === 'alters' ? back.act === 'alters' : back.act !== 'alters' && back.act !== deed.act
}

function deedOf(operation: Operation): Deed | null {
  const deed = (act: Deed['act'], kind: string, ...names: readonly (string | null)[]): Deed | null =>
    names.includes(null) ? null : { act, thing: [kind, ...names].join(' ') }
  switch (operation.kind) {
    case 'create-table':
      return deed('makes', 'table', keyOf(operation.table))
    case 'drop-table':
      return deed('unmakes', 'table', keyOf(operation.table))
    case 'add-column':
      return deed('makes', 'column', keyOf(operation.table), operation.column.name)
    case 'drop-column':
      return deed('unmakes', 'column', keyOf(operation.table), operation.column)
    case 'add-constraint':
      return deed('makes', 'constraint', keyOf(operation.table), operation.constraint.name)
    case 'drop-constraint':
      return deed('unmakes', 'constraint', keyOf(operation.table), operation.constraint)
    case 'create-index':
      return deed('makes', 'index', operation.name)
    case 'drop-index':
      return deed('unmakes', 'index', operation.index.name)
    case 'set-not-null':
      return deed('makes', 'not null', keyOf(operation.table), operation.column)
    case 'drop-not-null':
      return deed('unmakes', 'not null', keyOf(operation.table), operation.column)
    case 'set-default':
    case 'drop-default':
      return deed('alters', 'default', keyOf(operation.table), operation.column)
    case 'set-column-type':
      return deed('alters', 'type', keyOf(operation.table), operation.column)
    case 'rename-table':
      return deed('alters', 'name', ...[keyOf(operation.table), operation.newName].sort())
    case 'rename-column':
      return deed('alters', 'name', keyOf(operation.table), ...[operation.column, operation.newName].sort())
    case 'create-view':
      return deed('makes', operation.materialized ? 'materialized view' : 'view', keyOf(operation.view))
    case 'create-enum':
    case 'create-type':
      return deed('makes', 'type', keyOf(operation.type))
    case 'create-domain':
      return deed('makes', 'domain', keyOf(operation.domain))
    case 'create-sequence':
      return deed('makes', 'sequence', keyOf(operation.sequence))
    case 'create-function':
      return deed('makes', operation.procedure ? 'procedure' : 'function', keyOf(operation.function))
    case 'create-trigger':
      return deed('makes', 'trigger', keyOf(operation.table), operation.name)
    case 'create-policy':
      return deed('makes', 'policy', keyOf(operation.table), operation.name)
    case 'create-schema':
      return deed('makes', 'schema', operation.schema)
    case 'drop-schema':
      return deed('unmakes', 'schema', operation.schema)
    case 'create-extension':
      return deed('makes', 'extension', operation.extension)
    case 'drop-object': {
      const { object, name, table } = operation
      return table === null ? deed('unmakes', object, keyOf(name)) : deed('unmakes', object, keyOf(table), name.name)
    }
    default:
      return null
  }
}
