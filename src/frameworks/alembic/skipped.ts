import type { RemarkKind } from '../../model/migration.js'
import { isApplication, remarkOf } from './libraries.js'
import { callsIn, statementsIn, type Call } from './python/calls.js'
import { lookUp, type Scope } from './python/scope.js'
import type { Stretch } from './python/syntax.js'
import { assignedIn, writtenAs, type Block, type Expression } from './python/tree.js'
import type { Value } from './python/value.js'

/** What a call in a block that is not followed would do beside sending SQL. */
export interface Seen {
  readonly kind: RemarkKind
  readonly what: string
  readonly at: Stretch
}

/**
 * Looks through blocks of which nobody knows whether they are run, or how often, for what the calls that stand there would do.
 * Nothing is followed.
 */
export function seenIn(blocks: readonly Block[], scope: Scope): readonly Seen[] {
  const names = namesIn(blocks, scope)
  return blocks.flatMap(callsIn).flatMap((call): readonly Seen[] => {
    const path = pathOf(call.callee, names)
    const kind = path === null ? null : remarkOf(path, modeOf(call))
    if (path !== null && kind !== null) return [{ kind, what: path, at: call }]
    const part = EXECUTES.test(writtenAs(call.callee)) ? unknownPart(call.given[0]?.value, names) : null
    if (part === null) return []
    const what = `${/…/.test(writtenAs(part)) ? 'part of it' : writtenAs(part)} is only known when it is run`
    return [{ kind: isSetting(part, names) ? 'composes-sql-from-settings' : 'composes-sql', what, at: call }]
  })
}

const EXECUTES = /\.(execute|exec_driver_sql|scalars?)$/

/** What names stand for in blocks that are not followed. */
interface Known {
  /** What a name stands for, unless the blocks may give it another value. */
  value(name: string): Value | undefined
  /** The dotted name that the blocks import under a name. */
  imported(name: string): string | undefined
  /** What the blocks assign to a name. */
  assigned(name: string): readonly Expression[]
}

function namesIn(blocks: readonly Block[], scope: Scope): Known {
  const all = blocks.flatMap(statementsIn)
  const changed = assignedIn(all)
  const imports = new Map<string, string>()
  const assignments = new Map<string, Expression[]>()
  const give = (name: string, value: Expression): void => {
    assignments.set(name, [...(assignments.get(name) ?? []), value])
  }
  for (const statement of all) {
    if (statement.kind === 'import') {
      for (const { local, path, level } of statement.names) if (level === 0) imports.set(local, path)
    } else if (statement.kind === 'assign') {
      for (const target of statement.targets) if (target.kind === 'name') give(target.id, statement.value)
    } else if (statement.kind === 'for' && statement.target.kind === 'name')
      give(statement.target.id, statement.iterable)
  }
  return {
    value: (name) => (changed.has(name) ? undefined : lookUp(scope, name)),
    imported: (name) => imports.get(name),
    assigned: (name) => assignments.get(name) ?? [],
  }
}

/** The dotted name of a library's function, or of one of Python's own. */
function pathOf(expression: Expression, names: Known): string | null {
  if (expression.kind === 'attribute') {
    const owner = pathOf(expression.object, names)
    return owner === null ? null : `${owner}.${expression.name}`
  }
  if (expression.kind !== 'name') return null
  const imported = names.imported(expression.id)
  if (imported !== undefined) return imported
  const value = names.value(expression.id)
  if (value === undefined) return `builtins.${expression.id}`
  return value.kind === 'name' || value.kind === 'call' ? value.path : null
}

/** The mode of `open(…, mode)`. */
function modeOf({ given }: Call): string | null {
  const mode = given.find(({ keyword }) => keyword === 'mode') ?? given.filter(({ keyword }) => keyword === null)[1]
  return mode === undefined ? '' : mode.value.kind === 'string' ? mode.value.text : null
}

/** Of SQL that is put together, the first part that is no known text; null where there is none. */
function unknownPart(sql: Expression | undefined, names: Known): Expression | null {
  switch (sql?.kind) {
    case 'name':
      return first(names.assigned(sql.id).map((value) => (value.kind === 'name' ? null : unknownPart(value, names))))
    case 'joined':
      return first(sql.parts.map((part) => (part.kind === 'replacement' ? unlessPlain(part.value, names) : null)))
    case 'binary': {
      const isText = [sql.first, ...sql.rest.map(({ operand }) => operand)].some(
        ({ kind }) => kind === 'string' || kind === 'joined',
      )
      const operands = sql.rest.flatMap(({ operand }) => (operand.kind === 'sequence' ? operand.items : [operand]))
      return isText ? first([sql.first, ...operands].map((operand) => unlessPlain(operand, names))) : null
    }
    case 'call': {
      const { callee, given } = sql
      if (callee.kind !== 'attribute' && callee.kind !== 'name') return null
      const written = writtenAs(callee)
      if (/(^|\.)text$/.test(written)) return unknownPart(given[0]?.value, names)
      const isFormat = callee.kind === 'attribute' && callee.name === 'format'
      return isFormat ? first(given.map(({ value }) => unlessPlain(value, names))) : null
    }
    default:
      return null
  }
}

/** A part, unless it is a known text or a number, which no quote can be in. */
function unlessPlain(part: Expression, names: Known): Expression | null {
  switch (part.kind) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'none':
      return null
    case 'joined':
      return unknownPart(part, names)
    case 'conditional':
      return first([unlessPlain(part.then, names), unlessPlain(part.otherwise, names)])
    case 'call':
      // Numbers, and parts that are joined: what these are is too far to tell.
      return /^(int|len|float|round|sum|range)$|\.join$/.test(writtenAs(part.callee)) ? null : part
    case 'name': {
      const kind = names.value(part.id)?.kind
      if (kind === 'string' || kind === 'number' || kind === 'boolean') return null
      const assigned = names.assigned(part.id)
      const isNested = assigned.some(({ kind }) => kind === 'name')
      return assigned.length > 0 && !isNested ? first(assigned.map((value) => unlessPlain(value, names))) : part
    }
    default:
      return part
  }
}

function isSetting(part: Expression, names: Known): boolean {
  if (part.kind === 'subscript') return isSetting(part.object, names)
  const path = part.kind === 'call' ? pathOf(part.callee, names) : pathOf(part, names)
  if (path !== null && !path.startsWith('builtins.')) return isApplication(path) || /^os\.(environ|getenv)/.test(path)
  const value = part.kind === 'name' ? names.value(part.id) : undefined
  return value?.kind === 'unknown' && value.cause !== 'needs the database' && value.cause !== 'unsupported call'
}

function first(parts: readonly (Expression | null)[]): Expression | null {
  return parts.find((part) => part !== null) ?? null
}
