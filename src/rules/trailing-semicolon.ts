import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'trailing-semicolon',
    code: 'G27',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'The last statement of a script has no semicolon',
    why:
      'Most tools do without it. Where files are put together, by a tool, by hand or into a dump, the statement runs into the next one, ' +
      'and psql does not send it at all when it reads it from its input.',
    instead: 'End every statement with a semicolon.',
    messages: { missing: 'No semicolon ends the last statement' },
  },
  check: {
    script(script) {
      if (script.kind !== 'script' || script.unended === undefined) return
      return { message: 'missing', at: script.unended }
    },
  },
})
