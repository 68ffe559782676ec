import { certaintyOf } from '../model/catalog.js'
import { quote, show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'type-change-rescans-check',
    code: 'C47',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A change of type that writes nothing anew still reads the whole table, because of a CHECK on the column',
    why:
      'Lengthening a varchar, or making it text, costs nothing by itself. A CHECK that mentions the column is proven again for every row ' +
      'all the same, under the ACCESS EXCLUSIVE that the change holds.',
    instead:
      'Drop the CHECK in the same statement as the change, add it again as NOT VALID, and validate it in a later migration, while reads ' +
      'and writes go on.',
    messages: {
      check: 'Changing the type of {{column}} proves check {{check}} for every row of {{table}} while all queries wait',
    },
  },
  check: {
    'set-column-type'({ table, column, type, span }, { catalog, effect }) {
      const scanned = effect.rewrites.length > 0 ? undefined : effect.scans[0]
      const known = scanned && catalog.table(scanned)
      const check = known?.constraints.find(
        (each) => each.type === 'check' && each.validated && each.columns.includes(column),
      )
      if (known === undefined || check === undefined) return
      const name = quote(check.name)
      const again = `ALTER TABLE ${quote(table)} ADD CONSTRAINT ${name} CHECK (${check.expression?.text ?? ''}) NOT VALID;`
      return {
        message: 'check',
        at: span,
        data: { column, check: check.name, table: show(known.name) },
        confidence: certaintyOf(catalog),
        table: known.name,
        ...(check.expression === null
          ? {}
          : {
              fix: [
                `ALTER TABLE ${quote(table)} DROP CONSTRAINT ${name}, ALTER COLUMN ${quote(column)} TYPE ${type.text};`,
                again,
                '-- in a later migration:',
                `ALTER TABLE ${quote(table)} VALIDATE CONSTRAINT ${name};`,
              ].join('\n'),
            }),
      }
    },
  },
})
