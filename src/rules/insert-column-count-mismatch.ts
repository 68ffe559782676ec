import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'insert-column-count-mismatch',
    code: 'F33',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'An INSERT has more or fewer values than columns',
    why:
      'PostgreSQL counts before it runs the statement: a row with another number of values than there are columns is refused, and ' +
      'so are rows of different lengths. Without a list of columns there may be fewer values than the table has columns, and ' +
      'never more.',
    instead: 'Give every row one value for each column that is named, and name the columns.',
    messages: {
      named: 'The INSERT into {{table}} names {{columns}} columns and gives {{values}} values',
      unnamed: 'The INSERT gives {{values}} values, and {{table}} has {{columns}} columns',
      uneven: 'The rows of the INSERT into {{table}} have different numbers of values: {{values}}',
    },
  },
  check: {
    insert({ table, columns, source, widths, span }, { catalog }) {
      const at = { at: span }
      if (source === 'values' && widths.length > 1) {
        return { message: 'uneven', ...at, data: { table: show(table), values: widths.join(' and ') } }
      }
      const [values] = widths
      if (values === undefined) return
      if (columns !== null) {
        if (columns.length === values) return
        return { message: 'named', ...at, data: { table: show(table), columns: columns.length, values } }
      }
      const known = catalog.table(table)
      if (!catalog.complete || known?.complete !== true || values <= known.columns.length) return
      return { message: 'unnamed', ...at, data: { table: show(table), columns: known.columns.length, values } }
    },
  },
})
