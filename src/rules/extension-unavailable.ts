import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'extension-unavailable',
    code: 'F36',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'An extension is created that the servers of this team do not offer',
    why:
      'CREATE EXTENSION needs files on the server and often a role that may install it. Hosted PostgreSQL offers a list of its ' +
      'own, which is another one at each provider: the migration runs on every laptop and in CI, and fails in production alone.',
    instead: 'Ask whoever runs the database, and put the extension on the list when it is there.',
    messages: { unlisted: 'Extension {{extension}} is not among those that the policy lists as available' },
  },
  defaults: {
    /** Names of the extensions that production has; while it is empty nothing is known, and nothing said. */
    available: [] as readonly string[],
  },
  check: {
    'create-extension'({ extension, span }, { options }) {
      const { available } = options
      if (available.length === 0 || available.includes(extension)) return
      return { message: 'unlisted', at: span, data: { extension } }
    },
  },
})
