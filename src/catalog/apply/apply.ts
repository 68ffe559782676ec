import type { Operation, OperationKind } from '../../model/operation.js'
import type { Scene } from '../state.js'
import { columns } from './columns.js'
import { constraints } from './constraints.js'
import { drops } from './drops.js'
import type { Handlers } from './handlers.js'
import { nothing } from './handlers.js'
import { indexes } from './indexes.js'
import { moves } from './moves.js'
import { objects } from './objects.js'
import { partitions } from './partitions.js'
import { applyBlock, session } from './session.js'
import { tables } from './tables.js'
import { types } from './types.js'
import { views } from './views.js'

/** Every kind of operation; a new kind does not compile until it is here. */
const handlers: Handlers<OperationKind> = {
  ...tables,
  ...columns,
  ...constraints,
  ...partitions,
  ...indexes,
  ...views,
  ...types,
  ...objects,
  ...drops,
  ...moves,
  ...session,
  do: (operation, scene) => applyBlock(operation, scene, apply),
  insert: nothing,
  update: nothing,
  delete: nothing,
  merge: nothing,
  truncate: nothing,
  copy: nothing,
  'lock-table': nothing,
  vacuum: nothing,
  analyze: nothing,
  cluster: nothing,
  'change-owner': nothing,
  comment: nothing,
  'change-privileges': nothing,
  'change-role': nothing,
  'change-database': nothing,
}

/** Changes the schema as PostgreSQL would; an operation that PostgreSQL would refuse changes nothing. */
export function apply(operation: Operation, scene: Scene): void {
  const handle = handlers[operation.kind] as (operation: Operation, scene: Scene) => void
  handle(operation, scene)
}
