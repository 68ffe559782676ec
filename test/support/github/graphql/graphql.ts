import type { Answer } from '../http/answer.js'
import type { Violation } from '../http/log.js'
import type { Token } from '../state/installations.js'
import type { World } from '../state/world.js'
import { parseOperation, SyntaxProblem, type Field } from './parse.js'
import { rootOf } from './threads.js'

/** What the resolvers give: plain values, lists, and objects whose fields are made from their arguments. */
export interface Node {
  readonly __typename: string
  readonly [field: string]: unknown
}

/** GraphQL says no to a field. */
export class FieldProblem extends Error {
  readonly type: string

  constructor(type: string, message: string) {
    super(message)
    this.type = type
  }
}

/** The few queries and the one mutation that are used; GitHub answers 200 even when it refuses. */
export function graphql(
  world: World,
  token: Token,
  body: unknown,
  note: (kind: Violation['kind'], message: string) => void,
): Answer {
  const { query = '', variables } = (body ?? {}) as { query?: string; variables?: Record<string, unknown> }
  const errors: object[] = []
  let data: unknown = null
  try {
    const operation = parseOperation(query, variables ?? {})
    data = read(rootOf(world, token, operation.kind, note), operation.fields)
  } catch (error) {
    if (error instanceof SyntaxProblem || error instanceof UnknownField) {
      note('schema', error.message)
      return { status: 200, body: { errors: [{ message: error.message }] } }
    }
    if (!(error instanceof FieldProblem)) throw error
    errors.push({ type: error.type, message: error.message })
  }
  return { status: 200, body: { data, ...(errors.length > 0 ? { errors } : {}) } }
}

class UnknownField extends Error {}

function read(value: unknown, fields: readonly Field[]): unknown {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) return value.map((item) => read(item, fields))
  const node = value as Node
  return Object.fromEntries(
    fields
      .filter(({ on }) => on === null || on === node.__typename)
      .map((field) => {
        if (!(field.name in node)) {
          throw new UnknownField(`Field '${field.name}' doesn't exist on type '${node.__typename}'`)
        }
        const found = node[field.name]
        const made = typeof found === 'function' ? (found as (args: object) => unknown)(field.args) : found
        const composite = typeof made === 'object' && made !== null
        if (composite && !field.fields) throw new UnknownField(`Field '${field.name}' must have selections`)
        return [field.alias, field.fields ? read(made, field.fields) : made]
      }),
  )
}
