import type { Value } from '../python/value.js'
import type { OperationSql } from './operation.js'

/** Deeper than anybody builds a statement, and shallow enough for the stack. */
const DEEPEST = 250

/** Whether values stand inside one another too deeply to be followed: a variable may hold one that holds one, line after line. */
export function isDeep(values: readonly Value[]): boolean {
  let level = new Set(values)
  for (let depth = 0; level.size > 0; depth += 1) {
    if (depth > DEEPEST) return true
    level = new Set([...level].flatMap(inside))
  }
  return false
}

function inside(value: Value): readonly Value[] {
  switch (value.kind) {
    case 'list':
      return value.items
    case 'dict':
      return value.entries.flatMap((entry) => [entry.key, entry.value])
    case 'call':
      return [...value.positional, ...value.keywords.values()]
    case 'method':
      return [value.receiver, ...value.positional, ...value.keywords.values()]
    case 'attribute':
      return [value.receiver]
    case 'item':
      return [value.receiver, value.key]
    case 'operator':
      return value.operands
    default:
      return []
  }
}

/** The operation, for calls whose arguments can be followed. */
export function bounded(operation: OperationSql): OperationSql {
  return (call, translation) => {
    if (!isDeep([...call.positional, ...call.keywords.values()])) return operation(call, translation)
    return [translation.problem('what it is given is nested too deeply')]
  }
}
