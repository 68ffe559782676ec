import { operationsOf } from '../model/migration.js'
import { quote } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'drop-schema',
    code: 'B5',
    family: 'data-loss',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A schema is dropped',
    why:
      'With CASCADE every table, view, function and type in it goes, with all rows, and so does what depends on them in other ' +
      'schemas. Without CASCADE it fails as soon as the schema holds anything, which it may in production and not in a test. A ' +
      'schema that this pull request creates is not meant.',
    instead:
      'Drop the objects one by one, each by name, so that each loss is seen. Then drop the empty schema without CASCADE.',
    messages: {
      cascaded:
        'Drops schema {{schema}} with every table in it, all their rows, and whatever depends on them elsewhere',
      dropped: 'Drops schema {{schema}}: it fails while anything is left in it',
    },
  },
  check: {
    'drop-schema'({ schema, cascade, ifExists, span }, { pull }) {
      const made = pull.some(({ up }) =>
        operationsOf(up).some((other) => other.kind === 'create-schema' && other.schema === schema),
      )
      if (made) return
      const place = { at: span, data: { schema } }
      // Without CASCADE nothing can be lost but an empty name.
      if (!cascade) return { message: 'dropped', weight: 'warning', ...place }
      return { message: 'cascaded', ...place, fix: `DROP SCHEMA ${ifExists ? 'IF EXISTS ' : ''}${quote(schema)};` }
    },
  },
})
