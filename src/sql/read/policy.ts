import type { AlterPolicyStmt, CreatePolicyStmt } from '@pgsql/types'
import type { Reader } from './reader.js'
import { spanOfAll } from './stretch.js'
import { relationName } from './tree.js'

/** CREATE POLICY. */
export const readCreatePolicy: Reader<CreatePolicyStmt> = ({ table, policy_name = '', permissive }, place) => [
  {
    kind: 'create-policy',
    span: spanOfAll(place),
    table: relationName(table),
    name: policy_name,
    // The parse tree leaves out what is false.
    restrictive: permissive !== true,
  },
]

/** ALTER POLICY. */
export const readAlterPolicy: Reader<AlterPolicyStmt> = ({ table, policy_name = '' }, place) => [
  { kind: 'alter-policy', span: spanOfAll(place), table: relationName(table), name: policy_name },
]
