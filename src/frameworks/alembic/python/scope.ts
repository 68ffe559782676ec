import type { Value } from './value.js'

/** The names of a module, a function's run, or a class's body. */
export interface Scope {
  readonly names: Map<string, Value>
  /** Where a name is looked up that is not here; null for a module. */
  readonly outer: Scope | null
  /** The module's own scope. */
  readonly module: Scope
  /** Where names are set that `global` or `nonlocal` speaks of. */
  readonly elsewhere: Map<string, Scope>
  /** The file's path in the repository; '' when it is not said. */
  readonly path: string
}

/** A module's scope. */
export function moduleScope(path: string): Scope {
  const scope = { names: new Map<string, Value>(), outer: null, elsewhere: new Map<string, Scope>(), path }
  return Object.assign(scope, { module: scope as unknown as Scope })
}

/** A scope within another one. */
export function innerScope(outer: Scope): Scope {
  return { names: new Map(), outer, module: outer.module, elsewhere: new Map(), path: outer.path }
}

export function lookUp(scope: Scope, name: string): Value | undefined {
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const value = at.names.get(name)
    if (value !== undefined) return value
  }
  return undefined
}

export function assign(scope: Scope, name: string, value: Value): void {
  ;(scope.elsewhere.get(name) ?? scope).names.set(name, value)
}

/** Makes `global` and `nonlocal` names be set where they are. */
export function share(scope: Scope, name: string): void {
  for (let at = scope.outer; at !== null; at = at.outer) {
    if (at.names.has(name) || at.outer === null) return void scope.elsewhere.set(name, at)
  }
}
