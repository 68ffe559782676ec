import type {
  AlterDatabaseRefreshCollStmt,
  AlterDatabaseSetStmt,
  AlterDatabaseStmt,
  AlterRoleSetStmt,
  AlterRoleStmt,
  CreatedbStmt,
  CreateRoleStmt,
  DropdbStmt,
  DropRoleStmt,
} from '@pgsql/types'
import type { ChangeDatabase } from '../../model/operations/object.js'
import { listedSpans } from './drop.js'
import type { Reader } from './reader.js'
import { spanOfAll } from './stretch.js'
import { all, roleName } from './tree.js'

/** CREATE ROLE, USER and GROUP. */
export const readCreateRole: Reader<CreateRoleStmt> = ({ role = '' }, place) => [
  { kind: 'change-role', span: spanOfAll(place), action: 'create', role },
]

/** ALTER ROLE, its SET form too; `all` for ALTER ROLE ALL. */
export const readAlterRole: Reader<AlterRoleStmt | AlterRoleSetStmt> = ({ role }, place) => [
  { kind: 'change-role', span: spanOfAll(place), action: 'alter', role: role === undefined ? 'all' : roleName(role) },
]

/** DROP ROLE: one operation for each. */
export const readDropRole: Reader<DropRoleStmt> = ({ roles }, place) => {
  const names = all('RoleSpec', roles).map(roleName)
  const spans = listedSpans(place, names.length)
  return names.map((role, i) => ({ kind: 'change-role', span: spans[i] ?? spanOfAll(place), action: 'drop', role }))
}

const database =
  (action: ChangeDatabase['action']): Reader<{ readonly dbname?: string }> =>
  ({ dbname = '' }, place) => [{ kind: 'change-database', span: spanOfAll(place), action, database: dbname }]

/** CREATE DATABASE. */
export const readCreateDatabase: Reader<CreatedbStmt> = database('create')

/** ALTER DATABASE, its SET and REFRESH forms too. */
export const readAlterDatabase: Reader<AlterDatabaseStmt | AlterDatabaseSetStmt | AlterDatabaseRefreshCollStmt> =
  database('alter')

/** DROP DATABASE. */
export const readDropDatabase: Reader<DropdbStmt> = database('drop')
