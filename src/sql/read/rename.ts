import type { RenameStmt } from '@pgsql/types'
import type { QualifiedName } from '../../model/names.js'
import type { Operation } from '../../model/operation.js'
import { objectKind, objectName } from './object-name.js'
import type { Reader } from './reader.js'
import { spanOfAll } from './stretch.js'
import { relationName } from './tree.js'

/** ALTER … RENAME of whatever has a name. */
export const readRename: Reader<RenameStmt> = (statement, place) => [renaming(statement, spanOfAll(place))]

function renaming(statement: RenameStmt, span: Operation['span']): Operation {
  const { renameType, subname = '', newname: newName = '' } = statement
  const table = relationName(statement.relation)
  switch (renameType) {
    case 'OBJECT_TABLE':
      return { kind: 'rename-table', span, table, newName }
    case 'OBJECT_COLUMN':
      return ofView(statement)
        ? { kind: 'rename-object', span, object: 'column', name: plain(subname), newName, table }
        : { kind: 'rename-column', span, table, column: subname, newName }
    case 'OBJECT_TABCONSTRAINT':
      return { kind: 'rename-constraint', span, table, constraint: subname, newName }
    case 'OBJECT_ATTRIBUTE':
      return { kind: 'alter-type', span, type: table, action: 'rename-attribute' }
    case 'OBJECT_DOMCONSTRAINT': {
      const { name: domain } = objectName('OBJECT_DOMAIN', statement.object)
      return { kind: 'rename-object', span, object: 'constraint', name: plain(subname), newName, table: domain }
    }
    case 'OBJECT_TRIGGER':
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE':
      return { kind: 'rename-object', span, object: objectKind(renameType), name: plain(subname), newName, table }
    default: {
      const name = named(statement)
      return { kind: 'rename-object', span, object: objectKind(renameType), name, newName, table: null }
    }
  }
}

function named(statement: RenameStmt): QualifiedName {
  if (statement.relation !== undefined) return relationName(statement.relation)
  return statement.object === undefined
    ? plain(statement.subname ?? '')
    : objectName(statement.renameType, statement.object).name
}

function ofView({ relationType }: RenameStmt): boolean {
  return relationType === 'OBJECT_VIEW' || relationType === 'OBJECT_MATVIEW'
}

function plain(name: string): QualifiedName {
  return { schema: '', name }
}
