import type { Operation } from '../model/operation.js'
import { readAlterTable } from './read/alter-table.js'
import { readDelete, readInsert, readMerge, readUpdate } from './read/change-rows.js'
import { readCopy } from './read/copy.js'
import { readCreateIndex } from './read/create-index.js'
import { readCreateTable, readCreateTableAs } from './read/create-table.js'
import { readDo } from './read/do.js'
import { readAlterDomain, readCreateDomain } from './read/domain.js'
import { readDrop } from './read/drop.js'
import { readExplain } from './read/explain.js'
import { readAlterExtension, readCreateExtension } from './read/extension.js'
import { readAlterFunction, readCall, readCreateFunction } from './read/function.js'
import { readDefaultPrivileges, readGrant, readGrantRole } from './read/grant.js'
import { readCluster, readLock, readReindex, readTruncate, readVacuum } from './read/maintenance.js'
import { readChangeOwner, readComment, readSetSchema } from './read/object.js'
import { readAlterPolicy, readCreatePolicy } from './read/policy.js'
import { readAlterPublication, readCreatePublication } from './read/publication.js'
import type { Reader } from './read/reader.js'
import { readRename } from './read/rename.js'
import {
  readAlterDatabase,
  readAlterRole,
  readCreateDatabase,
  readCreateRole,
  readDropDatabase,
  readDropRole,
} from './read/role.js'
import { readCreateSchema } from './read/schema.js'
import { readDeclareCursor, readSelect } from './read/select.js'
import { readAlterSequence, readCreateSequence } from './read/sequence.js'
import { bare, spanOfAll } from './read/stretch.js'
import { readTransaction } from './read/transaction.js'
import { entry, isDeeperThan, type NodeName, type NodeOf } from './read/tree.js'
import { readCreateRule, readCreateTrigger } from './read/trigger.js'
import {
  readAlterEnum,
  readAlterTypeOptions,
  readCreateComposite,
  readCreateEnum,
  readCreateRange,
  readDefine,
} from './read/type.js'
import { readSetVariable } from './read/variable.js'
import { readCreateView, readRefresh } from './read/view.js'
import type { StatementPlace } from './tokens.js'

/** Deeper trees than this are not read; PostgreSQL itself refuses them not much later. */
const DEEPEST = 1_000
/** Statements of fewer tokens have no tree as deep as that: no token brings five nodes onto one path. */
const TOKENS_OF_DEEPEST = DEEPEST / 5

const READERS: { readonly [Name in NodeName]?: Reader<NodeOf<Name>> } = {
  AlterDatabaseRefreshCollStmt: readAlterDatabase,
  AlterDatabaseSetStmt: readAlterDatabase,
  AlterDatabaseStmt: readAlterDatabase,
  AlterDefaultPrivilegesStmt: readDefaultPrivileges,
  AlterDomainStmt: readAlterDomain,
  AlterEnumStmt: readAlterEnum,
  AlterExtensionContentsStmt: readAlterExtension,
  AlterExtensionStmt: readAlterExtension,
  AlterFunctionStmt: readAlterFunction,
  AlterObjectSchemaStmt: readSetSchema,
  AlterOwnerStmt: readChangeOwner,
  AlterPolicyStmt: readAlterPolicy,
  AlterPublicationStmt: readAlterPublication,
  AlterRoleSetStmt: readAlterRole,
  AlterRoleStmt: readAlterRole,
  AlterSeqStmt: readAlterSequence,
  AlterTableStmt: readAlterTable,
  AlterTypeStmt: readAlterTypeOptions,
  CallStmt: readCall,
  ClusterStmt: readCluster,
  CommentStmt: readComment,
  CompositeTypeStmt: readCreateComposite,
  CopyStmt: readCopy,
  CreateDomainStmt: readCreateDomain,
  CreateEnumStmt: readCreateEnum,
  CreateExtensionStmt: readCreateExtension,
  CreateFunctionStmt: readCreateFunction,
  CreatePolicyStmt: readCreatePolicy,
  CreatePublicationStmt: readCreatePublication,
  CreateRangeStmt: readCreateRange,
  CreateRoleStmt: readCreateRole,
  CreateSchemaStmt: readCreateSchema,
  CreateSeqStmt: readCreateSequence,
  CreateStmt: readCreateTable,
  CreateTableAsStmt: readCreateTableAs,
  CreateTrigStmt: readCreateTrigger,
  CreatedbStmt: readCreateDatabase,
  DeclareCursorStmt: readDeclareCursor,
  DefineStmt: readDefine,
  DeleteStmt: readDelete,
  DoStmt: readDo,
  DropRoleStmt: readDropRole,
  DropStmt: readDrop,
  DropdbStmt: readDropDatabase,
  ExplainStmt: readExplain,
  GrantRoleStmt: readGrantRole,
  GrantStmt: readGrant,
  IndexStmt: readCreateIndex,
  InsertStmt: readInsert,
  LockStmt: readLock,
  MergeStmt: readMerge,
  RefreshMatViewStmt: readRefresh,
  ReindexStmt: readReindex,
  RenameStmt: readRename,
  RuleStmt: readCreateRule,
  SelectStmt: readSelect,
  TransactionStmt: readTransaction,
  TruncateStmt: readTruncate,
  UpdateStmt: readUpdate,
  VacuumStmt: readVacuum,
  VariableSetStmt: readSetVariable,
  ViewStmt: readCreateView,
}

/**
 * What a statement does, from its parse tree node (`{ AlterTableStmt: … }`) and its tokens. What no reader knows, and what is
 * nested too deeply to be read, is said as `unmodelled` and never left out.
 */
export function readStatement(node: unknown, place: StatementPlace): readonly Operation[] {
  const own = bare(place)
  const statement = entry(node)
  const reader = statement === null ? undefined : (READERS[statement.name] as Reader<unknown> | undefined)
  const tooDeep = own.tokens.length >= TOKENS_OF_DEEPEST && isDeeperThan(node, DEEPEST)
  if (statement === null || reader === undefined || tooDeep) {
    return [{ kind: 'unmodelled', span: spanOfAll(own), node: statement?.name ?? 'unknown' }]
  }
  return reader(statement.fields, own, readStatement)
}
