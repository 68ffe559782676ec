import { keyOf, quote, show } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import type { ToggleTrigger } from '../model/operations/table.js'
import { operationsAfter } from '../model/pulled.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'disable-triggers-or-fk',
    code: 'B27',
    family: 'data-loss',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'Triggers, and with them foreign keys, are switched off',
    why:
      'Foreign keys are checked by triggers. DISABLE TRIGGER ALL and session_replication_role = replica switch them off together with ' +
      'audit, history and search triggers: rows that point nowhere get in, and nothing looks at them when the triggers come back. ' +
      'DISABLE TRIGGER holds for every session until somebody enables them again, which is often forgotten. One trigger that is ' +
      'named, and enabled again in the same pull request, is not meant.',
    instead:
      'Name the one trigger that is in the way, and enable it again in the same transaction. For rows in an unlucky order make the ' +
      'foreign key DEFERRABLE.',
    messages: {
      lasting: 'Switches off {{what}} of {{table}}, and nothing in this pull request switches them on again',
      meanwhile: 'Switches off {{what}} of {{table}} for a while: what is written until then is never checked',
      one: 'Switches off trigger {{name}} of {{table}}, and nothing in this pull request switches it on again',
      role: 'Switches off every trigger and foreign key of this session: what it writes is never checked',
    },
  },
  check: {
    'toggle-trigger'(operation, { pull }) {
      const { table, object, name, scope, state, span } = operation
      if (object !== 'trigger' || state !== 'disabled') return
      const isBack = operationsAfter(operation, pull).some((each) => undoes(each, operation))
      const data = { table: show(table), name: name ?? '', what: WHAT[scope] }
      if (scope === 'one') {
        const fix = `ALTER TABLE ${quote(table)} ENABLE TRIGGER ${quote(name ?? '')};`
        return isBack ? undefined : { message: 'one', at: span, data, weight: 'warning', fix }
      }
      if (isBack) return { message: 'meanwhile', at: span, data, weight: 'warning' }
      return {
        message: 'lasting',
        at: span,
        data,
        fix: `ALTER TABLE ${quote(table)} ENABLE TRIGGER ${scope.toUpperCase()};`,
      }
    },
    set({ name, value, span }) {
      if (name !== 'session_replication_role' || value !== 'replica') return
      return { message: 'role', at: span, weight: 'warning' }
    },
  },
})

const WHAT = { one: 'a trigger', all: 'all triggers and foreign keys', user: 'all triggers' } as const

/** Whether it enables the same triggers again, or takes the trigger or its table away. */
function undoes(operation: Operation, { table, name, scope }: ToggleTrigger): boolean {
  if (!('table' in operation) || operation.table === null || keyOf(operation.table) !== keyOf(table)) return false
  if (operation.kind === 'drop-table') return true
  if (operation.kind === 'drop-object') return operation.object === 'trigger' && operation.name.name === name
  if (operation.kind !== 'toggle-trigger' || operation.object !== 'trigger' || operation.state === 'disabled')
    return false
  return operation.scope === 'all' || operation.scope === scope
    ? operation.scope !== 'one' || operation.name === name
    : false
}
