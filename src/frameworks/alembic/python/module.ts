import { createMachine } from './interpreter.js'
import { Raised, type Host, type Machine } from './machine.js'
import { Exhausted } from './fuel.js'
import { readStatements } from './read-statement.js'
import { moduleScope, type Scope } from './scope.js'
import { parsePython, type PythonFile } from './syntax.js'
import type { Block } from './tree.js'
import { unknown, type Names } from './value.js'

/** A Python file as far as it is known without running it, and without anything that it imports. */
export interface Module {
  readonly file: PythonFile
  readonly block: Block
  /** Names of the top level. */
  readonly names: Names
}

/** Reads a Python file. */
export function readModule(text: string, path = ''): Module {
  const parsed = parseModule(text)
  const { names } = followModule(parsed.block, path, createMachine(ALONE, path))
  return { ...parsed, names }
}

/** Reads a Python file and follows nothing of it. */
export function parseModule(text: string): Omit<Module, 'names'> {
  const file = parsePython(text)
  return { file, block: readStatements(file) }
}

/** Follows the top level of a module. What raises there ends it; so does what takes too long. */
export function followModule(block: Block, path: string, machine: Machine): Scope {
  const scope = moduleScope(path)
  try {
    machine.run(block, scope)
  } catch (error) {
    const reason = error instanceof Raised ? 'the module always fails here' : exhaustion(error)
    machine.host.gap('unsupported call', reason, machine.site)
  }
  return scope
}

/** Why following something was given up; throws again what is no such thing. */
export function exhaustion(error: unknown): string {
  if (error instanceof Exhausted) return error.message
  // The stack, or a text that is longer than any may be.
  if (error instanceof RangeError) return 'a value is nested too deeply'
  throw error
}

/** A world in which nothing answers, for what a file says on its own. */
export const ALONE: Host = {
  call: () => null,
  attribute: () => null,
  resolve: () => null,
  names: () => null,
  enter: () => ({ value: unknown('unsupported call', 'what a with block gives is not known'), leave: () => undefined }),
  gap: () => undefined,
  guard: () => undefined,
  skipped: () => undefined,
}
