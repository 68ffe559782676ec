import type { History, Surrounding } from '../model/migration.js'
import { startOf } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'migration-environment-changed',
    code: 'A28',
    family: 'environment',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A file changes that the tool runs, or is configured by, around every migration',
    why:
      'Such a file decides which migrations run, in what transaction, on what connection and with what settings, and may send SQL ' +
      'of its own. A migration that is harmless to read does otherwise in another environment, and what the file does by itself is ' +
      'read in part only. Comments, layout, and what only shapes new files do not count.',
    instead: 'Let somebody who knows the deployment read the change, and keep it apart from migrations where you can.',
    messages: {
      runs: '{{path}} {{verb}}: {{tool}} runs it around every migration, and what it does by itself is not judged here',
      configures: '{{path}} {{verb}}: {{tool}} is told by it where migrations are and how they run',
    },
  },
  check: {
    history({ base, head }, { conventions: { tool } }) {
      if (base.revisions.length === 0) return
      const before = sayingsOf(base)
      const after = sayingsOf(head)
      return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
        const [old, now] = [before.get(key), after.get(key)]
        const { path, role } = now ?? old ?? {}
        if (path === undefined || role === undefined || (old?.meaning ?? '') === (now?.meaning ?? '')) return []
        const verb = old === undefined ? 'is added' : now === undefined ? 'is removed' : 'changes'
        return [{ message: role, at: startOf(path), data: { path, verb, tool } }]
      })
    },
  },
})

/** A configuration may move, and is the same one. */
function sayingsOf({ surroundings = [] }: History): ReadonlyMap<string, Surrounding> {
  return new Map(surroundings.map((saying) => [saying.role === 'configures' ? saying.role : saying.path, saying]))
}
