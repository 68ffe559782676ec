import type { A_Const, ColumnRef, FuncCall, Node, RangeVar } from '@pgsql/types'
import type { QualifiedName } from '../model/names.js'
import type { Condition } from '../model/operations/data.js'
import type { Expression, Volatility } from '../model/operations/shared.js'
import { all, as, every, qualified, strings, walk } from './read/tree.js'
import { mostVolatile, volatilityOfFunction } from './volatility.js'

/** Nodes whose value is not fixed by their parts: they ask the session or read tables. */
const STABLE_NODES: ReadonlySet<string> = new Set([
  'SQLValueFunction',
  'SubLink',
  'CurrentOfExpr',
  'XmlExpr',
  'XmlSerialize',
])

/** An expression with all that its text tells; `text` is how it is written. */
export function expression(node: Node | undefined, text: string): Expression {
  const constant = constantOf(node)
  return {
    text,
    volatility: volatilityIn(node),
    constant: constant !== null,
    isNull: constant?.isnull === true,
    columns: columnsIn(node),
    strings: stringsIn(node),
  }
}

/** How the value of what stands below a node may change from one evaluation to the next. */
export function volatilityIn(root: unknown): Volatility {
  const found: Volatility[] = []
  walk(root, (name, fields) => {
    const call = name === 'FuncCall' ? (fields as FuncCall) : undefined
    if (call !== undefined) found.push(volatilityOfFunction(calledName(call), call.args?.length ?? 0))
    else if (STABLE_NODES.has(name)) found.push('stable')
  })
  return mostVolatile(found)
}

/** A WHERE clause; null when there is none. */
export function condition(node: Node | undefined, text: string): Condition | null {
  if (node === undefined) return null
  const qualifiers = every('ColumnRef', node).map((column) => parts(column).at(-2))
  return {
    ...expression(node, text),
    tautology: truth(node) === true,
    qualifiers: [...new Set(qualifiers.filter((qualifier) => qualifier !== undefined))],
  }
}

/** Names of the columns below a node, without qualifiers, each once. */
export function columnsIn(root: unknown): readonly string[] {
  const names = every('ColumnRef', root).map((column) => strings(column.fields?.slice(-1))[0])
  return [...new Set(names.filter((name) => name !== undefined))]
}

/** String literals below a node, in order. */
export function stringsIn(root: unknown): readonly string[] {
  return every('A_Const', root).flatMap(({ sval }) => (sval === undefined ? [] : [sval.sval ?? '']))
}

/** Functions called below a node, lower case and unqualified, each once. */
export function functionsIn(root: unknown): readonly string[] {
  return [...new Set(every('FuncCall', root).map((call) => calledName(call).name.toLowerCase()))]
}

/** Tables and views read below a node, each once; names that a WITH clause gives are no tables. */
export function readsIn(root: unknown): readonly QualifiedName[] {
  const given = new Set(every('CommonTableExpr', root).map(({ ctename }) => ctename))
  const found = new Map<string, QualifiedName>()
  for (const { schemaname = '', relname = '' } of every('RangeVar', root) as readonly RangeVar[]) {
    if (schemaname === '' && given.has(relname)) continue
    found.set(`${schemaname}.${relname}`, { schema: schemaname, name: relname })
  }
  return [...found.values()]
}

/** A literal's value as text, or null for NULL and what is no literal. */
export function literal(node: Node | undefined): string | null {
  const constant = constantOf(node)
  if (constant === null || constant.isnull === true) return null
  if (constant.ival) return String(constant.ival.ival ?? 0)
  if (constant.boolval) return String(constant.boolval.boolval ?? false)
  return constant.sval?.sval ?? constant.fval?.fval ?? constant.bsval?.bsval ?? ''
}

function constantOf(node: Node | undefined): A_Const | null {
  let at = node
  for (;;) {
    const constant = as('A_Const', at)
    if (constant !== undefined) return constant
    const inner = as('TypeCast', at)?.arg ?? as('CollateClause', at)?.arg
    if (inner === undefined) return null
    at = inner
  }
}

function parts(column: ColumnRef): readonly string[] {
  return (column.fields ?? []).map((field) => as('String', field)?.sval ?? '*')
}

function calledName(call: FuncCall): QualifiedName {
  return qualified(strings(call.funcname))
}

/** Whether a condition without columns holds, as far as its text decides. */
function truth(node: Node | undefined): boolean | undefined {
  const logic = as('BoolExpr', node)
  if (logic !== undefined) {
    const terms = (logic.args ?? []).map(truth)
    const decides = logic.boolop === 'OR_EXPR'
    if (logic.boolop === 'NOT_EXPR') return terms[0] === undefined ? undefined : !terms[0]
    if (terms.includes(decides)) return decides
    return terms.includes(undefined) ? undefined : !decides
  }
  const comparison = as('A_Expr', node)
  if (comparison?.kind === 'AEXPR_OP') return compare(comparison.name, comparison.lexpr, comparison.rexpr)
  const constant = constantOf(node)
  if (constant?.boolval) return constant.boolval.boolval ?? false
  const word = as('TypeCast', node) && constant?.sval?.sval?.toLowerCase()
  return word === undefined ? undefined : /^(t|true|on|yes|y|1)$/.test(word) ? true : undefined
}

function compare(name: Node[] | undefined, left: Node | undefined, right: Node | undefined): boolean | undefined {
  const [a, b] = [literal(left), literal(right)]
  if (a === null || b === null) return undefined
  const numeric = !Number.isNaN(Number(a)) && !Number.isNaN(Number(b)) && a !== '' && b !== ''
  const order = numeric ? Number(a) - Number(b) : a === b ? 0 : undefined
  switch (strings(name).at(-1)) {
    case '=':
      return order === undefined ? false : order === 0
    case '<>':
      return order === undefined ? true : order !== 0
    case '<':
      return order === undefined ? undefined : order < 0
    case '>':
      return order === undefined ? undefined : order > 0
    case '<=':
      return order === undefined ? undefined : order <= 0
    case '>=':
      return order === undefined ? undefined : order >= 0
    default:
      return undefined
  }
}

/** Names of plain and expression elements of an index, partition key or the like: a column, or what the expression mentions. */
export function elementColumns(
  elements: readonly { readonly name?: string; readonly expr?: Node }[],
): readonly string[] {
  return [...new Set(elements.flatMap(({ name, expr }) => (name === undefined ? columnsIn(expr) : [name])))]
}

/** Names of the columns that the index elements of a list mention. */
export function indexColumns(nodes: Node[] | undefined): readonly string[] {
  return elementColumns(all('IndexElem', nodes))
}
