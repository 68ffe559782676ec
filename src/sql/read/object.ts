import type { AlterObjectSchemaStmt, AlterOwnerStmt, CommentStmt } from '@pgsql/types'
import type { QualifiedName } from '../../model/names.js'
import { objectKind, objectName } from './object-name.js'
import type { Reader } from './reader.js'
import { spanOfAll } from './stretch.js'
import { relationName, roleName } from './tree.js'

/** COMMENT ON anything. */
export const readComment: Reader<CommentStmt> = ({ objtype, object, comment }, place) => [
  {
    kind: 'comment',
    span: spanOfAll(place),
    object: objectKind(objtype),
    ...objectName(objtype, object),
    text: comment ?? null,
  },
]

/** ALTER … SET SCHEMA. */
export const readSetSchema: Reader<AlterObjectSchemaStmt> = (statement, place) => [
  {
    kind: 'set-schema',
    span: spanOfAll(place),
    object: objectKind(statement.objectType),
    name: nameOf(statement),
    newSchema: statement.newschema ?? '',
  },
]

/** ALTER … OWNER TO, for what is no relation. */
export const readChangeOwner: Reader<AlterOwnerStmt> = (statement, place) => [
  {
    kind: 'change-owner',
    span: spanOfAll(place),
    object: objectKind(statement.objectType),
    name: nameOf(statement),
    owner: roleName(statement.newowner),
  },
]

function nameOf({ relation, object, objectType }: AlterObjectSchemaStmt | AlterOwnerStmt): QualifiedName {
  return relation === undefined ? objectName(objectType, object).name : relationName(relation)
}
