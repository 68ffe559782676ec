import { MEMBERS } from '../enum-class.js'
import type { Entry, Value } from '../python/value.js'
import { argumentsOf, type Translation } from '../translation.js'
import { NO_TYPE, OTHER, typeOfSql, type DataType } from './data-type.js'
import { itemType, typeSql } from './type.js'

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
  const members = membersOf(value)
  return members === null ? typeOfSql(sql) : withMembers(typeOfSql(sql), members)
}

/** The members of the class that an enum, or an array of one, is made from; null where there is none. */
function membersOf(value: Value): readonly Entry[] | null {
  const members = argumentsOf(itemType(value)).keywords.get(MEMBERS)
  return members?.kind === 'dict' ? members.entries : null
}

function withMembers(type: DataType, members: readonly Entry[]): DataType {
  return type.item === null ? { ...type, members } : { ...type, item: withMembers(type.item, members) }
}
