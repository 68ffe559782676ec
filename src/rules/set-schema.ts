import { bornOf } from '../model/catalog.js'
import { keyOf, quote, show, type QualifiedName } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { operationsAfter } from '../model/pulled.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'set-schema',
    code: 'D4',
    family: 'compatibility',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'An object that existed before this pull request moves to another schema',
    why:
      'For code that is deployed it is a renaming: the full name is no longer right, and the bare name only finds the object where ' +
      'the new schema stands in the search_path of that very connection. A table takes its indexes, constraints and owned ' +
      'sequences along; functions with a text body that name it do not follow.',
    instead:
      'Leave a view under the old name in the same transaction: simple views can be written to. For functions leave one that calls ' +
      'the moved one. Or add the new schema to the search_path of every role that connects before anything moves.',
    messages: {
      moved: 'Moves {{object}} {{name}} to schema {{schema}}: code that is deployed now looks for it in the old one',
      extension: 'Moves extension {{name}} to schema {{schema}}, and with it every function and type that it brought',
    },
  },
  check: {
    'set-schema'(operation, { catalog, pull }) {
      const { object, name, newSchema, span } = operation
      const born = bornOf(catalog, object, name)
      if (born !== 'base' && born !== 'unknown') return
      if (operationsAfter(operation, pull).some((each) => keepsAlive(each, name))) return
      const data = { object, name: show(name), schema: newSchema }
      if (object === 'extension') return { message: 'extension', at: span, data }
      if (object !== 'table') return { message: 'moved', at: span, data }
      const moved = quote({ schema: newSchema, name: name.name })
      const old = quote({ schema: name.schema || 'public', name: name.name })
      const fix = `ALTER TABLE ${quote(name)} SET SCHEMA ${quote(newSchema)};\nCREATE VIEW ${old} AS SELECT * FROM ${moved};`
      return { message: 'moved', at: span, data, fix }
    },
  },
})

/** Whether it puts something under the old name. */
function keepsAlive(operation: Operation, name: QualifiedName): boolean {
  switch (operation.kind) {
    case 'create-view':
      return keyOf(operation.view) === keyOf(name)
    case 'create-function':
      return keyOf(operation.function) === keyOf(name)
    case 'rename-table':
      return keyOf({ ...operation.table, name: operation.newName }) === keyOf(name)
    default:
      return false
  }
}
