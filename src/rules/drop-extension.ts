import { bornOf } from '../model/catalog.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'drop-extension',
    code: 'B24',
    family: 'data-loss',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'An extension that existed before this pull request is dropped or changed',
    why:
      'Its functions, types and operators go with it. PostgreSQL refuses while columns, indexes or views need them, and does not know ' +
      'what deployed code and functions with a text body call. Other applications of the same database may use it too. ALTER ' +
      'EXTENSION … UPDATE goes to whichever version the server happens to have, which differs between environments, and may change ' +
      'what functions return. With CASCADE `drop-cascade` speaks instead.',
    instead:
      'Look for what uses it in every environment first, and leave one that does no harm. When updating, name the version.',
    messages: {
      dropped: 'Drops extension {{extension}}: deployed code that uses its functions or types fails',
      changed:
        'Changes extension {{extension}}: what its functions do may differ from then on, and between environments',
    },
  },
  check: {
    'drop-object'({ object, name, cascade, ifExists, span }, { catalog }) {
      if (object !== 'extension' || cascade) return
      const born = bornOf(catalog, 'extension', name)
      if ((born !== 'base' && born !== 'unknown') || (born === 'unknown' && (ifExists || catalog.complete))) return
      return { message: 'dropped', at: span, data: { extension: name.name } }
    },
    'alter-extension'({ extension, span }, { catalog }) {
      const born = bornOf(catalog, 'extension', { schema: '', name: extension })
      if (born !== 'base' && born !== 'unknown') return
      return { message: 'changed', at: span, data: { extension }, weight: 'notice' }
    },
  },
})
