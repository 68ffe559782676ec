import { editsOf } from '../model/change.js'
import { beginOf, hasUpIn, labelOf, stopsOver } from '../model/migration.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'edited-applied-migration-comments-only',
    code: 'A3',
    family: 'history',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'An applied migration changes without changing the SQL that it sends',
    why:
      'A reworded comment or a tidied line does no harm where the tool remembers only the version. Where it hashes the bytes of the ' +
      'file, it is as fatal as other SQL: every database that ran the old bytes refuses the next run. There the finding is an error.',
    instead:
      'Restore the file byte for byte where the tool hashes it; elsewhere, keep such edits out of pull requests that deploy.',
    messages: {
      hashedComments:
        'Only comments or white space of applied migration {{path}} change, but {{tool}} hashes the whole file and stops on every database that ran the old bytes',
      hashedSql:
        'Applied migration {{path}} is rewritten to send the same SQL, but {{tool}} hashes the whole file and stops on every database that ran the old bytes',
      told: 'Applied migration {{path}} changes without changing the SQL that it sends: {{reaction}}',
      comments:
        'Only comments or white space of applied migration {{path}} change; {{tool}} keeps no hash and runs nothing again',
      summed:
        'Applied migration {{path}} still sends the same SQL, but {{tool}} takes its checksum of the text with its comments, and stops on every database that ran the old text',
      unnoticed:
        'Applied migration {{path}} changes in a part of which {{tool}} takes no checksum; it runs nothing again',
      sql: 'Applied migration {{path}} is rewritten to send the same SQL; {{tool}} keeps no hash and runs nothing again',
    },
  },
  check: {
    history(changes, { conventions }) {
      return editsOf(changes)
        .filter(({ up }) => up === 'comments' || up === 'same-sql')
        .map(({ base, head, up, at }) => {
          const [first = beginOf(head), ...related] = at.filter(({ path }) => hasUpIn(head, path))
          const { rewritten } = conventions.reactions
          const data = { path: labelOf(head), tool: conventions.tool, reaction: rewritten ?? '' }
          const place = { at: first, related, data }
          if (rewritten !== undefined) return { message: 'told', ...place }
          if (!conventions.hashesFiles) return { message: up === 'comments' ? 'comments' : 'sql', ...place }
          if (!stopsOver(conventions, base, head)) return { message: 'unnoticed', ...place }
          if (head.within !== undefined) return { message: 'summed', weight: 'error', ...place }
          return { message: up === 'comments' ? 'hashedComments' : 'hashedSql', weight: 'error', ...place }
        })
    },
  },
})
