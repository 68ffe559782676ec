import type { AlterFunctionStmt, CallStmt, CreateFunctionStmt } from '@pgsql/types'
import type { CreateFunction } from '../../model/operations/object.js'
import type { StatementPlace } from '../tokens.js'
import { typeName } from '../type-name.js'
import { isOn, option, optionText } from './definition.js'
import type { Reader } from './reader.js'
import { findWord, spanOfAll, textOf, wholeOf } from './stretch.js'
import { all, as, qualified, strings } from './tree.js'

/** CREATE FUNCTION and CREATE PROCEDURE. */
export const readCreateFunction: Reader<CreateFunctionStmt> = (statement, place) => {
  const { funcname, parameters, options, is_procedure, replace } = statement
  return [
    {
      kind: 'create-function',
      span: spanOfAll(place),
      function: qualified(strings(funcname)),
      procedure: is_procedure === true,
      replace: replace === true,
      arguments: all('FunctionParameter', parameters)
        .filter(({ mode }) => mode !== 'FUNC_PARAM_OUT' && mode !== 'FUNC_PARAM_TABLE')
        .map(({ argType }) => typeName(argType).text),
      language: optionText(option(options, 'language')) ?? 'sql',
      volatility: volatilityOf(optionText(option(options, 'volatility'))),
      securityDefiner: isOn(options, 'security'),
      body: bodyOf(statement, place),
    },
  ]
}

/** ALTER FUNCTION and ALTER PROCEDURE. */
export const readAlterFunction: Reader<AlterFunctionStmt> = ({ func }, place) => [
  { kind: 'alter-function', span: spanOfAll(place), function: qualified(strings(func?.objname)) },
]

/** CALL. */
export const readCall: Reader<CallStmt> = ({ funccall }, place) => [
  { kind: 'call', span: spanOfAll(place), procedure: qualified(strings(funccall?.funcname)) },
]

function volatilityOf(word: string | null): CreateFunction['volatility'] {
  return word === 'immutable' || word === 'stable' ? word : 'volatile'
}

/** The quoted body, or the one in plain SQL (`RETURN …`, `BEGIN ATOMIC … END`); a library's name is no body. */
function bodyOf({ options, sql_body }: CreateFunctionStmt, place: StatementPlace): string | null {
  const quoted = strings(as('List', option(options, 'as')?.arg)?.items)
  if (quoted.length === 1 && !/^(c|internal)$/i.test(optionText(option(options, 'language')) ?? ''))
    return quoted[0] ?? null
  const from = sql_body === undefined ? -1 : findWord(place, wholeOf(place), 'return', 'begin')
  return from < 0 ? null : textOf(place, { from, to: place.tokens.length })
}
