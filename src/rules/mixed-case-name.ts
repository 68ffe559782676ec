import type { Operation } from '../model/operation.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'mixed-case-name',
    code: 'K14',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    once: 'statement',
    summary: 'A name has to be quoted for ever',
    why: 'PostgreSQL folds names to lower case unless they are quoted. A name with capitals, blanks or other signs must be quoted in every query that anybody ever types, and one that is not finds nothing.',
    instead: 'Use lower-case letters, digits and underscores.',
    messages: { quoted: 'The name {{name}} is found only between quotes' },
  },
  check: {
    operation(operation) {
      const name = namesOf(operation).find((each) => !/^[a-z_][a-z0-9_$]*$/.test(each))
      return name === undefined ? undefined : { message: 'quoted', at: operation.span, data: { name } }
    },
  },
})

/** The names that an operation gives to tables, views and columns: what queries name. */
function namesOf(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'create-table':
      return [operation.table.name, ...operation.columns.map(({ name }) => name)]
    case 'add-column':
      return [operation.column.name]
    case 'rename-table':
    case 'rename-column':
      return [operation.newName]
    case 'create-view':
      return [operation.view.name]
    default:
      return []
  }
}
