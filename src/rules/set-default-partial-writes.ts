import { columnIsNew } from '../model/catalog.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'set-default-partial-writes',
    code: 'D14',
    family: 'compatibility',
    weight: 'notice',
    confidence: 'possible',
    tables: 'existing',
    directions: 'up',
    summary: 'The DEFAULT of a column that existed before this pull request becomes another one',
    why:
      'Code that leaves the column out of its INSERT stores the new value from the moment of the commit, while it was written for the ' +
      'old one. Worse are object mappers that write only what differs from the default that they read at their start: they leave ' +
      'out the old default as if it went without saying, and the row gets the new one. Values like now() or a generated key, which ' +
      'nobody can have relied on, are not meant.',
    instead:
      'Let a release write the column in every INSERT, or turn partial writes off, before the default changes. It is a notice, ' +
      'because most code writes all columns.',
    messages: {
      changed:
        'Changes the DEFAULT of {{column}} in {{table}} from {{from}} to {{to}}: deployed code that leaves it out means the old one',
    },
  },
  check: {
    'set-default'({ table, column, default: value, span }, { catalog }) {
      const before = catalog.column(table, column)?.default
      if (!before || columnIsNew(catalog, table, column) || !before.constant || !value.constant) return
      const [from, to] = [bare(before.text), bare(value.text)]
      if (from === to) return
      return { message: 'changed', at: span, data: { table: show(table), column, from, to } }
    },
  },
})

/** The value without a cast around it: PostgreSQL's own texts have one where the author wrote none. */
function bare(text: string): string {
  return text.replace(/::[\w ."]+(\(\d+(,\s*\d+)?\))?(\[\])*$/, '').trim()
}
