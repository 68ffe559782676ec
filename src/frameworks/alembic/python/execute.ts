import { assignTo, forgetAssigned } from './assign.js'
import { iterated } from './builtins.js'
import { FIELDS } from './call.js'
import { condition, defaultsOf, evaluate, givenTo } from './evaluate.js'
import { doesNothing, onlyLeaves } from './effects.js'
import { NEXT, Raised, type Completion, type Machine } from './machine.js'
import { remove } from './methods.js'
import { arithmetic, equal, LONGEST, tooLong, truth } from './operators.js'
import { percent } from './format.js'
import { mayReturn } from './returned.js'
import { assign, innerScope, share, type Scope } from './scope.js'
import type { Block, ClassStatement, Definition, FunctionStatement, Statement, WithItem } from './tree.js'
import { describe, notKnown, NONE, string, unknown, type PythonFunction, type Value, type ValueOf } from './value.js'

type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>

/** Follows the statements of a block in order. */
export function run(block: Block, scope: Scope, machine: Machine): Completion {
  for (const statement of block) {
    machine.spend()
    const end = follow(statement, scope, machine)
    if (end.kind !== 'next') return end
  }
  return NEXT
}

function follow(statement: Statement, scope: Scope, machine: Machine): Completion {
  const { site, here } = machine
  machine.here = scope.path
  if (scope.path === machine.home) machine.site = statement
  try {
    return effect(statement, scope, machine)
  } finally {
    machine.site = site
    machine.here = here
  }
}

function effect(statement: Statement, scope: Scope, machine: Machine): Completion {
  const value = (expression: Parameters<typeof evaluate>[0]): Value => evaluate(expression, scope, machine)
  switch (statement.kind) {
    case 'expression':
      value(statement.value)
      return NEXT
    case 'assign': {
      const assigned = value(statement.value)
      for (const target of statement.targets) assignTo(target, assigned, scope, machine)
      return NEXT
    }
    case 'update':
      return update(statement, scope, machine)
    case 'return':
      return { kind: 'return', value: statement.value === null ? NONE : value(statement.value) }
    case 'raise':
      throw new Raised(statement.value === null ? null : value(statement.value), machine.site)
    case 'break':
    case 'continue':
      return { kind: statement.kind }
    case 'if':
      return decide(statement, scope, machine)
    case 'for':
      return loop(statement, scope, machine)
    case 'while':
      return repeat(statement, scope, machine)
    case 'try':
      return attempt(statement, scope, machine)
    case 'with':
      return enter(statement.items, statement.body, scope, machine)
    case 'function':
      assign(scope, statement.name, decorated(functionOf(statement, scope, machine), statement, scope, machine))
      return NEXT
    case 'class':
      assign(scope, statement.name, decorated(classOf(statement, scope, machine), statement, scope, machine))
      return NEXT
    case 'import':
      bring(statement, scope, machine)
      return NEXT
    case 'scope':
      for (const name of statement.names) share(scope, name)
      return NEXT
    case 'delete':
      for (const target of statement.targets) {
        const object = target.kind === 'subscript' ? value(target.object) : null
        const isGone = target.kind === 'subscript' && object?.kind === 'dict' && remove(object, value(target.index))
        if (!isGone) forgetAssigned([statement], scope)
      }
      return NEXT
    case 'assert': {
      const is = truth(condition(statement.test, scope, machine))
      if (is === false) throw new Raised(null, machine.site)
      if (is === null) machine.host.guard('the assertion is taken to hold', machine.site)
      return NEXT
    }
    case 'pass':
    case 'declare':
      return NEXT
    case 'other':
      machine.host.gap('unsupported call', statement.what, machine.site)
      return NEXT
  }
}

