import { canChange, isRead, operationsOf, type Script } from '../model/migration.js'
import { startOf, type Span } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'empty-migration',
    code: 'A16',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'The up script of a migration does nothing',
    why:
      'The tool marks the version as applied, and whatever was meant to be in the file can no longer be put there: it would be an ' +
      'edit of an applied migration. Such files are left by generators and converters that found nothing to write. A revision that ' +
      'only merges two heads is empty by nature and not meant. Where revisions that say `pass` are usual, to hold a place in the graph ' +
      'or in place of one that was taken back, it is a warning. One that is empty on purpose says so in its own text, with a comment ' +
      'that allows this finding.',
    instead: 'Write the change into the file, or leave the file out.',
    messages: {
      empty: 'Migration {{path}} holds no statement to run: {{tool}} marks it as applied and nothing happens',
      idle: 'Migration {{path}} changes nothing: {{tool}} marks it as applied and the database stays as it is',
      absent: 'Migration {{path}} has no up script: there is nothing for {{tool}} to run',
    },
  },
  check: {
    script(script, { migration, conventions }) {
      const { path, parents } = migration.revision
      if (parents.length > 1) return
      const place = { at: everything(script, path), data: { path, tool: conventions.tool } }
      if (script.kind === 'absent') return { message: 'absent', ...place }
      if (!isRead(script)) return
      if (script.kind === 'script' && script.statements.length === 0) {
        const problem = { message: 'empty', ...place } as const
        return conventions.placeholders === true ? { ...problem, weight: 'warning' } : problem
      }
      const idle = !operationsOf(script).some(canChange)
      return idle ? { message: 'idle', ...place, weight: 'warning' } : undefined
    },
  },
})

/** From the first comment to the last, so that an allowance anywhere in the file is at its place. */
function everything(script: Script, path: string): Span {
  const { start, end } = startOf(path)
  const comments = script.kind === 'script' ? script.comments.filter(({ span }) => span.path === path) : []
  return { path, start, end: comments.at(-1)?.span.end ?? end }
}
