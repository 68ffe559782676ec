import type { Note } from '../model/note.js'
import type { Span } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'unresolved-placeholder',
    code: 'G26',
    family: 'failure',
    weight: 'error',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    summary: 'A placeholder is left in a script that the tool sends as it stands',
    why:
      'The tool fills in nothing: what is written for a template is sent to PostgreSQL with its braces, and is a syntax error ' +
      'there, or worse, text in a row.',
    instead: 'Write the value; or let the step that fills in templates write the file that is committed.',
    messages: { left: 'Nothing fills in {{text}}: {{tool}} sends it to PostgreSQL as it stands' },
  },
  check: {
    script(script, { conventions: { verbatim, tool } }) {
      if (script.kind !== 'script' || verbatim !== true) return
      return script.gaps.flatMap(({ foreign, at }) => {
        if (foreign?.kind !== 'placeholder' || at === null || isFilledIn(at, script.gaps)) return []
        return [{ message: 'left', at, data: { tool, text: foreign.text } } as const]
      })
    },
  },
})

/** Where the tool was told to fill in a line, a gap of its own says so. */
function isFilledIn(at: Span, gaps: readonly Note[]): boolean {
  return gaps.some(({ foreign, at: other }) => {
    if (foreign !== undefined || other === null) return false
    return other.start.line <= at.end.line && other.end.line >= at.start.line
  })
}
