import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'insert-in-migration',
    code: 'G10',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A migration inserts rows into a table that was there',
    why:
      'Some teams keep rows apart from the schema: seeds differ by environment, are loaded again, and are changed by people, so ' +
      'that the next migration that counts on them fails where somebody has.',
    instead: 'Load the rows by the means that the team has for it; or write ON CONFLICT, so that it can be done twice.',
    messages: { inserts: 'Inserts rows into {{table}}' },
  },
  check: {
    insert: ({ table, span }) => ({ message: 'inserts', at: span, data: { table: show(table) } }),
    copy({ table, direction, span }) {
      return table === null || direction === 'to'
        ? undefined
        : { message: 'inserts', at: span, data: { table: show(table) } }
    },
  },
})
