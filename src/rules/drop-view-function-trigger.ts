import { bornOf } from '../model/catalog.js'
import { keyOf, show } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import type { DropObject, ObjectKind } from '../model/operations/object.js'
import { drops, operationsIn } from '../model/pulled.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'drop-view-function-trigger',
    code: 'B23',
    family: 'data-loss',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A view, function, trigger or policy that existed before this pull request is dropped',
    why:
      'Whoever uses it finds out when it is called: SQL of deployed code, other functions with a text body, reports. PostgreSQL knows ' +
      'none of these and refuses nothing. What a trigger did (history, totals, checks) no longer happens, and rows written from then ' +
      'on lack it for good; without a policy the rows it let through are gone from sight. DROP TRIGGER and DROP POLICY take ACCESS ' +
      'EXCLUSIVE on the table. What is made again in the same pull request, or goes with its table, is not meant; with CASCADE ' +
      '`drop-cascade` speaks instead.',
    instead:
      'Release code that does without it first, look for callers in the database too, and drop it a release later.',
    messages: {
      called: 'Drops {{object}} {{name}}: code that is deployed and uses it fails on its next call',
      trigger: 'Drops trigger {{name}} of {{table}}: what it did no longer happens to rows written from now on',
      policy:
        'Drops policy {{name}} of {{table}}: the rows that it let through, or kept back, are no longer so treated',
    },
  },
  check: {
    'drop-object'(operation, { catalog, pull }) {
      const { object, name, table, cascade, ifExists, span } = operation
      if (cascade || !(CALLED.has(object) || object === 'trigger' || object === 'policy')) return
      const born = bornOf(catalog, object, name, table)
      if ((born !== 'base' && born !== 'unknown') || (born === 'unknown' && (ifExists || catalog.complete))) return
      if (operationsIn(pull).some((each) => settles(each, operation))) return
      const reads = catalog.view(name)?.reads ?? []
      if (operationsIn(pull).some((each) => reads.some((relation) => drops(each, relation)))) return
      // Only triggers call it, and PostgreSQL keeps it while one does.
      if (object === 'function' && catalog.functions(name)[0]?.returns?.type.name === 'trigger') return
      const data = { object, name: show(name), table: table === null ? '' : show(table) }
      return { message: object === 'trigger' || object === 'policy' ? object : 'called', at: span, data }
    },
  },
})

const CALLED: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  ...(['view', 'materialized view', 'function', 'procedure', 'routine', 'aggregate'] as const),
])

/** Whether it makes something in the place of what is dropped, or takes its table along. */
function settles(operation: Operation, { object, name, table }: DropObject): boolean {
  const isOn =
    'table' in operation && operation.table !== null && table !== null && keyOf(operation.table) === keyOf(table)
  switch (operation.kind) {
    case 'create-view':
      return CALLED.has(object) && keyOf(operation.view) === keyOf(name)
    case 'create-table':
      return CALLED.has(object) && keyOf(operation.table) === keyOf(name)
    case 'create-function':
      return CALLED.has(object) && keyOf(operation.function) === keyOf(name)
    case 'rename-object':
      return CALLED.has(object) && keyOf({ ...operation.name, name: operation.newName }) === keyOf(name)
    case 'rename-table':
      return CALLED.has(object) && keyOf({ ...operation.table, name: operation.newName }) === keyOf(name)
    // Triggers and policies are often made anew under a better name.
    case 'create-trigger':
      return object === 'trigger' && isOn
    case 'create-policy':
      return object === 'policy' && isOn
    case 'drop-table':
      return isOn
    default:
      return false
  }
}
