import { remarksOf } from '../model/migration.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'orm-app-model-import',
    code: 'L7',
    family: 'hygiene',
    weight: 'warning',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    summary: 'A migration imports models or services of the application',
    why:
      'A migration is run for years, on every new database, and always with the code of the day. A model of the application knows ' +
      'the columns that its table has in the end, not those that it has at this point of the history: once a column is added, a ' +
      'query through the model names what is not there yet, and once the model is renamed or removed the import fails. Then the ' +
      'history cannot be run at all.',
    instead:
      'Say in the migration what it needs: a table of its own with just these columns (`sa.table("orders", sa.column("id"))`), ' +
      'the text of an SQL statement, or a copy of the function. Constants, enums and column types are not meant.',
    messages: {
      model: '{{names}} maps the tables of a later day: the migration breaks when the model changes',
      service: '{{names}} is code of the application: the migration does something else, or breaks, when that changes',
    },
  },
  check: {
    script(script) {
      const imports = remarksOf(script).filter(({ kind }) => kind === 'imports-model' || kind === 'imports-service')
      // One line imports several names, and is one thing to change.
      const lines = [...new Set(imports.map(({ at }) => at.start.line))]
      return lines.flatMap((line) => {
        const names = imports.filter(({ at }) => at.start.line === line)
        const message = names.some(({ kind }) => kind === 'imports-model') ? 'model' : 'service'
        const data = { names: names.map(({ what }) => what).join(', ') }
        return names.slice(0, 1).map(({ at }) => ({ message, at, data }) as const)
      })
    },
  },
})
