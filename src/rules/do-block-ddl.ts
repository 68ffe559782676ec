import { show, type QualifiedName } from '../model/names.js'
import type { Operation, OperationKind } from '../model/operation.js'
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
      'different after the same migration. Rules that judge a statement by its place in the script cannot do so in here.',
    instead: 'Write the statements out. For "only if it is missing" most of them have IF NOT EXISTS or IF EXISTS.',
    messages: { ddl: 'DO block changes the schema where rules cannot follow: {{does}}' },
  },
  check: {
    do({ inner, span }) {
      const changes = inner.filter(({ kind }) => !DATA.has(kind))
      if (changes.length === 0) return
      return { message: 'ddl', at: span, data: { does: [...new Set(changes.map(describe))].join(', ') } }
    },
  },
})

const DATA: ReadonlySet<OperationKind> = new Set<OperationKind>([
  ...(['insert', 'update', 'delete', 'merge', 'copy', 'select', 'do', 'call', 'set'] as const),
  ...(['lock-table', 'transaction', 'analyze', 'vacuum', 'unmodelled', 'comment'] as const),
])

function describe(operation: Operation): string {
  const target = Object.values(operation).find(isName)
  return `${operation.kind.replaceAll('-', ' ').toUpperCase()}${target ? ` ${show(target)}` : ''}`
}

function isName(value: unknown): value is QualifiedName {
  return typeof value === 'object' && value !== null && 'schema' in value && 'name' in value && !('text' in value)
}
