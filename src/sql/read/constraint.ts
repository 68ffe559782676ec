import type { Constraint } from '@pgsql/types'
import type { TableConstraint } from '../../model/operations/table.js'
import { expression, indexColumns } from '../expression.js'
import type { StatementPlace } from '../tokens.js'
import { bracketed, findWord, spanOf, textOf, type Stretch } from './stretch.js'
import { all, as, relationName, strings } from './tree.js'

/** What the letters of a foreign key's action stand for. */
const ACTIONS: Readonly<Record<string, string>> = {
  a: 'NO ACTION',
  r: 'RESTRICT',
  c: 'CASCADE',
  n: 'SET NULL',
  d: 'SET DEFAULT',
}

const MODELLED: ReadonlySet<Constraint['contype']> = new Set([
  'CONSTR_PRIMARY',
  'CONSTR_UNIQUE',
  'CONSTR_FOREIGN',
  'CONSTR_CHECK',
  'CONSTR_NOTNULL',
  'CONSTR_EXCLUSION',
])

/**
 * A constraint of a table or, with `column`, one written on a column, whose attributes (DEFERRABLE and the like) are then nodes
 * of their own. null for what is no constraint of the model: NULL, DEFAULT and others.
 */
export function tableConstraint(
  node: Constraint,
  place: StatementPlace,
  stretch: Stretch,
  column?: string,
  attributes: readonly Constraint[] = [],
): TableConstraint | null {
  if (!MODELLED.has(node.contype)) return null
  const has = (type: Constraint['contype']) => attributes.some(({ contype }) => contype === type)
  const unenforced =
    has('CONSTR_ATTR_NOT_ENFORCED') ||
    ((node.contype === 'CONSTR_CHECK' || node.contype === 'CONSTR_FOREIGN') && node.is_enforced !== true)
  const parts = {
    span: spanOf(place, stretch),
    name: node.conname ?? null,
    validated: node.skip_validation !== true && !unenforced,
    enforced: !unenforced,
    deferrable: node.deferrable === true || has('CONSTR_ATTR_DEFERRABLE') || has('CONSTR_ATTR_DEFERRED'),
    initiallyDeferred: node.initdeferred === true || has('CONSTR_ATTR_DEFERRED'),
  }
  const columnOr = (names: readonly string[]) => (names.length === 0 && column !== undefined ? [column] : names)
  switch (node.contype) {
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
      return {
        ...parts,
        type: node.contype === 'CONSTR_PRIMARY' ? 'primary-key' : 'unique',
        columns: columnOr(strings(node.keys)),
        usingIndex: node.indexname ?? null,
        nullsNotDistinct: node.nulls_not_distinct === true,
        include: strings(node.including),
      }
    case 'CONSTR_FOREIGN':
      return {
        ...parts,
        type: 'foreign-key',
        columns: columnOr(strings(node.fk_attrs)),
        references: relationName(node.pktable),
        referencedColumns: strings(node.pk_attrs),
        onDelete: ACTIONS[node.fk_del_action ?? 'a'] ?? 'NO ACTION',
        onUpdate: ACTIONS[node.fk_upd_action ?? 'a'] ?? 'NO ACTION',
      }
    case 'CONSTR_CHECK':
      return {
        ...parts,
        type: 'check',
        expression: expression(node.raw_expr, checkText(place, stretch)),
        noInherit: node.is_no_inherit === true,
      }
    case 'CONSTR_NOTNULL':
      return { ...parts, type: 'not-null', columns: columnOr(strings(node.keys)) }
    case 'CONSTR_EXCLUSION': {
      const elements = all('List', node.exclusions).flatMap(({ items }) =>
        as('IndexElem', items?.[0]) ? [items?.[0]] : [],
      )
      const columns = indexColumns(elements.filter((element) => element !== undefined))
      return { ...parts, type: 'exclusion', columns, method: node.access_method ?? 'btree' }
    }
    default:
      return null
  }
}

/** The text between the brackets of CHECK. */
export function checkText(place: StatementPlace, stretch: Stretch): string {
  const check = findWord(place, stretch, 'check')
  const inner = check < 0 ? null : bracketed(place, { from: check, to: stretch.to })
  return inner === null ? '' : textOf(place, inner)
}
