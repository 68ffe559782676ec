import { bareType, bornOf, takesSame, type CatalogFunction } from '../model/catalog.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import type { Operation, OperationOf } from '../model/operation.js'
import { operationsAfter, operationsIn } from '../model/pulled.js'
import { rule } from './rule.js'

type Signature = Pick<CatalogFunction, 'parameters' | 'returns'>

export default rule({
  meta: {
    id: 'replace-function-signature',
    code: 'D16',
    family: 'compatibility',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A function is made anew so that calls of deployed code fail',
    why:
      'A function is known by its name and the types it takes. With other parameters it is another one: if the old one is dropped, ' +
      'code that is deployed finds no function that fits; if it stays, and both fit a call because the rest has defaults, PostgreSQL ' +
      'refuses that call as “not unique”, so that adding a function breaks calls of the old one. A new type of result reaches code ' +
      'that was written for the old one.',
    instead:
      'Add new parameters at the end with a DEFAULT while dropping the old function in the same transaction, or give the new ' +
      'function another name and drop the old one when no release calls it any more.',
    messages: {
      ambiguous:
        'Function {{function}} exists with other parameters and fits the same calls: PostgreSQL refuses those as not unique',
      signature:
        'Function {{function}} is made again with other parameters: calls of deployed code find none that fits',
      returns: 'Function {{function}} is made again with another result: deployed code was written for the old one',
    },
  },
  check: {
    'create-function'(operation, { catalog, pull }) {
      const name = operation.function
      const olds = catalog.functions(name)
      if (bornOf(catalog, operation.procedure ? 'procedure' : 'function', name) !== 'base') return
      if (olds.some((old) => takesSame(old, operation))) return
      if (operationsAfter(operation, pull).some((each) => isDrop(each, name))) return
      if (!olds.some((old) => arities(old).some((count) => fits(operation, old, count)))) return
      return { message: 'ambiguous', at: operation.span, data: { function: show(name) } }
    },
    'drop-object'(operation, { catalog, pull }) {
      const { object, name, span } = operation
      if (object !== 'function' && object !== 'procedure' && object !== 'routine') return
      const [old, another] = catalog.functions(name)
      // Which of several is dropped the operation does not say.
      if (old === undefined || another !== undefined || bornOf(catalog, object, name) !== 'base') return
      const news = operationsIn(pull).filter(
        (each): each is OperationOf<'create-function'> =>
          each.kind === 'create-function' && keyOf(each.function) === keyOf(name),
      )
      const [first] = news
      if (first === undefined) return
      const place = { at: span, related: [first.span], data: { function: show(name) } }
      const heirs = news.filter((each) => arities(old).every((count) => fits(each, old, count)))
      if (heirs.length === 0) return { message: 'signature', ...place }
      return heirs.some((each) => resultOf(each).startsWith(resultOf(old)))
        ? undefined
        : { message: 'returns', ...place }
    },
  },
})

function isDrop(operation: Operation, name: QualifiedName): boolean {
  return operation.kind === 'drop-object' && operation.table === null && keyOf(operation.name) === keyOf(name)
}

function inputs({ parameters }: Signature): Signature['parameters'] {
  return parameters.filter(({ mode }) => mode !== 'out' && mode !== 'table')
}

/** How many arguments a call may have, by what has a default. */
function arities(signature: Signature): readonly number[] {
  const all = inputs(signature)
  const least = all.filter((each) => !each.default).length
  return Array.from({ length: all.length - least + 1 }, (_, more) => least + more)
}

/** Whether a call with so many arguments of the old types is one that the function takes as it stands. */
function fits(signature: Signature, old: Signature, count: number): boolean {
  const [mine, theirs] = [inputs(signature), inputs(old)]
  if (!arities(signature).includes(count)) return false
  return theirs.slice(0, count).every(({ type }, place) => {
    const other = mine[place]
    return other !== undefined && bareType(other.type) === bareType(type)
  })
}

/** What comes back, as text: more columns at the end come after it. */
function resultOf({ parameters, returns }: Signature): string {
  const out = parameters.filter(({ mode }) => mode === 'out' || mode === 'inout' || mode === 'table')
  if (out.length > 0) return out.map(({ name, type }) => `${name} ${bareType(type)};`).join(' ')
  return returns === null ? '' : `${returns.set ? 'SETOF ' : ''}${bareType(returns.type)};`
}
