import { firstChangeIn, operationsOf } from '../model/migration.js'
import { keyOf } from '../model/names.js'
import type { ReviewedMigration } from '../model/review.js'
import { startOf, type Span } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'function-body-broken',
    code: 'F39',
    family: 'compatibility',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'The body of a function no longer fits the schema after this migration',
    why:
      'PostgreSQL keeps the body of a function as text and does not remember what it names: a column that it reads can be dropped or ' +
      'renamed without a word. The next call fails. The rehearsal has PostgreSQL check every body in SQL before and after up; ' +
      'bodies in PL/pgSQL are resolved only while they run and are not looked at.',
    instead:
      'Replace the function in the same migration, before what it no longer may use goes. Bodies written with BEGIN ATOMIC are ' +
      'known to PostgreSQL, which then refuses to drop what they need.',
    messages: { broken: 'Breaks the function {{function}}: {{message}}' },
  },
  check: {
    evidence({ brokenFunctions }, { migration, later }) {
      return brokenFunctions
        .filter(({ function: name }) => !later.some((other) => settles(other, name)))
        .map((broken) => {
          const data = { function: broken.function, message: broken.message }
          return { message: 'broken' as const, at: culpritOf(broken.message, migration), data }
        })
    },
  },
})

/** Whether a migration that comes with this one replaces or drops the function. */
function settles({ up }: ReviewedMigration, shown: string): boolean {
  const name = shown.slice(0, shown.indexOf('(')).replaceAll('"', '')
  return operationsOf(up.script).some(
    (operation) =>
      (operation.kind === 'create-function' && keyOf(operation.function) === name) ||
      (operation.kind === 'drop-object' && keyOf(operation.name) === name),
  )
}

/** The last statement of up that names what the function misses. */
function culpritOf(message: string, { up: { script }, revision }: ReviewedMigration): Span {
  const missed = /"([^"]+)"|\bcolumn (\S+) does not exist|\bfunction (\w+)/.exec(message)?.slice(1).find(Boolean)
  const word = missed?.split('.').at(-1)
  const naming =
    script.kind === 'script' && word !== undefined
      ? script.statements.findLast(({ sql }) =>
          sql
            .toLowerCase()
            .split(/[^\w$]+/)
            .includes(word.toLowerCase()),
        )
      : undefined
  return naming?.span ?? firstChangeIn(script, startOf(revision.path))
}
