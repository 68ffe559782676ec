import type { AlterDomainStmt, CreateDomainStmt } from '@pgsql/types'
import type { AlterDomain } from '../../model/operations/object.js'
import { typeName } from '../type-name.js'
import { columnDefinition } from './column.js'
import type { Reader } from './reader.js'
import { spanOfAll, wholeOf } from './stretch.js'
import { as, qualified, strings } from './tree.js'

/** CREATE DOMAIN; its clauses are written as those of a column. */
export const readCreateDomain: Reader<CreateDomainStmt> = (statement, place) => {
  const { domainname, typeName: type, constraints } = statement
  const column = columnDefinition({ ...(constraints && { constraints }) }, place, wholeOf(place))
  return [
    {
      kind: 'create-domain',
      span: spanOfAll(place),
      domain: qualified(strings(domainname)),
      type: typeName(type),
      notNull: column.notNull,
      default: column.default,
      checks: column.constraints.flatMap((each) =>
        each.type === 'check' ? [{ name: each.name, expression: each.expression }] : [],
      ),
    },
  ]
}

/** ALTER DOMAIN. */
export const readAlterDomain: Reader<AlterDomainStmt> = (statement, place) => {
  const span = spanOfAll(place)
  const action = actionOf(statement)
  if (action === null) return [{ kind: 'unmodelled', span, node: `AlterDomainStmt ${statement.subtype ?? ''}` }]
  return [{ kind: 'alter-domain', span, domain: qualified(strings(statement.typeName)), action }]
}

/** The letters are PostgreSQL's own. */
function actionOf({ subtype, def, name = '' }: AlterDomainStmt): AlterDomain['action'] | null {
  switch (subtype) {
    case 'T':
      return { type: def === undefined ? 'drop-default' : 'set-default' }
    case 'N':
      return { type: 'drop-not-null' }
    case 'O':
      return { type: 'set-not-null' }
    case 'C': {
      const constraint = as('Constraint', def)
      const validated = constraint?.skip_validation !== true
      return { type: 'add-constraint', name: constraint?.conname ?? null, validated }
    }
    case 'X':
      return { type: 'drop-constraint', name }
    case 'V':
      return { type: 'validate-constraint', name }
    default:
      return null
  }
}
