import type { ChangeSet } from './change-set.js'
import type { Node } from './node.js'

/**
 * What Liquibase takes the checksum of a changeSet of: its changes, in which white space counts for nothing and a comment of SQL
 * for something. Rollbacks, preconditions and the attributes of the changeSet are no part of it. '' where any checksum will do.
 */
export function hashed({ changes, modifies, anyChecksum }: ChangeSet): string {
  return anyChecksum ? '' : [...changes, ...(modifies === null ? [] : [modifies])].map(textOf).join('\n')
}

/** How SQL is cut is no part of it either (`liquibase.change.AbstractSQLChange#getExcludedFieldFilters`). */
function textOf({ name, value, children }: Node): string {
  const text = value?.replace(/\s+/g, ' ').trim() ?? ''
  const counted = children.filter((child) => name !== 'sql' || child.name === 'sql' || child.name === 'dbms')
  // Attributes have no order, elements do.
  const attributes = counted
    .filter((child) => child.children.length === 0)
    .map(textOf)
    .sort()
  const elements = counted.filter((child) => child.children.length > 0).map(textOf)
  return `${name}(${[text, ...attributes, ...elements].join('|')})`
}
