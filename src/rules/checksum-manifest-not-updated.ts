import { startOf } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'checksum-manifest-not-updated',
    code: 'A17',
    family: 'history',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'Migrations change, but the manifest that lists them does not',
    why:
      'Where the tool keeps a list of its migrations or their hashes in a file of its own, that file has to change with them. ' +
      'Otherwise the tool finds a hash that does not fit and stops, or does not know of the new migration and leaves it out.',
    instead: 'Let the tool write the manifest anew, and commit it with the migration.',
    messages: {
      stale:
        '{{manifest}} stays as it is although {{path}} {{verb}}: {{tool}} trusts the manifest and stops or leaves it out',
    },
  },
  check: {
    history({ head, changes }, { conventions, changedPaths }) {
      const manifest = head.project.config['manifest']
      const first = changes.find((change) => change.kind !== 'edited' || change.up !== null)
      if (manifest === undefined || first === undefined || changedPaths.includes(manifest)) return
      const { path } = first.kind === 'removed' ? first.base : first.head
      return {
        message: 'stale',
        at: startOf(manifest),
        related: [startOf(path)],
        data: { manifest, path, verb: VERBS[first.kind], tool: conventions.tool },
      }
    },
  },
})

const VERBS = { added: 'is added', edited: 'changes', removed: 'is removed', renamed: 'is renamed' } as const
