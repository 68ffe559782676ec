import { canChange, isRead, operationsOf } from '../model/migration.js'
import { startOf } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'empty-migration',
    code: 'A16',
    family: 'history',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'The up script of a migration does nothing',
    why:
      'The tool marks the version as applied, and whatever was meant to be in the file can no longer be put there: it would be an ' +
      'edit of an applied migration. Such files are left by generators and converters that found nothing to write. A revision that ' +
      'only merges two heads is empty by nature and not meant.',
    instead: 'Write the change into the file, or leave the file out.',
    messages: {
      empty: 'Migration {{path}} holds no statement to run: {{tool}} marks it as applied and nothing happens',
      absent: 'Migration {{path}} has no up script: there is nothing for {{tool}} to run',
    },
  },
  check: {
    script(script, { migration, conventions }) {
      const { path, parents } = migration.revision
      if (parents.length > 1) return
      const place = { at: startOf(path), data: { path, tool: conventions.tool } }
      if (script.kind === 'absent') return { message: 'absent', ...place }
      if (!isRead(script)) return
      const idle = !operationsOf(script).some(canChange)
      return idle ? { message: 'empty', ...place } : undefined
    },
  },
})
