import { certaintyOf, isOld } from '../model/catalog.js'
import { keyOf, quote, show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'drop-table-multiple-fks',
    code: 'C23',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    once: 'script',
    summary: 'A dropped table has foreign keys to several others, and all of them are locked at once',
    why:
      'DROP TABLE removes the table’s foreign keys, and takes ACCESS EXCLUSIVE on every table that they point to. While it waits for the ' +
      'next of them, those that it has are closed to every query; a transaction that uses two of them in another order is a deadlock.',
    instead:
      'Drop the foreign keys first, one a migration and each with a lock_timeout of a few seconds; the table, which points to nothing ' +
      'any more, afterwards.',
    messages: {
      drop: 'Dropping {{table}} stops every query on {{others}} at once, and nothing limits the wait for them',
    },
  },
  check: {
    'drop-table'({ table, span }, { catalog, session }) {
      if (session.lockTimeout !== null) return
      const keys = (catalog.table(table)?.constraints ?? []).flatMap(({ name, references }) =>
        references !== null && isOld(catalog, references.table) && keyOf(references.table) !== keyOf(table)
          ? [{ name, other: references.table }]
          : [],
      )
      const others = [...new Map(keys.map(({ other }) => [keyOf(other), show(other)])).values()]
      if (others.length < 2) return
      const drops = keys.map(({ name }) => `ALTER TABLE ${quote(table)} DROP CONSTRAINT ${quote(name)};`)
      return {
        message: 'drop',
        at: span,
        data: { table: show(table), others: `${others.slice(0, -1).join(', ')} and ${others.at(-1) ?? ''}` },
        confidence: certaintyOf(catalog),
        fix: [...drops, '-- each in a migration of its own, then:', `DROP TABLE ${quote(table)};`].join('\n'),
      }
    },
  },
})
