import { environmentOf, schemaChangesOf } from '../model/block.js'
import { show, type QualifiedName } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'do-block-ddl',
    code: 'L2',
    family: 'reading',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A DO block changes the schema',
    why:
      'The statements inside run, or do not, by conditions that only the database knows, so that two databases can come out ' +
      'different after the same migration. Rules that judge a statement by its place in the script cannot do so in here. Where the conditions ask more than the schema, ' +
      'the rule about that speaks instead.',
    instead: 'Write the statements out. For "only if it is missing" most of them have IF NOT EXISTS or IF EXISTS.',
    messages: { ddl: 'DO block changes the schema where rules cannot follow: {{does}}' },
  },
  check: {
    do(block) {
      const changes = schemaChangesOf(block)
      if (changes.length === 0 || environmentOf(block) !== null) return
      const { span } = block
      return { message: 'ddl', at: span, data: { does: [...new Set(changes.map(describe))].join(', ') } }
    },
  },
})

function describe(operation: Operation): string {
  const target = Object.values(operation).find(isName)
  return `${operation.kind.replaceAll('-', ' ').toUpperCase()}${target ? ` ${show(target)}` : ''}`
}

function isName(value: unknown): value is QualifiedName {
  return typeof value === 'object' && value !== null && 'schema' in value && 'name' in value && !('text' in value)
}
