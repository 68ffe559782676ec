import { remarksOf } from '../model/migration.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'sql-from-unknown-values',
    code: 'H34',
    family: 'security',
    weight: 'warning',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    summary: 'SQL is put together from a value that is only known at run time',
    why:
      'A quote in the value ends the text that was meant to hold it, and what follows is read as SQL: with the rights of the ' +
      'schema’s owner. Names with an apostrophe are enough to make it fail, and whoever can write such a value into a row can make ' +
      'the migration run anything. What comes from settings is seldom hostile, but makes another migration of it on every server.',
    instead:
      'Hand values over beside the SQL, as parameters: `op.get_bind().execute(sa.text("… = :name"), {"name": name})`. Write names of ' +
      'tables and columns out, and constants into the migration.',
    messages: {
      unknown: 'This SQL is put together from a value that only the run will tell: {{what}}',
      setting: 'This SQL is put together from a setting, so that each server may get another: {{what}}',
    },
  },
  check: {
    script(script) {
      const remarks = remarksOf(script)
      const unknown = remarks.filter(({ kind }) => kind === 'composes-sql')
      // One setting is most often used all over the file.
      const setting = remarks.filter(({ kind }) => kind === 'composes-sql-from-settings').slice(0, 1)
      return [
        ...unknown.map(({ what, at }) => ({ message: 'unknown', at, data: { what } }) as const),
        ...setting.map(({ what, at }) => ({ message: 'setting', at, data: { what }, weight: 'notice' }) as const),
      ]
    },
  },
})
