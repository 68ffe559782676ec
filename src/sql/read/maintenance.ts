import type {
  ClusterStmt,
  LockStmt,
  RangeVar,
  ReindexObjectType,
  ReindexStmt,
  TruncateStmt,
  VacuumStmt,
} from '@pgsql/types'
import { LOCK_MODES } from '../../model/effect.js'
import type { QualifiedName } from '../../model/names.js'
import type { Operation } from '../../model/operation.js'
import type { Reindex } from '../../model/operations/object.js'
import type { Span } from '../../source/span.js'
import type { StatementPlace } from '../tokens.js'
import { isOn } from './definition.js'
import type { Reader } from './reader.js'
import { nameAt, spanOf, spanOfAll } from './stretch.js'
import { all, relationName } from './tree.js'

/** TRUNCATE: one operation for each table. */
export const readTruncate: Reader<TruncateStmt> = ({ relations, behavior, restart_seqs }, place) =>
  eachTable(place, all('RangeVar', relations), (table, span) => ({
    kind: 'truncate',
    span,
    table,
    cascade: behavior === 'DROP_CASCADE',
    restartIdentity: restart_seqs === true,
  }))

/** LOCK TABLE: one operation for each table. */
export const readLock: Reader<LockStmt> = ({ relations, mode = LOCK_MODES.length, nowait }, place) =>
  eachTable(place, all('RangeVar', relations), (table, span) => ({
    kind: 'lock-table',
    span,
    table,
    mode: LOCK_MODES[mode - 1] ?? 'ACCESS EXCLUSIVE',
    nowait: nowait === true,
  }))

/** VACUUM and ANALYZE: one operation for each table, or one for the whole database. */
export const readVacuum: Reader<VacuumStmt> = ({ options, rels, is_vacuumcmd }, place) => {
  const operation = (table: QualifiedName | null, span: Span): Operation =>
    is_vacuumcmd === true
      ? { kind: 'vacuum', span, full: isOn(options, 'full'), analyze: isOn(options, 'analyze'), table }
      : { kind: 'analyze', span, table }
  const relations = all('VacuumRelation', rels).flatMap(({ relation }) => (relation === undefined ? [] : [relation]))
  return relations.length === 0 ? [operation(null, spanOfAll(place))] : eachTable(place, relations, operation)
}

/** CLUSTER. */
export const readCluster: Reader<ClusterStmt> = ({ relation }, place) => [
  { kind: 'cluster', span: spanOfAll(place), table: relation === undefined ? null : relationName(relation) },
]

const REINDEX_TARGETS: { readonly [Kind in ReindexObjectType]: Reindex['target'] } = {
  REINDEX_OBJECT_INDEX: 'index',
  REINDEX_OBJECT_TABLE: 'table',
  REINDEX_OBJECT_SCHEMA: 'schema',
  REINDEX_OBJECT_DATABASE: 'database',
  REINDEX_OBJECT_SYSTEM: 'system',
}

/** REINDEX. */
export const readReindex: Reader<ReindexStmt> = ({ kind = 'REINDEX_OBJECT_INDEX', relation, name, params }, place) => [
  {
    kind: 'reindex',
    span: spanOfAll(place),
    target: REINDEX_TARGETS[kind],
    name: relation !== undefined ? relationName(relation) : name !== undefined ? { schema: '', name } : null,
    concurrently: isOn(params, 'concurrently'),
  },
]

/** In a list each table's operation stands at its name; a single one is the statement. */
function eachTable(
  place: StatementPlace,
  relations: readonly RangeVar[],
  operation: (table: QualifiedName, span: Span) => Operation,
): readonly Operation[] {
  return relations.map((relation) => {
    const single = relations.length === 1
    const span = single ? spanOfAll(place) : spanOf(place, nameAt(place, relation.location ?? 0))
    return operation(relationName(relation), span)
  })
}