function update({ target, operator, value }: Of<'update'>, scope: Scope, machine: Machine): Completion {
  const [left, right] = [evaluate(target, scope, machine), evaluate(value, scope, machine)]
  const more = operator === '+' && left.kind === 'list' && left.form === undefined ? iterated(right) : null
  if (more !== null && left.kind === 'list') {
    if (left.items.length + more.length > LONGEST) assignTo(target, tooLong(), scope, machine)
    else for (const item of [...more]) (left.items as Value[]).push(item)
  } else if (operator === '%' && left.kind === 'string') {
    const text = percent(left.text, right)
    assignTo(target, text === null ? unknown('unsupported call', describe(right)) : string(text), scope, machine)
  } else assignTo(target, arithmetic(operator, left, right), scope, machine)
  return NEXT
}

function decide({ branches, otherwise }: Of<'if'>, scope: Scope, machine: Machine): Completion {
  for (const [index, { test, body }] of branches.entries()) {
    const answer = condition(test, scope, machine)
    const is = truth(answer)
    if (is === true) return run(body, scope, machine)
    if (is === null) {
      const rest = [...branches.slice(index).map(({ body }) => body), ...(otherwise === null ? [] : [otherwise])]
      const [only, more] = rest
      if (only !== undefined && more === undefined && onlyLeaves(only)) return guarded(only, answer, scope, machine)
      return unsure(rest, answer, scope, machine)
    }
  }
  return otherwise === null ? NEXT : run(otherwise, scope, machine)
}

/** `if …: return` with a condition that is not known is read as not met. */
function guarded(block: Block, answer: Value, scope: Scope, machine: Machine): Completion {
  const why = notKnown(answer)
  const { cause, reason } = why
  mayReturn([block], why, scope, (plain) => evaluate(plain, scope, machine))
  if (cause === 'reads the environment')
    machine.host.gap(cause, `whether it ends here depends on the environment: ${reason}`, machine.site)
  else machine.host.guard(`the condition is read as not met: ${reason}`, machine.site)
  return NEXT
}

/** Nobody knows which of these blocks is run. */
function unsure(blocks: readonly Block[], answer: Value, scope: Scope, machine: Machine): Completion {
  const why = notKnown(answer)
  const { cause, reason } = why
  if (!blocks.every(doesNothing))
    machine.host.gap(cause, `which way a condition goes is not known: ${reason}`, machine.site)
  passOver(blocks, why, scope, machine)
  for (const block of blocks) forgetAssigned(block, scope, cause)
  return NEXT
}

/** Leaves out blocks of which nobody knows whether they are run, or how often. */
function passOver(blocks: readonly Block[], why: ValueOf<'unknown'>, scope: Scope, machine: Machine): void {
  machine.host.skipped(blocks, scope)
  mayReturn(blocks, why, scope, (plain) => evaluate(plain, scope, machine))
}

function loop(statement: Of<'for'>, scope: Scope, machine: Machine): Completion {
  const over = evaluate(statement.iterable, scope, machine)
  const items = iterated(over)
  if (items === null) {
    const why = notKnown(over)
    if (!doesNothing(statement.body))
      machine.host.gap(why.cause, `what a loop goes over is not known: ${why.reason}`, machine.site)
    passOver([statement.body], why, scope, machine)
    forgetAssigned([statement], scope, why.cause)
    return NEXT
  }
  for (const item of [...items]) {
    machine.spend()
    assignTo(statement.target, item, scope, machine)
    const end = run(statement.body, scope, machine)
    if (end.kind === 'break') return NEXT
    if (end.kind === 'return') return end
  }
  return statement.otherwise === null ? NEXT : run(statement.otherwise, scope, machine)
}

function repeat(statement: Of<'while'>, scope: Scope, machine: Machine): Completion {
  for (;;) {
    machine.spend()
    const answer = condition(statement.test, scope, machine)
    const is = truth(answer)
    if (is === null) return unsure([statement.body], answer, scope, machine)
    if (!is) return statement.otherwise === null ? NEXT : run(statement.otherwise, scope, machine)
    const end = run(statement.body, scope, machine)
    if (end.kind === 'break') return NEXT
    if (end.kind === 'return') return end
  }
}

