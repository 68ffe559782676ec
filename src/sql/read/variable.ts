import type { Node, VariableSetStmt } from '@pgsql/types'
import type { SetVariable } from '../../model/operations/data.js'
import { literal } from '../expression.js'
import type { StatementPlace } from '../tokens.js'
import type { Reader } from './reader.js'
import { spanOfAll, textOf, wholeOf, findWord } from './stretch.js'
import { all, as } from './tree.js'

/** SET and RESET; SET TRANSACTION sets one variable for each of its modes. */
export const readSetVariable: Reader<VariableSetStmt> = (statement, place) => {
  const span = spanOfAll(place)
  const set = (name: string, value: string | null, local: boolean): SetVariable => ({
    kind: 'set',
    span,
    name,
    value,
    local,
  })
  const { args, is_local } = statement
  const name = (statement.name ?? 'all').toLowerCase()
  switch (statement.kind) {
    case 'VAR_SET_MULTI': {
      const session = name === 'session characteristics'
      if (name === 'transaction snapshot') return [set('transaction_snapshot', literal(args?.[0]), true)]
      return all('DefElem', args).map(({ defname = '', arg }) =>
        set(session ? `default_${defname}` : defname, literal(arg), !session),
      )
    }
    case 'VAR_RESET':
    case 'VAR_RESET_ALL':
    case 'VAR_SET_DEFAULT':
    case 'VAR_SET_CURRENT':
      return [set(name, null, is_local === true)]
    default:
      return [set(name, (args ?? []).map((arg) => valueOf(arg, place)).join(', '), is_local === true)]
  }
}

function valueOf(arg: Node, place: StatementPlace): string {
  // SET TIME ZONE takes an interval, whose fields a literal alone would lose.
  if (as('TypeCast', arg) === undefined) return literal(arg) ?? ''
  const zone = findWord(place, wholeOf(place), 'zone')
  return textOf(place, { from: zone + 1, to: place.tokens.length })
}
