import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'enum-value-added',
    code: 'D26',
    family: 'compatibility',
    weight: 'off',
    confidence: 'possible',
    tables: 'any',
    directions: 'up',
    summary: 'An enum that existed before this pull request gets another value',
    why:
      'Code that is deployed knows the old values only. As soon as the new release writes the new one, the old release reads a label ' +
      'that its own enum does not have, and many languages then fail. The value cannot be taken away again. It is off by default, ' +
      'because adding a value is also what is recommended in place of worse changes.',
    instead:
      'First release code that tolerates an unknown label, then add the value, and only then release code that writes it.',
    messages: {
      added:
        'Enum {{type}} gets the value {{value}}: code that is deployed now does not know it, and it cannot be removed',
    },
  },
  check: {
    'add-enum-value'({ type, value, span }, { catalog }) {
      const known = catalog.enum(type)
      if ((known !== undefined && known.born !== 'base') || known?.values.includes(value)) return
      return { message: 'added', at: span, data: { type: show(type), value } }
    },
  },
})
