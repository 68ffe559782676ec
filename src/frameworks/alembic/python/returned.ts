import { equal } from './operators.js'
import type { Scope } from './scope.js'
import type { Block, Expression, Statement } from './tree.js'
import { NONE, unknown, type Value } from './value.js'

/** The name, which no Python has, of what a function's run may have returned in blocks that nobody follows. */
const ELSEWHERE = ' returned elsewhere'

/**
 * Remembers, in the scope of a function's run, what blocks may return of which nobody knows whether they are run; `why` is the
 * value on which that depends.
 */
export function mayReturn(
  blocks: readonly Block[],
  why: Value & { readonly kind: 'unknown' },
  scope: Scope,
  plain: (expression: Expression) => Value,
): void {
  for (const { value } of blocks.flatMap(returnsIn)) {
    const known = value === null ? NONE : isPlain(value) ? plain(value) : null
    const entry: Value = known ?? unknown(why.cause, why.reason)
    const items = [...elsewhere(scope), { kind: 'list', form: 'tuple', items: [entry, why] } as const]
    scope.names.set(ELSEWHERE, { kind: 'list', items })
  }
}

/** What a call gives whose run ended with a value: not known when another block may have returned another one. */
export function settled(value: Value, scope: Scope, written: string): Value {
  for (const entry of elsewhere(scope)) {
    const [other, why] = entry.kind === 'list' ? entry.items : []
    if (other === undefined || why?.kind !== 'unknown' || equal(other, value) === true) continue
    return unknown(why.cause, `what ${written}() returns is not known: ${why.reason}`)
  }
  return value
}

function elsewhere(scope: Scope): readonly Value[] {
  const found = scope.names.get(ELSEWHERE)
  return found?.kind === 'list' ? found.items : []
}

/** What is the same whenever it is evaluated. */
function isPlain({ kind }: Expression): boolean {
  return kind === 'none' || kind === 'boolean' || kind === 'string' || kind === 'number'
}

type Return = Extract<Statement, { kind: 'return' }>

/** The `return` statements of a block, but for those of functions that it defines. */
function returnsIn(block: Block): readonly Return[] {
  return block.flatMap((statement): readonly Return[] => {
    switch (statement.kind) {
      case 'return':
        return [statement]
      case 'if':
        return [...statement.branches.flatMap(({ body }) => returnsIn(body)), ...returnsIn(statement.otherwise ?? [])]
      case 'for':
      case 'while':
        return [...returnsIn(statement.body), ...returnsIn(statement.otherwise ?? [])]
      case 'with':
        return returnsIn(statement.body)
      case 'try':
        return [
          ...returnsIn(statement.body),
          ...statement.handlers.flatMap(({ body }) => returnsIn(body)),
          ...returnsIn(statement.otherwise ?? []),
          ...returnsIn(statement.last ?? []),
        ]
      default:
        return []
    }
  })
}
