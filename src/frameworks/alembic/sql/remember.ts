import type { Value } from '../python/value.js'
import type { Translation } from '../translation.js'

/**
 * The same function, which looks at each value once in one translation: what stands inside of it is asked for on more than one
 * way, and without a memory nested statements would take twice the time with every level.
 */
export function remembering<Result>(
  make: (value: Value, translation: Translation) => Result,
): (value: Value, translation: Translation) => Result {
  const known = new WeakMap<Translation, WeakMap<Value, { readonly result: Result }>>()
  return (value, translation) => {
    let results = known.get(translation)
    if (results === undefined) known.set(translation, (results = new WeakMap()))
    const before = results.get(value)
    if (before !== undefined) return before.result
    const result = make(value, translation)
    results.set(value, { result })
    return result
  }
}
