import type { Node, ObjectType } from '@pgsql/types'
import type { QualifiedName } from '../../model/names.js'
import type { ObjectKind } from '../../model/operations/object.js'
import { as, qualified, relationName, strings } from './tree.js'

const KINDS: { readonly [Type in ObjectType]?: ObjectKind } = {
  OBJECT_TABLE: 'table',
  OBJECT_COLUMN: 'column',
  OBJECT_INDEX: 'index',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_FOREIGN_TABLE: 'foreign table',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'domain',
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'procedure',
  OBJECT_ROUTINE: 'routine',
  OBJECT_AGGREGATE: 'aggregate',
  OBJECT_TRIGGER: 'trigger',
  OBJECT_POLICY: 'policy',
  OBJECT_RULE: 'rule',
  OBJECT_TABCONSTRAINT: 'constraint',
  OBJECT_DOMCONSTRAINT: 'constraint',
  OBJECT_SCHEMA: 'schema',
  OBJECT_EXTENSION: 'extension',
  OBJECT_DATABASE: 'database',
  OBJECT_ROLE: 'role',
  OBJECT_PUBLICATION: 'publication',
}

/** Kinds of object that live in a relation: their names come after its name. */
const OF_A_RELATION: ReadonlySet<ObjectType> = new Set<ObjectType>([
  'OBJECT_COLUMN',
  'OBJECT_TRIGGER',
  'OBJECT_POLICY',
  'OBJECT_RULE',
  'OBJECT_TABCONSTRAINT',
  'OBJECT_DOMCONSTRAINT',
])

/** A type of object in the model's words; `other` for those it has no word for. */
export function objectKind(type: ObjectType | undefined): ObjectKind {
  return (type && KINDS[type]) ?? 'other'
}

/** An object's name, and the table or domain it belongs to if it is one that belongs to one. */
export function objectName(
  type: ObjectType | undefined,
  node: Node | undefined,
): { readonly name: QualifiedName; readonly table: QualifiedName | null } {
  const parts = nameParts(node)
  if (type === undefined || !OF_A_RELATION.has(type)) return { name: qualified(parts), table: null }
  return {
    name: { schema: '', name: parts.at(-1) ?? '' },
    table: parts.length > 1 ? qualified(parts.slice(0, -1)) : null,
  }
}

function nameParts(node: Node | undefined): readonly string[] {
  const list = as('List', node)
  if (list !== undefined) return (list.items ?? []).flatMap(nameParts)
  const relation = as('RangeVar', node)
  if (relation !== undefined) {
    const { schema, name } = relationName(relation)
    return schema === '' ? [name] : [schema, name]
  }
  const text = as('String', node)?.sval
  return text === undefined ? strings(as('TypeName', node)?.names ?? as('ObjectWithArgs', node)?.objname) : [text]
}
