import { keyOf, show, type QualifiedName } from '../model/names.js'
import { isRead } from '../model/migration.js'
import type { CatalogTable } from '../model/catalog.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'sequence-not-reset',
    code: 'F10',
    family: 'failure',
    weight: 'warning',
    confidence: 'likely',
    tables: 'any',
    directions: 'up',
    once: 'script',
    summary: 'Rows are inserted with numbers of their own, and the sequence does not know',
    why:
      'A serial or identity column takes its next number from a sequence that an explicit number does not move. The application’s next ' +
      'INSERTs then fail with duplicate keys, one for each number that is taken.',
    instead:
      'Set the sequence after the INSERT: `SELECT setval(pg_get_serial_sequence(…), max(id)) FROM …`. Or leave the column out.',
    messages: { behind: 'Rows go into {{table}} with their own {{column}}, and its sequence still begins before them' },
  },
  check: {
    insert({ table, columns, source, span }, { catalog, script, pull, statement }) {
      const known = catalog.table(table)
      const column = known?.columns.find(({ name }) => columns?.includes(name) === true && isNumbered(known, name))
      if (source === 'default' || known === undefined || column === undefined || !isRead(script)) return
      const later = [
        ...script.statements.slice(statement.index),
        ...pull.flatMap(({ up }) => (isRead(up) && up.kind === 'script' && up !== script ? up.statements : [])),
      ]
      if (later.some(({ sql }) => movesSequence(sql, known.name))) return
      return {
        message: 'behind',
        at: span,
        data: { table: show(table), column: column.name },
        fix: `SELECT setval(pg_get_serial_sequence('${keyOf(known.name)}', '${column.name}'), max(${column.name})) FROM ${show(known.name)};`,
      }
    },
  },
})

/** Whether a column gets its numbers from a sequence that was made for it. */
function isNumbered({ columns }: CatalogTable, name: string): boolean {
  const column = columns.find((each) => each.name === name)
  return column !== undefined && (column.identity !== null || /^nextval\(/i.test(column.default?.text ?? ''))
}

function movesSequence(sql: string, table: QualifiedName): boolean {
  return /\bsetval\b|\brestart\b/i.test(sql) && sql.includes(table.name)
}
