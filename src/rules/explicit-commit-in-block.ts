import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'explicit-commit-in-block',
    code: 'G7',
    family: 'transaction',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A DO block commits inside a transaction',
    why:
      'COMMIT and ROLLBACK in a DO block are allowed only where no transaction is open around it; inside one PostgreSQL stops with ' +
      '“invalid transaction termination” (https://www.postgresql.org/docs/current/plpgsql-transactions.html). A back-fill in batches ' +
      'works by hand in psql and fails in the tool.',
    instead: 'Run the migration outside a transaction, with the directive that this tool has for it.',
    messages: { inside: 'The DO block commits, and {{tool}} runs it inside a transaction: PostgreSQL refuses' },
  },
  check: {
    do({ language, body, span }, { session, conventions }) {
      if (!session.inTransaction || language !== 'plpgsql') return
      if (!COMMITS.test(body.replace(QUOTED, ' '))) return
      return { message: 'inside', at: span, data: { tool: conventions.tool } }
    },
  },
})

/** Comments and strings of a body, in which a word is no statement. */
const QUOTED = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g
const COMMITS = /(^|;|\bloop|\bbegin|\bthen|\belse)\s*(commit|rollback)\s*(and\s+(no\s+)?chain\s*)?;/i
