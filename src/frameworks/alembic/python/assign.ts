import { iterated } from './builtins.js'
import type { Machine } from './machine.js'
import { setItem } from './methods.js'
import { assign, lookUp, type Scope } from './scope.js'
import { assignedIn, type Block, type Expression } from './tree.js'
import { isSymbolic, unknown, type Cause, type Value } from './value.js'

/** Assigns a value to what stands left of `=`, or before `in`. What cannot be told apart is not known from then on. */
export function assignTo(target: Expression, value: Value, scope: Scope, machine: Machine): void {
  switch (target.kind) {
    case 'name':
      return assign(scope, target.id, value)
    case 'sequence':
      return unpack(target.items, value, scope, machine)
    case 'attribute': {
      const object = machine.evaluate(target.object, scope)
      if (object.kind === 'instance') object.attributes.set(target.name, value)
      else if (object.kind === 'class') object.members.set(target.name, value)
      else if (object.kind === 'name')
        machine.host.gap('unsupported call', `${object.path}.${target.name} is given another meaning`, machine.site)
      else if (object.kind === 'unknown' && object.watched) changed(machine)
      // What a library made keeps what else it is.
      else if (!isSymbolic(object)) forget([target.object], scope)
      return
    }
    case 'subscript': {
      const object = machine.evaluate(target.object, scope)
      const key = machine.evaluate(target.index, scope)
      if (object.kind === 'unknown' && object.watched && target.object.kind === 'attribute') return changed(machine)
      if (!setItem(object, key, value)) forget([target.object], scope)
      return
    }
    default:
      return forget([target], scope)
  }
}

/** An object that a session loaded is changed: the session sends that when it likes. */
export function changed(machine: Machine): void {
  machine.host.gap('needs the database', 'an object that a session loaded is changed', machine.site)
}

function unpack(targets: readonly Expression[], value: Value, scope: Scope, machine: Machine): void {
  const items = iterated(value)
  const star = targets.findIndex(({ kind }) => kind === 'starred')
  const fits = items !== null && (star < 0 ? items.length === targets.length : items.length >= targets.length - 1)
  targets.forEach((target, index) => {
    if (!fits) return assignTo(target.kind === 'starred' ? target.value : target, notKnown(value), scope, machine)
    const after = items.length - (targets.length - index)
    if (target.kind === 'starred')
      return assignTo(target.value, { kind: 'list', items: items.slice(index, after + 1) }, scope, machine)
    const item = items[star < 0 || index < star ? index : after]
    assignTo(target, item ?? notKnown(value), scope, machine)
  })
}

function notKnown(value: Value): Value {
  return value.kind === 'unknown' ? value : unknown('unsupported call', 'a value that is taken apart is not known')
}

/** Takes back what was known of the names that targets set. */
export function forget(targets: readonly Expression[], scope: Scope): void {
  for (const name of assignedIn(targets.map((target) => ({ ...target, kind: 'delete', targets: [target] }))))
    lose(name, scope, false)
}

/** Takes back what was known of every name that a block may assign; `cause` is why nobody knows whether it does. */
export function forgetAssigned(block: Block, scope: Scope, cause?: Cause): void {
  const other = assignedIn(block, 'other')
  for (const name of assignedIn(block)) lose(name, scope, other.has(name), cause)
}

/** `isOther`: the name itself may stand for something else. */
function lose(name: string, scope: Scope, isOther: boolean, cause: Cause = 'unsupported call'): void {
  const kind = lookUp(scope, name)?.kind
  // What an import or a definition brought is not changed by a call of one of its methods.
  if (!isOther && (kind === 'name' || kind === 'function' || kind === 'class')) return
  assign(scope, name, { ...unknown(cause, `${name} is a variable whose value is not known`), anything: true })
}
