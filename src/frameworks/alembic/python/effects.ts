import { partsOf } from './calls.js'
import { CHANGES, writtenAs, type Block, type Expression, type Statement } from './tree.js'

/** A line for the log, by the name of what writes it. */
const LOGS = /(^|\.)(log|logger|logging|_?log|_?logger|LOG|LOGGER|warnings)\.\w+$/

/** Calls that send nothing, whatever they are given: what changes a list or asks a value. */
const HARMLESS =
  /^(print|len|str|int|bool|list|dict|set|tuple|sorted|isinstance|format|repr|range|enumerate|zip|min|max|any|all)$|\.(append|extend|add|update|get|items|keys|values|lower|upper|strip|split|join|replace|format|startswith|endswith|pop|setdefault|scalar|scalars|fetchone|fetchall|first|all|mappings)$/

/** Whether a call writes a line for the log, as far as its name tells. */
export function isLogCall(written: string): boolean {
  return LOGS.test(written)
}

function isHarmlessCall(written: string): boolean {
  return HARMLESS.test(written) || isLogCall(written)
}

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
      return isQuietValue(statement.value)
    case 'assign':
      return isQuietValue(statement.value) && !statement.targets.some(isOfObject)
    case 'update':
      return isQuietValue(statement.value) && !isOfObject(statement.target)
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

/** Whether it is an attribute, or an item of one: a session sends what is set in the objects that it loaded. */
function isOfObject(target: Expression): boolean {
  if (target.kind === 'sequence') return target.items.some(isOfObject)
  return target.kind === 'attribute' || (target.kind === 'subscript' && isOfObject(target.object))
}

/** Whether evaluating an expression, or not, sends nothing. */
export function isQuietValue(value: Expression): boolean {
  switch (value.kind) {
    case 'lambda':
      return true
    case 'yield':
    case 'await':
    case 'other':
      return false
    case 'call':
      if (value.callee.kind === 'attribute' && CHANGES.has(value.callee.name) && isOfObject(value.callee.object))
        return false
      return isHarmlessCall(writtenAs(value.callee)) && partsOf(value).every(isQuietValue)
    default:
      return partsOf(value).every(isQuietValue)
  }
}
