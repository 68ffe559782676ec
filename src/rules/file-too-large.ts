import { startOf } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'file-too-large',
    code: 'L14',
    family: 'hygiene',
    weight: 'notice',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A migration has more statements than anybody reads',
    why:
      'Nobody reviews hundreds of statements one by one, and if one of them fails in the middle of the night the whole is hard to ' +
      'repair. Rows by the thousand belong into a job that can be stopped and begun again.',
    instead: 'Split it by what belongs together, and load data from a file outside of the migrations.',
    messages: { large: 'Migration {{path}} has {{count}} statements' },
  },
  defaults: { statements: 500 },
  check: {
    script(script, { options, migration }) {
      if (script.kind !== 'script') return
      const count = script.statements.length
      if (count <= options.statements) return
      const { path } = migration.revision
      return { message: 'large', at: script.statements[0]?.span ?? startOf(path), data: { path, count } }
    },
  },
})
