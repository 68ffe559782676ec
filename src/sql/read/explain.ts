import type { ExplainStmt } from '@pgsql/types'
import { readsIn } from '../expression.js'
import { isOn } from './definition.js'
import type { Reader } from './reader.js'
import { findWord, inside, spanOfAll, wholeOf } from './stretch.js'

const VERBS = [
  'select',
  'insert',
  'update',
  'delete',
  'merge',
  'values',
  'with',
  'create',
  'refresh',
  'declare',
  'execute',
]

/** EXPLAIN only plans, and then does no more than look at tables; with ANALYZE it does what the statement does. */
export const readExplain: Reader<ExplainStmt> = ({ query, options }, place, read) => {
  if (!isOn(options, 'analyze')) {
    return [{ kind: 'select', span: spanOfAll(place), functions: [], reads: readsIn(query) }]
  }
  const whole = wholeOf(place)
  const from = findWord(place, whole, ...VERBS)
  return read(query, from < 0 ? place : inside(place, { from, to: whole.to }))
}
