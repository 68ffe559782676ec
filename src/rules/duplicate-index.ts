import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'duplicate-index',
    code: 'J1',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'An index does what another one does already',
    why: 'Each index is written with every INSERT and most UPDATEs, takes room and memory, and is vacuumed. One whose columns another index begins with serves no query that the other does not.',
    instead: 'Leave it out, or drop the shorter one once the longer one is there.',
    messages: { covered: 'Index on {{columns}} of {{table}} is covered by {{other}}' },
  },
  check: {
    'create-index'({ table, unique, keys, include, where, method, ifNotExists, span }, { catalog }) {
      if (where !== null || unique || include.length > 0 || method !== 'btree' || ifNotExists) return
      if (keys.some(({ column, reversed }) => column === null || reversed)) return
      const columns = keys.map(({ column }) => column)
      const other = catalog
        .indexes(table)
        .find(
          (index) =>
            index.valid &&
            !index.partial &&
            !index.reversed &&
            index.method === 'btree' &&
            columns.every((column, i) => index.columns[i] === column),
        )
      if (other === undefined) return
      return {
        message: 'covered',
        at: span,
        data: { columns: columns.join(', '), table: show(table), other: other.name.name },
      }
    },
  },
})
