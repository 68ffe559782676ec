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
      'renamed without a word. The next call fails. The rehearsal has PostgreSQL check every body in SQL before and after up. Of ' +
      'bodies in PL/pgSQL it has each query planned, without running it, with variables of the types that they declare: a relation, ' +
      'column or function that is missing is reported, and nothing of text made at run time or of records whose type is not known.',
    instead:
      'Replace the function in the same migration, before what it no longer may use goes. Bodies written with BEGIN ATOMIC are ' +
      'known to PostgreSQL, which then refuses to drop what they need.',
    messages: {
      broken: 'Breaks the function {{function}}: {{message}}',
      created: 'The new body of the function {{function}} cannot run: {{message}}',
    },
  },
  check: {
    evidence({ brokenFunctions }, { migration, later }) {
      return brokenFunctions
        .filter(({ function: name }) => !later.some((other) => settles(other, name)))
        .filter(({ message, created }) => !created || !later.some((other) => speaksOf(other, missedIn(message))))
        .map(({ function: name, message, created }) => {
          const at = culpritOf(created ? nameOf(name) : missedIn(message), migration)
          return {
            message: created ? ('created' as const) : ('broken' as const),
            at,
            data: { function: name, message },
          }
        })
    },
  },
})

/** Whether a migration that comes with this one replaces or drops the function. */
function settles({ up }: ReviewedMigration, shown: string): boolean {
  const name = nameOf(shown)
  return operationsOf(up.script).some(
    (operation) =>
      (operation.kind === 'create-function' && keyOf(operation.function) === name) ||
      (operation.kind === 'drop-object' && keyOf(operation.name) === name),
  )
}

function nameOf(shown: string): string {
  return shown.slice(0, shown.indexOf('(')).replaceAll('"', '')
}

/** The name of what is not there, without its schema or table. */
function missedIn(message: string): string | undefined {
  const missed = /has no field "([^"]+)"|"([^"]+)"|\bcolumn (\S+) does not exist|\bfunction ([\w.]+)/
    .exec(message)
    ?.slice(1)
    .find(Boolean)
  return missed?.split('.').at(-1)
}

/** What is missing may come with a migration after this one. */
function speaksOf({ up: { script } }: ReviewedMigration, word: string | undefined): boolean {
  return script.kind === 'script' && word !== undefined && script.statements.some(({ sql }) => names(sql, word))
}

/** The last statement of up in which a name is. */
function culpritOf(name: string | undefined, { up: { script }, revision }: ReviewedMigration): Span {
  const word = name?.split('.').at(-1)
  const naming =
    script.kind === 'script' && word !== undefined
      ? script.statements.findLast(({ sql }) => names(sql, word))
      : undefined
  return naming?.span ?? firstChangeIn(script, startOf(revision.path))
}

function names(sql: string, word: string): boolean {
  return sql
    .toLowerCase()
    .split(/[^\w$]+/)
    .includes(word.toLowerCase())
}
