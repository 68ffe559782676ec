import { isOld, sureOf, type Catalog } from '../model/catalog.js'
import { addThenValidate } from '../model/constraint.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'add-foreign-key-validating',
    code: 'C19',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A foreign key is checked against all existing rows while writes to both tables wait',
    why:
      'ADD FOREIGN KEY looks up every row of the referencing table in the referenced one, and holds SHARE ROW EXCLUSIVE on both ' +
      'for as long as that takes: reads go on, writes to either table stop. Written on a new column that has a default, it does ' +
      'so under ACCESS EXCLUSIVE.',
    instead:
      'Add it as NOT VALID, which takes the locks for a moment only, and run VALIDATE CONSTRAINT in a later migration: that reads ' +
      'the rows while writes go on. PostgreSQL 17 and older refuse NOT VALID on a partitioned table: there, add the key to each ' +
      'partition this way first.',
    messages: {
      validate: 'Adding foreign key {{name}} reads all of {{table}} while writes to {{tables}} wait',
      column:
        'Adding column {{name}} with a default and a foreign key checks every row of {{table}} while all queries on it wait',
    },
  },
  check: {
    'add-constraint'({ table, constraint, span }, { catalog, postgres }) {
      if (constraint.type !== 'foreign-key' || !constraint.validated || !constraint.enforced) return
      const refusesNotValid = postgres < 18 && catalog.table(table)?.partitioned
      return {
        message: 'validate',
        at: span,
        data: {
          name: constraint.name ?? `on ${constraint.columns.join(', ')}`,
          table: show(table),
          tables: written(table, constraint.references, catalog),
        },
        confidence: sureOf(catalog, table),
        ...(refusesNotValid ? {} : { fix: addThenValidate(table, constraint) }),
      }
    },
    'add-column'({ table, column, span }, { effect }) {
      // A rewrite is another rule's finding, and without a default there is nothing to check.
      if (effect.rewrites.length > 0 || column.default === null || column.default.isNull) return
      if (!column.constraints.some(({ type, enforced }) => type === 'foreign-key' && enforced)) return
      return { message: 'column', at: span, data: { name: column.name, table: show(table) } }
    },
  },
})

/** The tables whose writers wait: a table that the pull request creates has none yet. */
function written(table: QualifiedName, references: QualifiedName, catalog: Catalog): string {
  const both = keyOf(references) !== keyOf(table) && isOld(catalog, references)
  return both ? `${show(table)} and ${show(references)}` : show(table)
}
