import type { CreateTrigStmt, RuleStmt } from '@pgsql/types'
import type { Reader } from './reader.js'
import { spanOfAll } from './stretch.js'
import { qualified, relationName, strings } from './tree.js'

/** CREATE TRIGGER and CREATE CONSTRAINT TRIGGER. */
export const readCreateTrigger: Reader<CreateTrigStmt> = (statement, place) => [
  {
    kind: 'create-trigger',
    span: spanOfAll(place),
    table: relationName(statement.relation),
    name: statement.trigname ?? '',
    replace: statement.replace === true,
    row: statement.row === true,
    constraint: statement.isconstraint === true,
    function: qualified(strings(statement.funcname)),
  },
]

/** CREATE RULE. */
export const readCreateRule: Reader<RuleStmt> = ({ relation, rulename, replace }, place) => [
  {
    kind: 'create-rule',
    span: spanOfAll(place),
    table: relationName(relation),
    name: rulename ?? '',
    replace: replace === true,
  },
]
