import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'insert-without-column-list',
    code: 'J20',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'An INSERT does not name its columns',
    why: 'Values go into columns in the order in which those were made. A column that is added, or was added in another order on another database, puts them into the wrong ones or stops the migration.',
    instead: 'Name the columns.',
    messages: { unnamed: 'The INSERT into {{table}} does not say which columns its values are for' },
  },
  check: {
    insert({ table, columns, source, span }) {
      if (columns !== null || source === 'default') return
      return { message: 'unnamed', at: span, data: { table: show(table) } }
    },
  },
})
