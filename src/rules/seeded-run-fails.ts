import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'seeded-run-fails',
    code: 'F43',
    family: 'failure',
    weight: 'warning',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    summary: 'The migration ran on an empty database and failed on one with rows',
    why:
      'Every test database is empty or tidy, and production is neither: it has NULLs, duplicates, orphans, empty strings and the ' +
      'longest values that fit. The rehearsal generated such rows within the rules of the schema, and the migration failed on them. ' +
      'Whether production has rows of the kind only a query there can tell.',
    instead: 'Look in production first. Clean or fill the rows in a migration before this one, then add the rule.',
    messages: {
      looked: 'Fails on rows that production may have ({{message}}); look there first: {{query}}',
      fails: 'Fails on rows that production may have: {{message}}',
    },
  },
  check: {
    evidence({ dataDependent }, { told }) {
      if (dataDependent === null || told(dataDependent.at, ['compatibility', 'failure'])) return
      const { at, query } = dataDependent
      const message = dataDependent.message.replace(GENERATED, '')
      return query === null
        ? { message: 'fails', at, data: { message } }
        : { message: 'looked', at, data: { message, query } }
    },
  },
})

/** The values that failed were generated, and are others tomorrow. */
const GENERATED = /\. (?:Key \(|Failing row contains ).*$/s
