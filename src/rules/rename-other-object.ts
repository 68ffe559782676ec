import { bornOf } from '../model/catalog.js'
import { keyOf, show } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import type { ObjectKind, RenameObject } from '../model/operations/object.js'
import { operationsAfter } from '../model/pulled.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'rename-other-object',
    code: 'D6',
    family: 'compatibility',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A view, function, type or sequence that existed before this pull request is renamed',
    why:
      'Code that is deployed calls it by its name: it selects from the view, calls the function, casts to the type. Views, defaults ' +
      'and triggers follow, because PostgreSQL keeps them by number; SQL that the application sends and functions with a text body ' +
      'do not. Indexes, constraints, triggers and policies may be renamed: hardly any code names those.',
    instead:
      'Leave something under the old name until no release uses it: a view that selects from the new one, a function that calls it, ' +
      'a domain over the type.',
    messages: {
      renamed: 'Renames {{object}} {{name}} to {{to}}: code that is deployed now uses the old name',
      column: 'Renames column {{name}} of view {{table}} to {{to}}: code that is deployed now reads the old name',
      attribute: 'Renames an attribute of type {{name}}: code that is deployed now uses the old name',
    },
  },
  check: {
    'rename-object'(operation, { catalog, pull }) {
      const { object, name, newName, table, span } = operation
      const after = operationsAfter(operation, pull)
      if (object === 'column') {
        if (table === null) return
        return { message: 'column', at: span, data: { name: name.name, table: show(table), to: newName } }
      }
      if (!CALLED.has(object)) return
      const born = bornOf(catalog, object, name)
      if ((born !== 'base' && born !== 'unknown') || after.some((each) => nameGivenBy(each) === keyOf(name))) return
      // Most often it follows its table, and is asked for by its column.
      const weight = object === 'sequence' ? { weight: 'notice' as const } : {}
      if (isPutAside(operation, after)) return
      return { message: 'renamed', at: span, data: { object, name: show(name), to: newName }, ...weight }
    },
    'alter-type'({ type, action, span }, { catalog }) {
      const born = bornOf(catalog, 'type', type)
      if (action !== 'rename-attribute' || (born !== 'base' && born !== 'unknown')) return
      return { message: 'attribute', at: span, data: { name: show(type) } }
    },
  },
})

/** What SQL of an application calls by name. */
const CALLED: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  ...(['view', 'materialized view', 'foreign table', 'sequence', 'type', 'domain'] as const),
  ...(['function', 'procedure', 'routine', 'aggregate'] as const),
])

/** Whether it is renamed only to be dropped: the rules about that speak. */
function isPutAside({ name, newName }: RenameObject, after: readonly Operation[]): boolean {
  return after.some((each) => each.kind === 'drop-object' && keyOf(each.name) === keyOf({ ...name, name: newName }))
}

/** The name under which an operation makes a view, function, type or sequence. */
function nameGivenBy(operation: Operation): string | null {
  switch (operation.kind) {
    case 'create-view':
      return keyOf(operation.view)
    case 'create-function':
      return keyOf(operation.function)
    case 'create-enum':
    case 'create-type':
      return keyOf(operation.type)
    case 'create-domain':
      return keyOf(operation.domain)
    case 'create-sequence':
      return keyOf(operation.sequence)
    case 'rename-object':
      return keyOf({ ...operation.name, name: operation.newName })
    default:
      return null
  }
}
