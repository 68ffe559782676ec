import { show, type QualifiedName } from '../model/names.js'
import type { Span } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'long-concurrent-build',
    code: 'C8',
    family: 'blocking',
    weight: 'notice',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'An index of a large table is built concurrently during the deployment',
    why:
      'CONCURRENTLY reads the table twice and waits for every transaction that is older than each pass, also for those that have nothing ' +
      'to do with the table. All that time VACUUM can remove no row of the whole database that died since, and the deployment does not ' +
      'go on.',
    instead:
      'Start it in a quiet hour with a larger maintenance_work_mem, apart from the deployment if the tool lets you, and watch ' +
      '`pg_stat_progress_create_index`.',
    messages: {
      build: 'Building an index on {{table}}, which is large, takes long and waits for every older transaction',
    },
  },
  check: {
    'create-index': ({ table, concurrently, span }, { sizeOf }) => problem(concurrently, table, span, sizeOf),
    reindex({ target, name, concurrently, span }, { catalog, sizeOf }) {
      if (name === null || (target !== 'table' && target !== 'index')) return
      const table = target === 'table' ? name : catalog.index(name)?.table
      return table && problem(concurrently, table, span, sizeOf)
    },
  },
})

function problem(concurrently: boolean, table: QualifiedName, at: Span, sizeOf: (table: QualifiedName) => string) {
  if (!concurrently || sizeOf(table) !== 'large') return
  return { message: 'build' as const, at, data: { table: show(table) } }
}
