import { remarksOf, type RemarkKind } from '../model/migration.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'side-effect-on-load',
    code: 'L21',
    family: 'security',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A migration file does something as soon as it is loaded',
    why:
      'The tool loads every file of the history to find their order: for each upgrade, but also to list the history or to make ' +
      'the next revision. What stands outside of the functions is done each time, by everybody, on laptops, in tests and in ' +
      'production, whether or not the migration was applied long ago, and no downgrade takes it back.',
    instead: 'Move it into the function for the direction that needs it, or out of the migration.',
    messages: {
      reaches: '{{what}} is called whenever any command loads this file',
      sends: 'This sends SQL whenever any command loads this file, not when the migration is run: {{what}}',
    },
  },
  check: {
    script(script) {
      return remarksOf(script).flatMap(({ kind, what, at, when, by }): Problem<'reaches' | 'sends'>[] => {
        const message = when === 'loading' ? MESSAGES.get(kind) : undefined
        if (message === undefined) return []
        const data = { what: what.replace(/\s+/g, ' ').slice(0, 60) }
        // An application that sets itself up when it is imported, such as its log, does so everywhere.
        return [{ message, at, data, ...(by === 'application' ? { weight: 'notice' } : {}) }]
      })
    },
  },
})

/** Code that is made at run time has a rule of its own, whenever it runs. */
const MESSAGES: ReadonlyMap<RemarkKind, 'reaches' | 'sends'> = new Map([
  ['reaches-out', 'reaches'],
  ['waits', 'reaches'],
  ['sends-sql', 'sends'],
])
