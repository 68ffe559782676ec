import type { PythonClass, PythonInstance, Value } from './value.js'

/** The members of an enum by their names, in order, second names of a member too; none of any other class. */
export function membersOf(of: PythonClass): readonly (readonly [name: string, member: PythonInstance])[] {
  return [...of.members].flatMap(([name, value]) =>
    value.kind === 'instance' && value.of === of ? [[name, value] as const] : [],
  )
}

/** A member of a class or of what it is made from. */
export function memberOf(of: PythonClass, name: string): Value | undefined {
  const own = of.members.get(name)
  if (own !== undefined) return own
  for (const base of of.bases) {
    const inherited = base.kind === 'class' ? memberOf(base, name) : undefined
    if (inherited !== undefined) return inherited
  }
  return undefined
}

/** The members of an enum, each once, in order: what iterating over it gives. */
export function distinctMembers(of: PythonClass): readonly PythonInstance[] {
  return [...new Set(membersOf(of).map(([, member]) => member))]
}

/** Whether a class is made from a library's class of one of these names. */
export function isA({ bases }: PythonClass, names: RegExp): boolean {
  return bases.some((base) => (base.kind === 'class' ? isA(base, names) : names.test(pathOf(base) ?? '')))
}

/** The dotted name of the first class of a library that a class is made from. */
export function libraryBase({ bases }: PythonClass): string | null {
  for (const base of bases) {
    const path = base.kind === 'class' ? libraryBase(base) : pathOf(base)
    if (path !== null && !path.startsWith('builtins.')) return path
  }
  return null
}

/** The dotted name of a base, also of one with types in brackets. */
function pathOf(base: Value): string | null {
  if (base.kind === 'item') return pathOf(base.receiver)
  return base.kind === 'name' ? base.path : null
}
