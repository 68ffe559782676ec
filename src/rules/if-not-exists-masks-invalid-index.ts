import { quote } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'if-not-exists-masks-invalid-index',
    code: 'G15',
    family: 'hygiene',
    weight: 'notice',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'CREATE INDEX CONCURRENTLY IF NOT EXISTS passes over an index that is invalid',
    why:
      'A build that fails or is cancelled leaves an index that is kept up to date and never used. IF NOT EXISTS sees only its name: the ' +
      'second try does nothing, reports success, and the queries stay slow; a unique one enforces nothing.',
    instead: 'Drop the index first with DROP INDEX CONCURRENTLY IF EXISTS, and create it without IF NOT EXISTS.',
    messages: { masks: 'A failed build of {{index}} would be passed over by IF NOT EXISTS and stay invalid' },
  },
  check: {
    'create-index'({ name, table, concurrently, ifNotExists, span }, { script, statement, direction }) {
      if (!concurrently || !ifNotExists || name === null || direction === 'down') return
      const before = script.statements.slice(0, statement.index).flatMap(({ operations }) => operations)
      if (before.some((each) => each.kind === 'drop-index' && each.index.name === name)) return
      const index = quote({ schema: table.schema, name })
      return { message: 'masks', at: span, data: { index: name }, fix: `DROP INDEX CONCURRENTLY IF EXISTS ${index};` }
    },
  },
})
