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
    summary: 'Migrations change, but the manifest that lists them does not, or does not fit them',
    why:
      'Where the tool keeps a list of its migrations or their hashes in a file of its own, that file has to change with them. ' +
      'Otherwise the tool finds a hash that does not fit and stops, or does not know of the new migration and leaves it out.',
    instead: 'Let the tool write the manifest anew, and commit it with the migration.',
    messages: {
      stale:
        '{{manifest}} stays as it is although {{path}} {{verb}}: {{tool}} trusts the manifest and stops or leaves it out',
      misfit: '{{manifest}} does not fit the files beside it, and the tool that wrote it stops: {{path}} {{what}}',
    },
  },
  check: {
    history({ base, head, changes }, { conventions, changedPaths }) {
      const { manifest, misfit, misfitIs, fits } = head.project.config
      const first = changes.find((change) => change.kind !== 'edited' || change.up !== null)
      if (manifest === undefined || fits === 'yes') return
      if (first === undefined || changedPaths.includes(manifest)) {
        // A sum file that did not fit before is not held against this pull request.
        if (misfit === undefined || base.project.config['misfit'] !== undefined) return
        const what = WHATS[misfitIs ?? ''] ?? 'is not what the manifest says'
        return {
          message: 'misfit',
          at: startOf(manifest),
          related: [startOf(misfit)],
          data: { manifest, path: misfit, what },
        }
      }
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

const WHATS: Readonly<Record<string, string>> = {
  added: 'is not in it, or comes too early',
  edited: 'has another hash in it',
  removed: 'is in it and not there',
  unreadable: 'is not in the form of a sum file, or its own total is wrong',
}

const VERBS = { added: 'is added', edited: 'changes', removed: 'is removed', renamed: 'is renamed' } as const
