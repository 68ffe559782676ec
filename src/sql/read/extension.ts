import type { AlterExtensionContentsStmt, AlterExtensionStmt, CreateExtensionStmt } from '@pgsql/types'
import type { Reader } from './reader.js'
import { spanOfAll } from './stretch.js'

/** CREATE EXTENSION. */
export const readCreateExtension: Reader<CreateExtensionStmt> = ({ extname = '', if_not_exists }, place) => [
  { kind: 'create-extension', span: spanOfAll(place), extension: extname, ifNotExists: if_not_exists === true },
]

/** ALTER EXTENSION: UPDATE, ADD and DROP alike. */
export const readAlterExtension: Reader<AlterExtensionStmt | AlterExtensionContentsStmt> = (
  { extname = '' },
  place,
) => [{ kind: 'alter-extension', span: spanOfAll(place), extension: extname }]
