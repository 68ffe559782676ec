import type { OperationKind, OperationOf } from '../../model/operation.js'
import type { Scene } from '../state.js'

/** How the operations of a family change the schema, one function a kind. */
export type Handlers<Kind extends OperationKind> = {
  readonly [Each in Kind]: (operation: OperationOf<Each>, scene: Scene) => void
}

/** For what changes nothing that the catalog knows. */
export function nothing(): void {}
