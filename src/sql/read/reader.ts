import type { Operation } from '../../model/operation.js'
import type { StatementPlace } from '../tokens.js'

/** Reads the statement that a node holds; handed to readers of statements that hold others. */
export type ReadStatement = (node: unknown, place: StatementPlace) => readonly Operation[]

/** Reads one kind of statement; `place` holds neither comments nor semicolons. */
export type Reader<Fields> = (fields: Fields, place: StatementPlace, read: ReadStatement) => readonly Operation[]
