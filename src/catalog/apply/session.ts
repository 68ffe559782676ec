import type { DoBlock, SetVariable } from '../../model/operations/data.js'
import type { Operation } from '../../model/operation.js'
import { changeTable, findTable, loseSight } from '../relations.js'
import type { Scene, State } from '../state.js'
import type { Handlers } from './handlers.js'
import { nothing } from './handlers.js'

export const session: Handlers<'call' | 'select' | 'set' | 'transaction' | 'unmodelled'> = {
  call: (operation, { state }) => {
    if (state.functions.get(operation.procedure.name)?.changesSchema !== false) loseSight(state)
  },
  select: (operation, { state }) => {
    if (operation.functions.some((name) => state.functions.get(name)?.changesSchema === true)) loseSight(state)
  },

  set: (operation, { state }) => setPath(state, operation),

  // Told to the store, which holds what a rollback goes back to.
  transaction: nothing,

  unmodelled: (operation, { state }) => {
    if (/create|import|alter/i.test(operation.node) && !HARMLESS.has(operation.node)) loseSight(state)
  },
}

/**
 * DO. The statements of a block may stand under conditions. They are taken to run, for what such blocks ensure is so
 * afterwards either way; but the tables they change are no longer said to be known completely.
 */
export function applyBlock(block: DoBlock, scene: Scene, apply: (operation: Operation, scene: Scene) => void): void {
  const { state } = scene
  for (const inner of block.inner) {
    apply(inner, scene)
    const name = 'table' in inner && changesTable(inner) ? inner.table : null
    const table = name === null ? undefined : findTable(state, name)
    if (table !== undefined) changeTable(state, table, { complete: false })
  }
  if (block.dynamic || block.unread > 0) loseSight(state)
}

/** Parse tree nodes that create or alter something other than relations, types or columns. */
const HARMLESS: ReadonlySet<string> = new Set([
  'AlterDatabaseSetStmt',
  'AlterDefaultPrivilegesStmt',
  'AlterEventTrigStmt',
  'AlterFdwStmt',
  'AlterForeignServerStmt',
  'AlterOpFamilyStmt',
  'AlterOperatorStmt',
  'AlterPublicationStmt',
  'AlterStatsStmt',
  'AlterSubscriptionStmt',
  'AlterSystemStmt',
  'AlterTSConfigurationStmt',
  'AlterTSDictionaryStmt',
  'AlterUserMappingStmt',
  'AlterCollationStmt',
  'CreateAmStmt',
  'CreateCastStmt',
  'CreateConversionStmt',
  'CreateEventTrigStmt',
  'CreateFdwStmt',
  'CreateForeignServerStmt',
  'CreateOpClassStmt',
  'CreateOpFamilyStmt',
  'CreatePLangStmt',
  'CreatePublicationStmt',
  'CreateStatsStmt',
  'CreateSubscriptionStmt',
  'CreateTableSpaceStmt',
  'CreateTransformStmt',
  'CreateUserMappingStmt',
])

function changesTable({ kind }: Operation): boolean {
  return !['insert', 'update', 'delete', 'merge', 'truncate', 'copy', 'lock-table', 'vacuum', 'analyze'].includes(kind)
}

/** `$user` stands for a schema that hardly any project has. */
function setPath(state: State, { name, value, local }: SetVariable): void {
  if (name !== 'search_path') return
  const schemas = (value ?? 'public')
    .split(',')
    .map((schema) => schema.trim().replace(/^(["'])(.*)\1$/, '$2'))
    .filter((schema) => schema !== '' && schema !== '$user' && schema !== 'pg_catalog' && !schema.startsWith('pg_temp'))
  if (local) state.localPath = schemas
  else {
    state.path = schemas
    state.localPath = null
  }
}
