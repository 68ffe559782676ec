import { repairs } from '../model/clash.js'
import { startOf } from '../source/span.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'renamed-applied-migration',
    code: 'A6',
    family: 'history',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A migration that is on the base branch gets another version or name',
    why:
      'The tool knows an applied migration by its version. Under a new one it is a new migration: the tool runs it a second time, ' +
      'which fails on the first object that already exists, and may report the old one as missing. One renumbering is no mistake: ' +
      'when the base branch holds the same version twice, no runner can have applied it, and giving one file a new version is the repair.',
    instead: 'Give the file its old name back. Only migrations that are not on the base branch yet may be renumbered.',
    messages: {
      version:
        'Applied migration {{from}} becomes {{to}}: {{tool}} takes {{id}} for a new migration and runs it a second time',
      name: 'Applied migration {{from}} becomes {{to}} under the same version: {{tool}} compares more than the version and may refuse it',
    },
  },
  check: {
    history(changes, { conventions }) {
      const repaired = new Set(repairs(changes).map(({ head }) => head))
      return changes.changes.flatMap((change): readonly Problem<'version' | 'name'>[] => {
        if (change.kind !== 'renamed' || repaired.has(change.head)) return []
        const { base, head } = change
        const data = { from: base.path, to: head.path, id: head.id, tool: conventions.tool }
        const place = { at: startOf(head.path), data }
        if (base.id !== head.id) return [{ message: 'version', ...place }]
        // A tool that keeps neither hash nor title sees no difference; in a graph the file's name means nothing.
        if (!conventions.hashesFiles || conventions.lateVersion === 'graph') return []
        return [{ message: 'name', weight: 'warning', ...place }]
      })
    },
  },
})
