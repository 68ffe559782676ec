import type {
  AlterEnumStmt,
  AlterTypeStmt,
  CompositeTypeStmt,
  CreateEnumStmt,
  CreateRangeStmt,
  DefineStmt,
} from '@pgsql/types'
import { typeName } from '../type-name.js'
import type { Reader } from './reader.js'
import { spanOfAll } from './stretch.js'
import { all, qualified, relationName, strings } from './tree.js'

/** CREATE TYPE … AS ENUM. */
export const readCreateEnum: Reader<CreateEnumStmt> = (statement, place) => [
  {
    kind: 'create-enum',
    span: spanOfAll(place),
    type: qualified(strings(statement.typeName)),
    values: strings(statement.vals),
  },
]

/** ALTER TYPE … ADD VALUE and RENAME VALUE. */
export const readAlterEnum: Reader<AlterEnumStmt> = (statement, place) => {
  const span = spanOfAll(place)
  const type = qualified(strings(statement.typeName))
  const { oldVal, newVal = '', newValNeighbor, newValIsAfter, skipIfNewValExists } = statement
  if (oldVal !== undefined) return [{ kind: 'rename-enum-value', span, type, value: oldVal, newValue: newVal }]
  const neighbour = newValNeighbor === undefined ? null : { value: newValNeighbor, after: newValIsAfter === true }
  return [{ kind: 'add-enum-value', span, type, value: newVal, ifNotExists: skipIfNewValExists === true, neighbour }]
}

/** CREATE TYPE … AS (attributes). */
export const readCreateComposite: Reader<CompositeTypeStmt> = ({ typevar, coldeflist }, place) => [
  {
    kind: 'create-type',
    span: spanOfAll(place),
    type: relationName(typevar),
    form: 'composite',
    attributes: all('ColumnDef', coldeflist).map(({ colname = '', typeName: type }) => ({
      name: colname,
      type: typeName(type),
    })),
  },
]

/** CREATE TYPE … AS RANGE. */
export const readCreateRange: Reader<CreateRangeStmt> = (statement, place) => [
  {
    kind: 'create-type',
    span: spanOfAll(place),
    type: qualified(strings(statement.typeName)),
    form: 'range',
    attributes: [],
  },
]

/** CREATE TYPE of a base or shell type; aggregates, operators and the like are defined by the same node. */
export const readDefine: Reader<DefineStmt> = ({ kind, defnames, definition }, place) => {
  const span = spanOfAll(place)
  if (kind !== 'OBJECT_TYPE') return [{ kind: 'unmodelled', span, node: `DefineStmt ${kind ?? ''}` }]
  const form = definition === undefined ? 'shell' : 'base'
  return [{ kind: 'create-type', span, type: qualified(strings(defnames)), form, attributes: [] }]
}

/** ALTER TYPE … SET (properties). */
export const readAlterTypeOptions: Reader<AlterTypeStmt> = (statement, place) => [
  { kind: 'alter-type', span: spanOfAll(place), type: qualified(strings(statement.typeName)), action: 'set-options' },
]
