import type { Operation } from '../model/operation.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'identifier-truncated',
    code: 'F37',
    family: 'hygiene',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    once: 'statement',
    summary: 'A name is longer than PostgreSQL keeps',
    why:
      'Names are cut to 63 bytes with a notice that nobody reads ' +
      '(https://www.postgresql.org/docs/current/sql-syntax-lexical.html). Two long names that begin alike become one, and a tool that ' +
      'compares names finds another than it asked for.',
    instead: 'Choose a name of at most 63 bytes.',
    messages: { cut: 'The name {{name}} is cut to 63 bytes: {{kept}}' },
  },
  check: {
    operation(operation, { statement: { sql } }) {
      const kept = namesOf(operation).find(
        (name) => Buffer.byteLength(name) === MOST && longer(name, sql) !== undefined,
      )
      if (kept === undefined) return
      return { message: 'cut', at: operation.span, data: { name: longer(kept, sql) ?? kept, kept } }
    },
  },
})

/** NAMEDATALEN less the byte that ends it. */
const MOST = 63

/** The word of the text that a name was cut from. */
function longer(name: string, sql: string): string | undefined {
  const at = sql.toLowerCase().indexOf(name.toLowerCase())
  if (at < 0) return undefined
  const rest = /^[\p{L}\p{N}_$]*/u.exec(sql.slice(at + name.length))?.[0] ?? ''
  return rest === '' ? undefined : sql.slice(at, at + name.length) + rest
}

/** The names that an operation gives. */
function namesOf(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'create-table':
      return [
        operation.table.name,
        ...operation.columns.map(({ name }) => name),
        ...operation.constraints.flatMap(({ name }) => name ?? []),
      ]
    case 'add-column':
      return [operation.column.name]
    case 'add-constraint':
      return operation.constraint.name === null ? [] : [operation.constraint.name]
    case 'create-index':
    case 'create-trigger':
    case 'create-policy':
      return operation.name === null ? [] : [operation.name]
    case 'rename-table':
    case 'rename-column':
    case 'rename-constraint':
    case 'rename-object':
      return [operation.newName]
    case 'create-view':
      return [operation.view.name]
    case 'create-enum':
      return [operation.type.name]
    case 'create-function':
      return [operation.function.name]
    case 'create-sequence':
      return [operation.sequence.name]
    default:
      return []
  }
}
