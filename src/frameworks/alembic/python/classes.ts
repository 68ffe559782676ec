import type { PythonClass, Value } from './value.js'

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
