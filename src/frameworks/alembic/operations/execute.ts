import { describe } from '../python/value.js'
import { textSql } from '../sql/literal.js'
import { argumentsOf, parameters, sqlalchemyName } from '../translation.js'
import type { OperationSql } from './operation.js'

/** `op.execute` of a string or of `sa.text(…)`: the SQL is the author's own. */
export const execute: OperationSql = (call, translation) => {
  const order = ['sqltext', 'execution_options']
  const value = parameters(call, { order }, translation).value('sqltext')
  if (value === undefined) return [translation.problem('the SQL is missing')]
  const [written, extra] = sqlalchemyName(value) === 'text' ? argumentsOf(value).positional : [value]
  if (written?.kind !== 'string' || extra !== undefined) return [translation.problem(describe(written ?? value))]
  return [textSql(written.text, translation)]
}
