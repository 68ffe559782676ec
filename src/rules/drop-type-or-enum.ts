import { bornOf } from '../model/catalog.js'
import { keyOf, show } from '../model/names.js'
import type { OperationKind } from '../model/operation.js'
import type { DropObject, RenameObject } from '../model/operations/object.js'
import { operationsAfter, operationsIn } from '../model/pulled.js'
import { rule, type OperationContext } from './rule.js'

export default rule({
  meta: {
    id: 'drop-type-or-enum',
    code: 'B21',
    family: 'data-loss',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary:
      'A type that existed before this pull request is dropped, or an enum is made anew without some of its values',
    why:
      'An enum cannot lose a value, so it is swapped: the old type is renamed or dropped, a new one made, and every column rewritten ' +
      'under ACCESS EXCLUSIVE. A row that holds a value which is gone stops that; where the cast maps it to another, the old value ' +
      'is lost. Deployed code that still sends it is refused. With CASCADE `drop-cascade` speaks instead. A type that is dropped ' +
      'after its columns is not meant: the rules about those have spoken.',
    instead:
      'Leave the value unused, or keep the values as rows of a table with a foreign key, which can lose one. Move the rows to other ' +
      'values before the type changes.',
    messages: {
      dropped: 'Drops {{object}} {{name}}: code that is deployed and casts to it fails',
      values:
        'Enum {{name}} is made anew without {{values}}: rows that hold one stop it, and deployed code that sends one is refused',
    },
  },
  check: {
    'drop-object'(operation, context) {
      const { catalog, pull } = context
      const { object, name, cascade, ifExists, span } = operation
      if ((object !== 'type' && object !== 'domain') || cascade) return
      const born = bornOf(catalog, object, name)
      if ((born !== 'base' && born !== 'unknown') || (born === 'unknown' && (ifExists || catalog.complete))) return
      const swap = swapOf(operation, context)
      if (swap !== null) {
        const values = (catalog.enum(name)?.values ?? []).filter((value) => !swap.values.includes(value))
        if (values.length === 0) return
        return { message: 'values', at: span, data: { name: swap.name, values: values.join(', ') } }
      }
      if (operationsIn(pull).some(({ kind }) => FREES.has(kind))) return
      return { message: 'dropped', at: span, data: { object, name: show(name) } }
    },
  },
})

/** After these a type may have no column left, of which other rules speak. */
const FREES: ReadonlySet<OperationKind> = new Set<OperationKind>([
  ...(['drop-table', 'drop-column', 'set-column-type', 'drop-schema'] as const),
])

/** The enum that takes the place of a dropped one, under its name, and the values it has. */
function swapOf(
  dropped: DropObject,
  { catalog, pull }: OperationContext<object>,
): { readonly name: string; readonly values: readonly string[] } | null {
  const all = operationsIn(pull)
  const renaming = all.find(
    (each): each is RenameObject =>
      each.kind === 'rename-object' && keyOf({ ...each.name, name: each.newName }) === keyOf(dropped.name),
  )
  // The old one was renamed out of the way, or the new one gets its name afterwards.
  const name = renaming?.name ?? dropped.name
  const isLater = renaming !== undefined && operationsAfter(dropped, pull).includes(renaming)
  const made = all.find((each) => each.kind === 'create-enum' && keyOf(each.type) === keyOf(name))
  const values = made?.kind === 'create-enum' ? made.values : isLater ? catalog.enum(name)?.values : undefined
  return values === undefined ? null : { name: show(isLater ? dropped.name : name), values }
}
