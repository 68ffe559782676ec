import type { Value } from '../python/value.js'
import type { Translation } from '../translation.js'
import { NO_TYPE, OTHER, typeOfSql, type DataType } from './data-type.js'
import { typeSql } from './type.js'

/** Reads a type such as `sa.Integer()`. One that is not known is no problem until a value of it is to be written. */
export function dataType(value: Value | undefined, translation: Translation): DataType {
  if (value === undefined) return NO_TYPE
  const problems: string[] = []
  const sql = typeSql(value, null, {
    ...translation,
    problem: (reason) => {
      problems.push(reason)
      return ''
    },
  })
  if (problems[0] !== undefined) return { ...OTHER, unknown: problems[0] }
  return typeOfSql(sql)
}