/** A block that raises goes on in the first handler that takes what it raises; statements are taken to succeed. */
function attempt(statement: Of<'try'>, scope: Scope, machine: Machine): Completion {
  const { body, handlers, otherwise, last } = statement
  const finish = (end: Completion): Completion => {
    const own = last === null ? NEXT : run(last, scope, machine)
    return own.kind === 'next' ? end : own
  }
  let end: Completion
  try {
    end = run(body, scope, machine)
    if (end.kind === 'next' && otherwise !== null) end = run(otherwise, scope, machine)
  } catch (error) {
    if (!(error instanceof Raised)) throw error
    const taken = handlers.map((handler) => ({
      handler,
      takes: takes(handler.type === null ? null : evaluate(handler.type, scope, machine), error.value),
    }))
    const found = taken.find(({ takes }) => takes !== false)
    if (found === undefined) {
      finish(NEXT)
      throw error
    }
    if (found.takes === null)
      machine.host.gap('unsupported call', 'whether an exception is caught is not known', machine.site)
    if (found.handler.name !== null)
      assign(scope, found.handler.name, unknown('unsupported call', 'what was raised is not followed'))
    end = run(found.handler.body, scope, machine)
  }
  return finish(end)
}

/** Whether a handler takes what is raised; null when that is not known. */
function takes(type: Value | null, raised: Value | null): boolean | null {
  if (type === null) return true
  if (type.kind === 'list') {
    const answers = type.items.map((item) => takes(item, raised))
    return answers.includes(true) ? true : answers.includes(null) ? null : false
  }
  if (type.kind === 'name' && /^builtins\.(Base)?Exception$/.test(type.path)) return true
  const path = raised?.kind === 'name' || raised?.kind === 'call' ? raised.path : null
  if (path === null || type.kind !== 'name') return null
  return path === type.path ? true : /^builtins\./.test(path) && /^builtins\./.test(type.path) ? null : false
}

function enter([item, ...rest]: readonly WithItem[], body: Block, scope: Scope, machine: Machine): Completion {
  if (item === undefined) return run(body, scope, machine)
  const context = evaluate(item.context, scope, machine)
  const entered = machine.host.enter(context, machine.site)
  if (entered === null) {
    const { cause, reason } = notKnown(context)
    machine.host.gap(cause, `what this with block does is not known: ${reason}`, machine.site)
  }
  const value = entered?.value ?? unknown('unsupported call', describe(context))
  if (item.target !== null) assignTo(item.target, value, scope, machine)
  const end = enter(rest, body, scope, machine)
  entered?.leave()
  return end
}

function functionOf(statement: FunctionStatement, scope: Scope, machine: Machine): Value {
  const { name, parameters, body, isAsync } = statement
  if (isAsync) return unknown('unsupported call', `${name}() is asynchronous`)
  const defaults = defaultsOf(parameters, scope, machine)
  return { kind: 'function', name, parameters, defaults, body, scope, binding: 'plain' }
}

function decorated(value: Value, { decorators, name }: Definition, scope: Scope, machine: Machine): Value {
  return decorators.reduceRight((of, decorator) => {
    const by = evaluate(decorator, scope, machine)
    const path = by.kind === 'name' || by.kind === 'call' ? by.path : ''
    const binding = BINDINGS.get(path)
    if (binding !== undefined && of.kind === 'function') return { ...of, binding } satisfies PythonFunction
    if (SEE_THROUGH.test(path)) return of
    if (by.kind === 'function') return machine.call(by, { positional: [of], keywords: new Map() }, by.name)
    return unknown('unsupported call', `${name} has a decorator that is not followed`)
  }, value)
}

