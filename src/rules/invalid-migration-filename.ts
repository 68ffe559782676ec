import { startOf } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'invalid-migration-filename',
    code: 'A14',
    family: 'history',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A new file in the migrations folder has a name that the tool does not pick up',
    why:
      'The tool takes the files whose names fit its pattern and says nothing of the others. The migration looks merged and is never ' +
      'applied, on any database. Some tools load every file and stop at the first that is no migration. Files that the base branch already has are left alone.',
    instead: 'Rename the file to the pattern, or move it out of the migrations folder when it is no migration.',
    messages: {
      stray: '{{path}} is never applied: {{reason}} (names that {{tool}} picks up look like {{pattern}})',
      stops: '{{tool}} stops at {{path}} and applies nothing: {{reason}}',
    },
  },
  check: {
    history({ base, head }, { conventions }) {
      const old = new Set(base.strays.map(({ path }) => path))
      return head.strays
        .filter(({ path }) => !old.has(path))
        .map(({ path, reason, stops }) => ({
          message: stops ? 'stops' : 'stray',
          at: startOf(path),
          data: { path, reason, tool: conventions.tool, pattern: conventions.filePattern },
        }))
    },
  },
})
