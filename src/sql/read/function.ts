import type { AlterFunctionStmt, CallStmt, CreateFunctionStmt, FunctionParameterMode } from '@pgsql/types'
import type { CreateFunction, FunctionParameter } from '../../model/operations/object.js'
import type { StatementPlace } from '../tokens.js'
import { typeName } from '../type-name.js'
import { isOn, option, optionText } from './definition.js'
import type { Reader } from './reader.js'
import { findWord, spanOfAll, textOf, wholeOf } from './stretch.js'
import { all, as, qualified, strings } from './tree.js'

const MODES: Readonly<Record<FunctionParameterMode, FunctionParameter['mode']>> = {
  FUNC_PARAM_IN: 'in',
  FUNC_PARAM_DEFAULT: 'in',
  FUNC_PARAM_OUT: 'out',
  FUNC_PARAM_INOUT: 'inout',
  FUNC_PARAM_VARIADIC: 'variadic',
  FUNC_PARAM_TABLE: 'table',
}

/** CREATE FUNCTION and CREATE PROCEDURE. */
export const readCreateFunction: Reader<CreateFunctionStmt> = (statement, place) => {
  const { funcname, parameters, returnType, options, is_procedure, replace } = statement
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
      parameters: all('FunctionParameter', parameters).map((parameter) => ({
        name: parameter.name ?? '',
        mode: MODES[parameter.mode ?? 'FUNC_PARAM_DEFAULT'],
        type: typeName(parameter.argType),
        default: parameter.defexpr !== undefined,
      })),
      returns: returnType === undefined ? null : { type: typeName(returnType), set: returnType.setof === true },
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
