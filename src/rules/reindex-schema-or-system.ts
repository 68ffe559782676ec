import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'reindex-schema-or-system',
    code: 'C4',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A migration rebuilds every index of a schema or of the database',
    why:
      'REINDEX of a schema, a database or the system catalogs takes one table after the other, each in a transaction of its own, and ' +
      'lasts as long as all of them together. Without CONCURRENTLY the table at hand is closed to writes, and to most reads. It ' +
      'changes nothing in the schema, so that no later migration needs it.',
    instead:
      'Leave it out of migrations. Rebuild the indexes that need it as an operation of its own, with REINDEX … CONCURRENTLY, where ' +
      'somebody watches it.',
    messages: { all: 'REINDEX {{target}} rebuilds every index in it, table after table, during the deployment' },
  },
  check: {
    reindex({ target, name, span }) {
      if (target === 'index' || target === 'table') return
      const what = name === null ? target.toUpperCase() : `${target.toUpperCase()} ${name.name}`
      return { message: 'all', at: span, data: { target: what } }
    },
  },
})
