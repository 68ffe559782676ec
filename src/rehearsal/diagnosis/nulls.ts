import { quote } from '../../model/names.js'
import { because, beforehand, parts, rowsOf, type Explain } from './failing.js'
import { called, relationOf } from './relation.js'
import { look, NOT_SEEN, telling } from './seen-rows.js'

/** A column that allows no NULL and has some: a new one that nothing fills, or one that was empty in places. */
export const nulls: Explain = async (failing, session) => {
  const { message } = failing.failure
  const { operations } = failing.statement
  const [column, relation] = parts(message, /column "(.+)" of relation "(.+?)" (?:contains|violates) /s) ?? []
  if (column === undefined || relation === undefined) return null
  const table = operations.flatMap((each) => ('table' in each && each.table !== null ? [each.table] : []))[0]
  const written = table?.name === relation ? table : relation
  const found = await relationOf(session, written)
  const name = called(found, written)
  const key = quote(column)
  if (!message.includes(' contains null values')) {
    return because(`the statement writes no value into ${column} of ${name}, which must have one`)
  }
  if (operations.some((each) => each.kind === 'add-column' && each.column.name === column)) {
    const { total } = found === null ? NOT_SEEN : await look(session, ['1'], `FROM ${found.name}`)
    const rows =
      total === null || total === 0 ? 'there are rows' : `there ${total === 1 ? 'is 1 row' : `are ${total} rows`}`
    return because(`${rows} in ${name}, and the new column ${column} has no value for them`, {
      remedy: 'add the column with a default, or without NOT NULL, fill it, and set NOT NULL in a later migration',
      total,
      query: `SELECT count(*) FROM ${name}`,
    })
  }
  const where = `WHERE ${key} IS NULL`
  const seen =
    found === null ? NOT_SEEN : await look(session, telling(found, [key]), `FROM ${found.name} ${where}`, found.key)
  const byDefault = found?.columns.some((each) => each.name === key && each.hasDefault) ?? false
  return because(`${rowsOf(seen.total)} of ${name} ${seen.total === 1 ? 'has' : 'have'} no value in ${column}`, {
    remedy: `give these rows a value ${beforehand(failing)}`,
    ...seen,
    query: `SELECT * FROM ${name} ${where}`,
    cleanup: `UPDATE ${name} SET ${key} = ${byDefault ? 'DEFAULT' : '<value>'} ${where}`,
  })
}
