import type { AlterDefaultPrivilegesStmt, GrantRoleStmt, GrantStmt, Node } from '@pgsql/types'
import { objectKind, objectName } from './object-name.js'
import type { Reader } from './reader.js'
import { spanOfAll } from './stretch.js'
import { all, roleName } from './tree.js'

/** GRANT and REVOKE on objects; on all objects of a schema, the schema is the object. */
export const readGrant: Reader<GrantStmt> = (statement, place) => {
  const { is_grant, targtype, objtype, objects, grantees } = statement
  const type = targtype === 'ACL_TARGET_ALL_IN_SCHEMA' ? 'OBJECT_SCHEMA' : objtype
  return [
    {
      kind: 'change-privileges',
      span: spanOfAll(place),
      action: is_grant === true ? 'grant' : 'revoke',
      object: objectKind(type),
      names: (objects ?? []).map((object) => objectName(type, object).name),
      grantees: roles(grantees),
    },
  ]
}

/** GRANT and REVOKE of membership in roles. */
export const readGrantRole: Reader<GrantRoleStmt> = ({ is_grant, granted_roles, grantee_roles }, place) => [
  {
    kind: 'change-privileges',
    span: spanOfAll(place),
    action: is_grant === true ? 'grant' : 'revoke',
    object: 'role',
    names: all('AccessPriv', granted_roles).map(({ priv_name = '' }) => ({ schema: '', name: priv_name })),
    grantees: roles(grantee_roles),
  },
]

/** ALTER DEFAULT PRIVILEGES: it concerns objects that are not there yet, so it names none. */
export const readDefaultPrivileges: Reader<AlterDefaultPrivilegesStmt> = ({ action }, place) => [
  {
    kind: 'change-privileges',
    span: spanOfAll(place),
    action: 'alter-default',
    object: objectKind(action?.objtype),
    names: [],
    grantees: roles(action?.grantees),
  },
]

function roles(nodes: readonly Node[] | undefined): readonly string[] {
  return all('RoleSpec', nodes).map(roleName)
}
