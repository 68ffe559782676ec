import { bornOf } from '../model/catalog.js'
import { listed } from '../model/listing.js'
import { keyOf, show } from '../model/names.js'
import type { ChangePrivileges } from '../model/operations/object.js'
import { operationsAfter } from '../model/pulled.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'grant-or-owner-change',
    code: 'D29',
    family: 'compatibility',
    weight: 'warning',
    confidence: 'likely',
    tables: 'existing',
    directions: 'up',
    once: 'script',
    summary: 'A right is taken away, or the owner changes, on something that existed before this pull request',
    why:
      'A role that loses a right gets “permission denied” on its next query, in sessions that are open as well. A change of owner ' +
      'takes every right of an owner from the old one at once, such as altering the table and passing by row level security. ' +
      'Whether the application connects as that role, the text does not tell. Objects that this pull request creates are not ' +
      'meant, nor a REVOKE after which the same roles are granted something on the same object again.',
    instead:
      'Grant first: give the new role what it needs, let a release connect as that role, and take the right from the old one when ' +
      'nothing uses it any more.',
    messages: {
      revoked: 'Takes rights on {{object}} {{names}} from {{roles}}: deployed code that connects so is refused at once',
      membership: 'Takes membership in {{names}} from {{roles}}, and with it every right that came of it',
      owner: 'Makes {{owner}} the owner of {{object}} {{names}}: the old owner loses its rights at once',
      reassigned: 'Gives everything that a role owns to another one: the old owner loses its rights at once',
    },
  },
  check: {
    'change-privileges'(operation, { catalog, pull }) {
      const { action, object, names, grantees, span } = operation
      if (action !== 'revoke') return
      const roles = grantees.filter((role) => !isGrantedAgain(operation, role, operationsAfter(operation, pull)))
      if (roles.length === 0) return
      if (object === 'role') return { message: 'membership', at: span, data: said(names.map(show), roles) }
      const old = names.filter((name) => {
        const born = bornOf(catalog, object, name)
        return born === 'base' || born === 'unknown'
      })
      if (old.length === 0) return
      return { message: 'revoked', at: span, data: { object, ...said(old.map(show), roles) } }
    },
    'change-owner'({ object, name, owner, span }, { catalog }) {
      const born = bornOf(catalog, object, name)
      if (born !== 'base' && born !== 'unknown') return
      return { message: 'owner', at: span, data: { object, names: show(name), owner } }
    },
    unmodelled({ node, span }) {
      return node === 'ReassignOwnedStmt' ? { message: 'reassigned', at: span } : undefined
    },
  },
})

function said(names: readonly string[], roles: readonly string[]): { names: string; roles: string } {
  return { names: listed(names), roles: roles.join(', ') }
}

/** Whether a role gets something on the same object afterwards: then the REVOKE only clears the ground. */
function isGrantedAgain(
  { object, names }: ChangePrivileges,
  role: string,
  after: ReturnType<typeof operationsAfter>,
): boolean {
  return after.some(
    (each) =>
      each.kind === 'change-privileges' &&
      each.action === 'grant' &&
      each.object === object &&
      each.grantees.includes(role) &&
      names.every((name) => each.names.some((other) => keyOf(other) === keyOf(name))),
  )
}
