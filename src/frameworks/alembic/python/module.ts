import { evaluate } from './evaluate.js'
import { importedNames } from './imports.js'
import { childrenOf, parsePython, statementsOf, type PythonFile, type SyntaxNode } from './syntax.js'
import type { Names, Value } from './value.js'

/** A Python file as far as it is known without running it. */
export interface Module {
  readonly file: PythonFile
  /** Names of the top level: imports, and variables that are assigned once, to something known. */
  readonly names: Names
  /** Functions of the top level by name; of two with one name the last. */
  readonly functions: ReadonlyMap<string, SyntaxNode>
}

/** Reads the top level of a Python file. */
export function readModule(text: string): Module {
  const file = parsePython(text)
  const names = new Map<string, Value>()
  const functions = new Map<string, SyntaxNode>()
  for (const statement of statementsOf(file.root)) {
    if (statement.name === 'ImportStatement') {
      for (const [name, value] of importedNames(statement, file)) names.set(name, value)
    } else if (statement.name === 'AssignStatement') {
      const assigned = assignment(statement, file, names)
      if (assigned === null) forget(statement, file, names)
      else names.set(assigned.name, assigned.value)
    } else {
      const definition = statement.name === 'DecoratedStatement' ? statement.getChild('FunctionDefinition') : statement
      const name = definition?.name === 'FunctionDefinition' ? definition.getChild('VariableName') : null
      if (definition && name) functions.set(file.text.slice(name.from, name.to), definition)
      else forget(statement, file, names)
    }
  }
  return { file, names, functions }
}

/** `name = value` and `name: type = value`; null for any other assignment. */
export function assignment(
  statement: SyntaxNode,
  file: PythonFile,
  names: Names,
): { readonly name: string; readonly value: Value } | null {
  const [target, ...rest] = childrenOf(statement).filter(({ name }) => name !== 'TypeDef')
  const [operator, ...values] = rest
  if (target?.name !== 'VariableName' || operator?.name !== 'AssignOp') return null
  if (values.length === 0 || values.some((part) => part.name === 'AssignOp')) return null
  const evaluated = values.filter((part) => part.name !== ',').map((part) => evaluate(part, file, names))
  const [first] = evaluated
  const at = { from: statement.from, to: statement.to }
  const value: Value | undefined = values.length === 1 ? first : { at, kind: 'list', items: evaluated }
  if (value === undefined) return null
  return { name: file.text.slice(target.from, target.to), value }
}

/** Takes back what was known of every name that a statement assigns, at any depth. */
export function forget(statement: SyntaxNode, { text }: PythonFile, names: Map<string, Value>): void {
  const at = { from: statement.from, to: statement.to }
  statement.cursor().iterate((node) => {
    if (node.name !== 'VariableName') return
    const name = text.slice(node.from, node.to)
    const parent = node.node.parent
    const assigns = [
      'AssignStatement',
      'UpdateStatement',
      'ForStatement',
      'NamedExpression',
      'WithStatement',
      'TupleExpression',
    ]
    if (parent === null || !assigns.includes(parent.name) || names.get(name)?.kind === 'name') return
    names.set(name, { at, kind: 'unknown', reason: `${name} is a variable whose value is not known` })
  })
}
