import { libraryBase, memberOf, membersOf } from './classes.js'
import { columnOf, tableOf } from './export.js'
import type { Machine } from './machine.js'
import { isSymbolic, string, unknown, type PythonClass, type Value } from './value.js'

/** What an attribute of a value is. A method of a plain value stays an attribute, to be called. */
export function attributeOf(object: Value, name: string, machine: Machine): Value {
  switch (object.kind) {
    case 'unknown':
      return object
    case 'name': {
      const path = `${object.path}.${name}`
      return machine.host.resolve(path) ?? { kind: 'name', path }
    }
    case 'class':
      if (name === '__name__') return string(object.name)
      if (name === '__table__') return tableOf(object) ?? missing(object, name, machine)
      if (name === '__members__')
        return { kind: 'dict', entries: membersOf(object).map(([key, value]) => ({ key: string(key), value })) }
      return (
        columnOf(object, name) ??
        bound(memberOf(object, name), object, object, machine) ??
        missing(object, name, machine)
      )
    case 'instance':
      return (
        object.attributes.get(name) ??
        bound(memberOf(object.of, name), object, object.of, machine) ??
        missing(object.of, name, machine)
      )
    default: {
      const value: Value = { kind: 'attribute', receiver: object, name }
      return isSymbolic(object) ? (machine.host.attribute(value) ?? value) : value
    }
  }
}

function bound(member: Value | undefined, self: Value, of: PythonClass, machine: Machine): Value | undefined {
  if (member?.kind !== 'function' || member.binding === 'static') return member
  if (member.binding === 'class') return { ...member, self: of }
  if (self.kind === 'class') return member
  const method = { ...member, self }
  return member.binding === 'property'
    ? machine.call(method, { positional: [], keywords: new Map() }, member.name)
    : method
}

/** A class that a library has a hand in may have what it does not say. */
function missing(of: PythonClass, name: string, machine: Machine): Value {
  const base = libraryBase(of)
  if (base !== null) {
    const value: Value = { kind: 'attribute', receiver: { kind: 'name', path: base }, name }
    return machine.host.attribute(value) ?? value
  }
  return unknown('unsupported call', `${of.name}.${name} is not known`)
}
