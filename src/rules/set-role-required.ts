import { canChange, firstChangeIn, operationsOf } from '../model/migration.js'
import { startOf } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'set-role-required',
    code: 'G22',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A script does not begin with the SET ROLE that the team agreed on',
    why:
      'What a migration creates belongs to the role that it runs as. Where each deployment, and each person, connects as another ' +
      'one, tables belong to whoever came by, and the next migration may not alter them.',
    instead: 'Begin the script with SET ROLE, and the name of the role that owns the schema.',
    messages: {
      none: 'The script does not begin with SET ROLE{{role}}',
      other: 'The script acts as {{found}} and not as{{role}}',
    },
  },
  defaults: {
    /** The role; while it is empty any will do. */
    role: '',
  },
  check: {
    script(script, { options, conventions, migration }) {
      if (script.kind !== 'script' || !operationsOf(script).some(canChange)) return
      const isRight = (value: string | null): boolean =>
        value !== null && (options.role === '' || value === options.role)
      if (conventions.settings?.some(({ name, value }) => name === 'role' && isRight(value)) === true) return
      const before = script.statements.flatMap(({ operations }) => operations)
      const first = before.findIndex(canChange)
      const chosen = before.slice(0, first).findLast((each) => each.kind === 'set' && each.name === 'role')
      const value = chosen?.kind === 'set' ? chosen.value : null
      if (isRight(value)) return
      const data = { role: options.role === '' ? '' : ` ${options.role}`, found: value ?? '' }
      const at = chosen?.span ?? firstChangeIn(script, startOf(migration.revision.path))
      return { message: value === null ? 'none' : 'other', at, data }
    },
  },
})
