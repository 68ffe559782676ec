import { writtenAs, type Block, type Expression, type Statement } from './tree.js'

/** Calls that send nothing, whatever they are given: log lines, and what changes a list or asks a value. */
const HARMLESS =
  /^(print|len|str|int|bool|list|dict|set|tuple|sorted|isinstance|format|repr|range|enumerate|zip|min|max|any|all)$|(^|\.)(log|logger|logging|_?log|_?logger|LOG|LOGGER|warnings)\.\w+$|\.(append|extend|add|update|get|items|keys|values|lower|upper|strip|split|join|replace|format|startswith|endswith|pop|setdefault|scalar|scalars|fetchone|fetchall|first|all|mappings)$/

/** Whether running a block, or not, changes nothing but names. */
export function doesNothing(block: Block): boolean {
  return block.every(isQuiet)
}

/** Whether a block does nothing but end what it stands in: `return`, `raise`, or a jump, after at most a log line. */
export function onlyLeaves(block: Block): boolean {
  const last = block.at(-1)
  const leaves = last !== undefined && ['return', 'raise', 'continue', 'break'].includes(last.kind)
  return (
    leaves &&
    doesNothing(block.slice(0, -1)) &&
    (last.kind !== 'return' || last.value === null || isQuietValue(last.value))
  )
}

function isQuiet(statement: Statement): boolean {
  switch (statement.kind) {
    case 'pass':
    case 'declare':
    case 'break':
    case 'continue':
    case 'import':
    case 'scope':
    case 'function':
    case 'class':
      return true
    case 'expression':
    case 'assign':
    case 'update':
      return isQuietValue(statement.value)
    case 'if':
      return (
        statement.branches.every(({ test, body }) => isQuietValue(test) && doesNothing(body)) &&
        doesNothing(statement.otherwise ?? [])
      )
    case 'for':
      return isQuietValue(statement.iterable) && doesNothing(statement.body)
    default:
      return false
  }
}

/** Whether evaluating an expression, or not, sends nothing. */
export function isQuietValue(value: Expression): boolean {
  switch (value.kind) {
    case 'call':
      return (
        HARMLESS.test(writtenAs(value.callee)) &&
        (value.callee.kind !== 'attribute' || isQuietValue(value.callee.object)) &&
        value.given.every((argument) => isQuietValue(argument.value))
      )
    case 'attribute':
      return isQuietValue(value.object)
    case 'subscript':
      return isQuietValue(value.object) && isQuietValue(value.index)
    case 'slice':
      return [value.lower, value.upper, value.step].every((part) => part === null || isQuietValue(part))
    case 'joined':
      return value.parts.every(isQuietValue)
    case 'replacement':
    case 'starred':
    case 'walrus':
      return isQuietValue(value.value)
    case 'sequence':
      return value.items.every(isQuietValue)
    case 'dict':
      return value.entries.every(({ key, value }) => (key === null || isQuietValue(key)) && isQuietValue(value))
    case 'unary':
      return isQuietValue(value.operand)
    case 'binary':
    case 'compare':
      return isQuietValue(value.first) && value.rest.every(({ operand }) => isQuietValue(operand))
    case 'boolean-chain':
      return value.operands.every(isQuietValue)
    case 'conditional':
      return [value.test, value.then, value.otherwise].every(isQuietValue)
    case 'comprehension':
      return (
        isQuietValue(value.element) &&
        (value.value === null || isQuietValue(value.value)) &&
        value.clauses.every(({ iterable, conditions }) => isQuietValue(iterable) && conditions.every(isQuietValue))
      )
    case 'yield':
    case 'await':
    case 'other':
      return false
    default:
      return true
  }
}
