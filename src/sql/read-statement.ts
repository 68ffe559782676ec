import type { Operation } from '../model/operation.js'
import { readAlterTable } from './read/alter-table.js'
import { readDelete, readInsert, readMerge, readUpdate } from './read/change-rows.js'
import { readCreateIndex } from './read/create-index.js'
import { readCreateTable, readCreateTableAs } from './read/create-table.js'
import { readDrop } from './read/drop.js'
import type { Reader } from './read/reader.js'
import { readRename } from './read/rename.js'
import { readDeclareCursor, readSelect } from './read/select.js'
import { bare, spanOfAll } from './read/stretch.js'
import { readTransaction } from './read/transaction.js'
import { entry, isDeeperThan, type NodeName, type NodeOf } from './read/tree.js'
import { readSetVariable } from './read/variable.js'
import type { StatementPlace } from './tokens.js'

/** Deeper trees than this are not read; PostgreSQL itself refuses them not much later. */
const DEEPEST = 1_000

const READERS: { readonly [Name in NodeName]?: Reader<NodeOf<Name>> } = {
  AlterTableStmt: readAlterTable,
  CreateStmt: readCreateTable,
  CreateTableAsStmt: readCreateTableAs,
  DeclareCursorStmt: readDeclareCursor,
  DeleteStmt: readDelete,
  DropStmt: readDrop,
  IndexStmt: readCreateIndex,
  InsertStmt: readInsert,
  MergeStmt: readMerge,
  RenameStmt: readRename,
  SelectStmt: readSelect,
  TransactionStmt: readTransaction,
  UpdateStmt: readUpdate,
  VariableSetStmt: readSetVariable,
}

/**
 * What a statement does, from its parse tree node (`{ AlterTableStmt: … }`) and its tokens. What no reader knows, and what is
 * nested too deeply to be read, is said as `unmodelled` and never left out.
 */
export function readStatement(node: unknown, place: StatementPlace): readonly Operation[] {
  const own = bare(place)
  const statement = entry(node)
  const reader = statement === null ? undefined : (READERS[statement.name] as Reader<unknown> | undefined)
  if (statement === null || reader === undefined || isDeeperThan(node, DEEPEST)) {
    return [{ kind: 'unmodelled', span: spanOfAll(own), node: statement?.name ?? 'unknown' }]
  }
  return reader(statement.fields, own, readStatement)
}
