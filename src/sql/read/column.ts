import type { ColumnDef, Constraint } from '@pgsql/types'
import { qualified, all, strings } from './tree.js'
import type { QualifiedName } from '../../model/names.js'
import type { Expression } from '../../model/operations/shared.js'
import type { ColumnDefinition, TableConstraint } from '../../model/operations/table.js'
import { expression } from '../expression.js'
import type { StatementPlace } from '../tokens.js'
import { typeName } from '../type-name.js'
import { tableConstraint } from './constraint.js'
import { bracketed, findWord, indexAt, spanOf, textOf, type Stretch } from './stretch.js'

/** A column as CREATE TABLE, ADD COLUMN or ADD ATTRIBUTE writes it; `element` is the stretch from its name to its end. */
export function columnDefinition(node: ColumnDef, place: StatementPlace, element: Stretch): ColumnDefinition {
  const clauses = columnClauses(node, place, element)
  const find = (type: Constraint['contype']) => clauses.find(({ node: { contype } }) => contype === type)
  const defaulted = find('CONSTR_DEFAULT')
  const generated = find('CONSTR_GENERATED')
  return {
    span: spanOf(place, element),
    name: node.colname ?? '',
    type: typeName(node.typeName),
    notNull: find('CONSTR_NOTNULL') !== undefined,
    default: defaulted === undefined ? null : defaultOf(defaulted, place),
    identity: identityOf(find('CONSTR_IDENTITY')?.node.generated_when),
    generated:
      generated === undefined
        ? null
        : { expression: generatedOf(generated, place), stored: generated.node.generated_kind !== 'v' },
    collation: collationOf(node),
    constraints: constraintsAmong(clauses, node, place),
  }
}

/** The constraints written on a column; NOT NULL is not among them. */
export function columnConstraints(
  node: ColumnDef,
  place: StatementPlace,
  element: Stretch,
): readonly TableConstraint[] {
  return constraintsAmong(columnClauses(node, place, element), node, place)
}

function constraintsAmong(
  clauses: readonly ColumnClause[],
  { colname }: ColumnDef,
  place: StatementPlace,
): readonly TableConstraint[] {
  return clauses.flatMap(({ node, stretch, attributes }) => {
    if (node.contype === 'CONSTR_NOTNULL') return []
    const constraint = tableConstraint(node, place, stretch, colname, attributes)
    return constraint === null ? [] : [constraint]
  })
}

/** The collation that a column or its new type asks for. */
export function collationOf(node: ColumnDef): QualifiedName | null {
  return node.collClause === undefined ? null : qualified(strings(node.collClause.collname))
}

/** What `generated_when` says of an identity column. */
export function identityOf(when: string | undefined): 'always' | 'by-default' | null {
  return when === undefined ? null : when === 'a' ? 'always' : 'by-default'
}

interface ColumnClause {
  readonly node: Constraint
  readonly stretch: Stretch
  /** DEFERRABLE, NOT ENFORCED and the like that follow it. */
  readonly attributes: readonly Constraint[]
}

/** The clauses after a column's type; each reaches to where the next begins. */
export function columnClauses(node: ColumnDef, place: StatementPlace, element: Stretch): readonly ColumnClause[] {
  const nodes = all('Constraint', node.constraints)
  const starts = nodes.map(({ location }) => indexAt(place, location ?? 0))
  const collation = node.collClause === undefined ? Infinity : indexAt(place, node.collClause.location ?? 0)
  return nodes.flatMap((clause, i) => {
    if (isAttribute(clause)) return []
    let next = i + 1
    while (next < nodes.length && isAttribute(nodes[next])) next++
    const from = starts[i] ?? element.from
    const to = Math.min(starts[next] ?? element.to, collation > from ? collation : Infinity)
    return [{ node: clause, stretch: { from, to }, attributes: nodes.slice(i + 1, next) }]
  })
}

function isAttribute(node: Constraint | undefined): boolean {
  return node?.contype?.startsWith('CONSTR_ATTR_') === true
}

function defaultOf({ node, stretch }: ColumnClause, place: StatementPlace): Expression {
  const keyword = findWord(place, stretch, 'default')
  return expression(node.raw_expr, textOf(place, { from: keyword + 1, to: stretch.to }))
}

function generatedOf({ node, stretch }: ColumnClause, place: StatementPlace): Expression {
  const inner = bracketed(place, stretch)
  return expression(node.raw_expr, inner === null ? '' : textOf(place, inner))
}