const BINDINGS: ReadonlyMap<string, PythonFunction['binding']> = new Map(
  Object.entries<PythonFunction['binding']>({
    'builtins.staticmethod': 'static',
    'builtins.classmethod': 'class',
    'builtins.property': 'property',
    'functools.cached_property': 'property',
  }),
)
const SEE_THROUGH =
  /^(functools\.(lru_cache|cache|wraps|total_ordering)|enum\.unique|dataclasses\.dataclass|typing\.\w+|sqlalchemy\..*\.declared_attr)$/

function classOf(statement: ClassStatement, scope: Scope, machine: Machine): Value {
  const { name, bases, body } = statement
  const inside = innerScope(scope)
  const given = givenTo(bases, scope, machine)
  const parents = 'kind' in given ? [given] : given.positional
  run(body(), inside, machine)
  const of: ValueOf<'class'> = { kind: 'class', name, bases: parents, members: inside.names }
  const isEnum = parents.some(
    (base) =>
      (base.kind === 'name' && /(^|\.)\w*Enum(Meta)?$/.test(base.path)) || (base.kind === 'class' && isEnumClass(base)),
  )
  if (isEnum) makeMembers(of)
  of.members.set(FIELDS, { kind: 'list', items: fieldsOf(body()).map(string) })
  // A method looks past the names of its class.
  for (const [key, member] of of.members)
    if (member.kind === 'function' && member.scope === inside) of.members.set(key, { ...member, scope })
  return of
}

function isEnumClass({ bases }: ValueOf<'class'>): boolean {
  return bases.some((base) =>
    base.kind === 'name' ? /(^|\.)\w*Enum$/.test(base.path) : base.kind === 'class' && isEnumClass(base),
  )
}

/** The plain names of an enum are its members: https://docs.python.org/3/library/enum.html. */
function makeMembers(of: ValueOf<'class'>): void {
  let last = 0
  const made: ValueOf<'instance'>[] = []
  for (const [name, value] of of.members) {
    if (name.startsWith('_') || value.kind === 'function' || value.kind === 'class') continue
    const isAuto = value.kind === 'call' && value.path === 'enum.auto'
    const isText = of.bases.some((base) => base.kind === 'name' && /StrEnum$/.test(base.path))
    const is: Value = isAuto
      ? isText
        ? string(name.toLowerCase())
        : { kind: 'number', text: String(last + 1) }
      : value
    if (is.kind === 'number') last = Number(is.text)
    // A second name for one value is the same member.
    const same = made.find((member) => equal(member.attributes.get('value') ?? NONE, is) === true)
    const member: ValueOf<'instance'> = same ?? {
      kind: 'instance',
      of,
      attributes: new Map([
        ['name', string(name)],
        ['value', is],
      ]),
    }
    if (same === undefined) made.push(member)
    of.members.set(name, member)
  }
}

/** The names that a class declares with a type, in order: the fields of a data class. */
function fieldsOf(body: Block): readonly string[] {
  return body.flatMap((statement) => {
    if (statement.kind === 'declare' && statement.name !== null) return [statement.name]
    const [target] = statement.kind === 'assign' ? statement.targets : []
    return target?.kind === 'name' ? [target.id] : []
  })
}

function bring({ names }: Of<'import'>, scope: Scope, machine: Machine): void {
  for (const { local, path, level } of names) {
    const full = level === 0 ? path : relative(scope.path, path, level)
    if (local !== '*') assign(scope, local, machine.host.resolve(full) ?? { kind: 'name', path: full })
    else {
      const module = machine.host.names(full.replace(/\.?\*$/, ''))
      if (module === null)
        machine.host.gap('imports application code', `which names ${full} brings is not known`, machine.site)
      for (const [name, value] of module ?? []) if (!name.startsWith('_')) assign(scope, name, value)
    }
  }
}

/** A dotted name that leading dots make relative to a file. */
function relative(file: string, path: string, level: number): string {
  const folders = file.split('/').slice(0, -level)
  return [...folders, path].join('.')
}
