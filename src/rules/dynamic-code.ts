import { remarksOf } from '../model/migration.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'dynamic-code',
    code: 'L22',
    family: 'security',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A migration runs code that is made or found at run time',
    why:
      'A migration runs with the rights of a schema’s owner and next to the secrets of the deployment. What `exec`, `eval`, ' +
      '`compile`, `__import__`, `importlib` or `pickle` will run is not in the file: neither a reviewer nor any tool can say what it ' +
      'does, and it can do another thing on every server.',
    instead: 'Write out the calls, and import modules by their names at the top of the file.',
    messages: {
      here: '{{what}} runs code that does not stand in this migration: nobody can review what it does',
      elsewhere: 'What is called here reaches {{what}}, which runs code that is only found at run time',
    },
  },
  check: {
    script(script) {
      return remarksOf(script).flatMap(({ kind, what, at, by }): Problem<'here' | 'elsewhere'>[] => {
        const data = { what: what.replace(/^builtins\./, '') }
        if (kind !== 'runs-code') return []
        return [by === 'itself' ? { message: 'here', at, data } : { message: 'elsewhere', at, data, weight: 'notice' }]
      })
    },
  },
})
