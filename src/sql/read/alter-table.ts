import type { AlterTableCmd, AlterTableStmt, AlterTableType } from '@pgsql/types'
import type { QualifiedName } from '../../model/names.js'
import type { Operation } from '../../model/operation.js'
import type { AlterType } from '../../model/operations/object.js'
import type { Span } from '../../source/span.js'
import type { StatementPlace } from '../tokens.js'
import { optionNames, readAction } from './alter-table-action.js'
import { objectKind } from './object-name.js'
import type { Reader } from './reader.js'
import { indexAt, nameAt, spanOf, split, wholeOf, type Stretch } from './stretch.js'
import { all, as, relationName, roleName } from './tree.js'

/** ALTER TABLE and its like for indexes, views, sequences and composite types: one operation for each action. */
export const readAlterTable: Reader<AlterTableStmt> = (statement, place) => {
  const relation = relationName(statement.relation)
  const commands = all('AlterTableCmd', statement.cmds)
  const stretches = actionStretches(statement, place, commands.length)
  return commands.map((command, i) => {
    const stretch = stretches[i] ?? wholeOf(place)
    const span = spanOf(place, stretch)
    if (command.subtype === 'AT_ChangeOwner') {
      return {
        kind: 'change-owner',
        span,
        object: objectKind(statement.objtype),
        name: relation,
        owner: roleName(command.newowner),
      }
    }
    switch (statement.objtype) {
      case 'OBJECT_INDEX':
        return alterIndex(command, relation, span)
      case 'OBJECT_TYPE':
        return alterType(command, relation, span)
      case 'OBJECT_SEQUENCE':
        return { kind: 'alter-sequence', span, sequence: relation, type: null, restart: false, ownedBy: null }
      default:
        return readAction(command, { table: relation, span, place, stretch })
    }
  })
}

/** The parse tree gives actions no position, but the tokens after the table's name fall into one piece for each. */
function actionStretches(statement: AlterTableStmt, place: StatementPlace, count: number): readonly Stretch[] {
  const at = statement.relation?.location ?? 0
  let { to } = nameAt(place, at)
  if (place.tokens[indexAt(place, at) - 1]?.text === '(') to++
  if (place.tokens[to]?.text === '*') to++
  const pieces = split(place, { from: to, to: place.tokens.length })
  return pieces.length === count ? pieces : []
}

const INDEX_ACTIONS: { readonly [Type in AlterTableType]?: Extract<Operation, { kind: 'alter-index' }>['action'] } = {
  AT_SetRelOptions: 'set-options',
  AT_ResetRelOptions: 'reset-options',
  AT_SetStatistics: 'set-statistics',
  AT_SetTableSpace: 'set-tablespace',
  AT_AttachPartition: 'attach-partition',
}

function alterIndex(command: AlterTableCmd, index: QualifiedName, span: Span): Operation {
  const action = command.subtype && INDEX_ACTIONS[command.subtype]
  if (action === undefined) return { kind: 'unmodelled', span, node: `AlterTableStmt ${command.subtype ?? ''}` }
  const partition = as('PartitionCmd', command.def)?.name
  const names = partition ? [relationName(partition).name] : command.name ? [command.name] : optionNames(command.def)
  return { kind: 'alter-index', span, index, action, names }
}

const TYPE_ACTIONS: { readonly [Type in AlterTableType]?: AlterType['action'] } = {
  AT_AddColumn: 'add-attribute',
  AT_DropColumn: 'drop-attribute',
  AT_AlterColumnType: 'set-attribute-type',
}

function alterType(command: AlterTableCmd, type: QualifiedName, span: Span): Operation {
  const action = command.subtype && TYPE_ACTIONS[command.subtype]
  if (action === undefined) return { kind: 'unmodelled', span, node: `AlterTableStmt ${command.subtype ?? ''}` }
  return { kind: 'alter-type', span, type, action }
}
