import { bornOf } from '../model/catalog.js'
import { operationsAfter } from '../model/pulled.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'rename-schema',
    code: 'D3',
    family: 'compatibility',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A schema that existed before this pull request is renamed',
    why:
      'Every table, function and type in it gets another full name at once. Code that is deployed and names the schema fails on its ' +
      'next query; so does code that relies on a search_path, of a role, a database or a connection string, in which the old name ' +
      'stands. The text bodies of functions are not changed either.',
    instead:
      'Make the new schema beside the old one, move the tables in steps and leave a view under each old name, or add the new name to ' +
      'the search_path of every role first. Renaming only what the application calls the schema is often enough.',
    messages: {
      renamed: 'Renames schema {{schema}} to {{to}}: code that is deployed now finds nothing under the old name',
    },
  },
  check: {
    'rename-object'(operation, { catalog, pull }) {
      const { object, name, newName, span } = operation
      if (object !== 'schema') return
      const born = bornOf(catalog, 'schema', name)
      if (born !== 'base' && born !== 'unknown') return
      const isMadeAgain = operationsAfter(operation, pull).some(
        (each) => each.kind === 'create-schema' && each.schema === name.name,
      )
      const doubt = isMadeAgain ? { confidence: 'possible' as const } : {}
      return { message: 'renamed', at: span, data: { schema: name.name, to: newName }, ...doubt }
    },
  },
})
