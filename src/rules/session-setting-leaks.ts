import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'session-setting-leaks',
    code: 'G19',
    family: 'hygiene',
    weight: 'notice',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    summary: 'A setting of the session outlives the migration',
    why:
      'SET without LOCAL stays in force after COMMIT for as long as the connection lives, and tools run all pending migrations over one. ' +
      'The next ones then look up names elsewhere, act as another role, or run without foreign keys and triggers, and only where they ' +
      'happen to be applied together.',
    instead: 'Write SET LOCAL inside the transaction, or RESET the setting at the end of the script.',
    messages: { leaks: '{{name}} stays set for the migrations that follow on the same connection' },
  },
  check: {
    set({ name, value, local, span }, { script, statement, conventions }) {
      if (local || value === null || !LEAKS.has(name)) return
      // What goes on to the end of the session by the tool's own will is no leak.
      if (conventions.settings?.some((setting) => setting.name === name) === true) return
      const later = script.statements.slice(statement.index + 1).flatMap(({ operations }) => operations)
      const isUndone = later.some((each) => each.kind === 'set' && each.name === name && !each.local)
      if (isUndone || later.some((each) => each.kind === 'set' && each.name === 'all')) return
      return { message: 'leaks', at: span, data: { name } }
    },
  },
})

/** What changes the meaning of statements that follow; a timeout only makes them careful. */
const LEAKS: ReadonlySet<string> = new Set([
  'search_path',
  'role',
  'session_authorization',
  'session_replication_role',
  'row_security',
  'check_function_bodies',
  'default_tablespace',
  'default_table_access_method',
  'default_transaction_read_only',
  'standard_conforming_strings',
  'timezone',
])
