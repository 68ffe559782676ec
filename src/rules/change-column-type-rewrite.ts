import { sureOf } from '../model/catalog.js'
import { show } from '../model/names.js'
import { isNarrowing, isZoneChange } from '../model/type-change.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'change-column-type-rewrite',
    code: 'C46',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    once: 'statement',
    summary: 'A column changes its type in a way that rewrites the table',
    why:
      'Where the old and new type are not stored alike, every row is converted and the table and all its indexes are written anew ' +
      'under ACCESS EXCLUSIVE. Lengthening a varchar, varchar to text, raising the precision of a numeric and cidr to inet are ' +
      'free; integer to bigint, json to jsonb and anything from char(n) are not.',
    instead:
      'Add a column of the new type, keep both in step with a trigger, fill the old rows in batches, and swap the names in a later ' +
      'migration.',
    messages: {
      rewrite: 'Changing {{column}} from {{from}} to {{to}} rewrites {{table}} while every query on it waits',
      unknown: 'Changing {{column}} to {{to}} rewrites {{table}} while every query on it waits',
    },
  },
  check: {
    'set-column-type'({ table, column, type, using, span }, { catalog, effect }) {
      const from = catalog.column(table, column)?.type
      // What cuts, refuses or shifts values has rules of its own, with more at stake than the rewrite.
      if (effect.rewrites.length === 0 || (from && (isNarrowing(from, type) || isZoneChange(from, type, using)))) return
      return {
        message: from ? 'rewrite' : 'unknown',
        at: span,
        data: { column, table: show(table), from: from?.text ?? '', to: type.text },
        confidence: from ? sureOf(catalog, table) : 'likely',
      }
    },
  },
})
