import type { ColumnDef, CreateStmt, CreateTableAsStmt, IntoClause, PartitionSpec } from '@pgsql/types'
import type { Operation } from '../../model/operation.js'
import type { ColumnDefinition, CreateTable, TableConstraint } from '../../model/operations/table.js'
import { elementColumns, readsIn } from '../expression.js'
import type { StatementPlace } from '../tokens.js'
import { columnClauses, columnConstraints, columnDefinition } from './column.js'
import { tableConstraint } from './constraint.js'
import { outputNames } from './output-names.js'
import type { Reader } from './reader.js'
import { elementAt, spanOfAll, type Stretch } from './stretch.js'
import { all, as, qualified, relationName, strings } from './tree.js'
import { usedColumns } from './used-columns.js'

/** CREATE TABLE with a list of columns, PARTITION OF, OF a type. */
export const readCreateTable: Reader<CreateStmt> = (statement, place) => {
  const { columns, constraints } = elements(statement, place)
  const parents = all('RangeVar', statement.inhRelations).map(relationName)
  const [parent] = parents
  const type = statement.ofTypename === undefined ? [] : [qualified(strings(statement.ofTypename.names))]
  return [
    {
      ...created(statement, place),
      columns,
      constraints,
      partitionBy: partitionBy(statement.partspec),
      partitionOf:
        statement.partbound === undefined || parent === undefined
          ? null
          : { parent, isDefault: statement.partbound.is_default === true },
      inherits: statement.partbound === undefined ? parents : [],
      like: [...all('TableLikeClause', statement.tableElts).map(({ relation }) => relationName(relation)), ...type],
      fromQuery: false,
    },
  ]
}

/** CREATE TABLE AS and CREATE MATERIALIZED VIEW. */
export const readCreateTableAs: Reader<CreateTableAsStmt> = (statement, place) => {
  if (statement.objtype !== 'OBJECT_MATVIEW') return [tableFromQuery(statement.into, place, statement.if_not_exists)]
  return [
    {
      kind: 'create-view',
      span: spanOfAll(place),
      view: relationName(statement.into?.rel),
      materialized: true,
      replace: false,
      ifNotExists: statement.if_not_exists === true,
      temporary: false,
      withData: statement.into?.skipData !== true,
      reads: readsIn(statement.query),
      columns: outputNames(statement.query, strings(statement.into?.colNames)),
      uses: usedColumns(statement.query),
    },
  ]
}

/** The table that CREATE TABLE AS or SELECT INTO makes. */
export function tableFromQuery(into: IntoClause | undefined, place: StatementPlace, ifNotExists = false): Operation {
  return {
    ...created({ relation: into?.rel, if_not_exists: ifNotExists }, place),
    columns: [],
    constraints: [],
    partitionBy: null,
    partitionOf: null,
    inherits: [],
    like: [],
    fromQuery: true,
  }
}

function created(
  {
    relation,
    if_not_exists,
  }: { readonly relation?: CreateStmt['relation'] | undefined; readonly if_not_exists?: boolean },
  place: StatementPlace,
): Pick<CreateTable, 'kind' | 'span' | 'table' | 'ifNotExists' | 'persistence'> {
  const persistence = relation?.relpersistence
  return {
    kind: 'create-table',
    span: spanOfAll(place),
    table: relationName(relation),
    ifNotExists: if_not_exists === true,
    persistence: persistence === 't' ? 'temporary' : persistence === 'u' ? 'unlogged' : 'permanent',
  }
}

function elements(
  statement: CreateStmt,
  place: StatementPlace,
): { readonly columns: readonly ColumnDefinition[]; readonly constraints: readonly TableConstraint[] } {
  const columns: ColumnDefinition[] = []
  const constraints: TableConstraint[] = []
  for (const node of [...(statement.tableElts ?? []), ...(statement.constraints ?? [])]) {
    const column = as('ColumnDef', node)
    const constraint = as('Constraint', node)
    if (column !== undefined) {
      const stretch = elementAt(place, column.location ?? 0)
      if (column.typeName !== undefined) columns.push(columnDefinition(column, place, stretch))
      else constraints.push(...untypedColumn(column, place, stretch))
    } else if (constraint !== undefined) {
      const read = tableConstraint(constraint, place, elementAt(place, constraint.location ?? 0))
      if (read !== null) constraints.push(read)
    }
  }
  return { columns, constraints }
}

/** A partition names columns of its parent only to say more of them: that is a constraint, the column is not new. */
function untypedColumn(column: ColumnDef, place: StatementPlace, element: Stretch): readonly TableConstraint[] {
  const notNull = columnClauses(column, place, element)
    .filter(({ node }) => node.contype === 'CONSTR_NOTNULL')
    .map(({ node, stretch }) => tableConstraint(node, place, stretch, column.colname))
  return [...notNull.filter((each) => each !== null), ...columnConstraints(column, place, element)]
}

function partitionBy(spec: PartitionSpec | undefined): CreateTable['partitionBy'] {
  if (spec === undefined) return null
  const strategy =
    spec.strategy === 'PARTITION_STRATEGY_LIST'
      ? 'list'
      : spec.strategy === 'PARTITION_STRATEGY_HASH'
        ? 'hash'
        : 'range'
  return { strategy, columns: elementColumns(all('PartitionElem', spec.partParams)) }
}
