import type { AlterSeqStmt, CreateSeqStmt, Node } from '@pgsql/types'
import type { QualifiedName } from '../../model/names.js'
import { typeName } from '../type-name.js'
import { option } from './definition.js'
import type { Reader } from './reader.js'
import { spanOfAll } from './stretch.js'
import { as, qualified, relationName, strings } from './tree.js'

/** CREATE SEQUENCE. */
export const readCreateSequence: Reader<CreateSeqStmt> = ({ sequence, if_not_exists, options }, place) => {
  const owner = ownerOf(options)
  return [
    {
      kind: 'create-sequence',
      span: spanOfAll(place),
      sequence: relationName(sequence),
      ifNotExists: if_not_exists === true,
      temporary: sequence?.relpersistence === 't',
      type: typeOf(options) ?? 'bigint',
      ownedBy: owner === 'none' ? null : owner,
    },
  ]
}

/** ALTER SEQUENCE. */
export const readAlterSequence: Reader<AlterSeqStmt> = ({ sequence, options }, place) => [
  {
    kind: 'alter-sequence',
    span: spanOfAll(place),
    sequence: relationName(sequence),
    type: typeOf(options),
    restart: option(options, 'restart') !== undefined,
    ownedBy: ownerOf(options),
  },
]

function typeOf(options: readonly Node[] | undefined): string | null {
  const type = as('TypeName', option(options, 'as')?.arg)
  return type === undefined ? null : typeName(type).text
}

function ownerOf(
  options: readonly Node[] | undefined,
): { readonly table: QualifiedName; readonly column: string } | 'none' | null {
  const parts = strings(as('List', option(options, 'owned_by')?.arg)?.items)
  const column = parts.at(-1)
  if (column === undefined) return null
  return parts.length === 1 ? 'none' : { table: qualified(parts.slice(0, -1)), column }
}
