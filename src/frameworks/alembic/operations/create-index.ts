import { INDEX, indexSql } from '../sql/index-sql.js'
import { operationParameters } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.create_index`. */
export const createIndex: OperationSql = (call, translation) => {
  const order = ['index_name', 'table_name', 'columns']
  const given = operationParameters(call, { table: 'table_name', order, keywords: INDEX }, translation)
  const columns = given.value('columns')
  if (columns?.kind !== 'list') return [translation.problem('the columns are not a known list')]
  return [indexSql(given.value('index_name'), given.target, columns.items, given, translation)]
}
