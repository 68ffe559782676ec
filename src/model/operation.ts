import type { DataOperation } from './operations/data.js'
import type { ObjectOperation } from './operations/object.js'
import type { TableOperation } from './operations/table.js'

/** What one statement does, as far as rules care; a statement may hold many. */
export type Operation = TableOperation | ObjectOperation | DataOperation

export type OperationKind = Operation['kind']

/** The operation of one kind. */
export type OperationOf<Kind extends OperationKind> = Extract<Operation, { kind: Kind }>
