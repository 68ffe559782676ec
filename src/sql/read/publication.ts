import type { AlterPublicationStmt, CreatePublicationStmt, Node } from '@pgsql/types'
import type { ChangePublication } from '../../model/operations/object.js'
import type { Reader } from './reader.js'
import { spanOfAll } from './stretch.js'
import { all, relationName } from './tree.js'

/** CREATE PUBLICATION. */
export const readCreatePublication: Reader<CreatePublicationStmt> = (statement, place) => [
  {
    kind: 'change-publication',
    span: spanOfAll(place),
    action: 'create',
    publication: statement.pubname ?? '',
    all: statement.for_all_tables === true,
    ...partsOf(statement.pubobjects),
  },
]

/** ALTER PUBLICATION: of its tables, or of its options. */
export const readAlterPublication: Reader<AlterPublicationStmt> = (statement, place) => {
  const parts = partsOf(statement.pubobjects)
  const isOfTables = parts.tables.length + parts.schemas.length > 0
  return [
    {
      kind: 'change-publication',
      span: spanOfAll(place),
      action: isOfTables ? (ACTIONS[statement.action ?? ''] ?? 'set') : 'options',
      publication: statement.pubname ?? '',
      all: statement.for_all_tables === true,
      ...parts,
    },
  ]
}

const ACTIONS: Readonly<Record<string, ChangePublication['action']>> = {
  AP_AddObjects: 'add',
  AP_DropObjects: 'drop',
  AP_SetObjects: 'set',
}

function partsOf(nodes: readonly Node[] | undefined): Pick<ChangePublication, 'tables' | 'schemas'> {
  const objects = all('PublicationObjSpec', nodes)
  return {
    tables: objects.flatMap(({ pubtable }) => (pubtable === undefined ? [] : [relationName(pubtable.relation)])),
    schemas: objects.flatMap(({ pubtable, name }) => (pubtable === undefined && name !== undefined ? [name] : [])),
  }
}
