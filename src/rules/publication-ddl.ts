import { isOld, type Catalog } from '../model/catalog.js'
import { listed } from '../model/listing.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import type { ChangePublication } from '../model/operations/object.js'
import { operationsIn } from '../model/pulled.js'
import type { Migration } from '../model/migration.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'publication-ddl',
    code: 'D25',
    family: 'compatibility',
    weight: 'warning',
    confidence: 'likely',
    tables: 'any',
    directions: 'up',
    summary: 'A publication changes: subscribers lose tables, or the publisher refuses to write',
    why:
      'A table that leaves a publication stays on the subscriber as it was, and nothing says that its rows grow old. A table that ' +
      'joins one without a primary key or another replica identity is worse off: PostgreSQL refuses every UPDATE and DELETE on it, ' +
      'on the publisher, from the commit on. Schema changes themselves are never replicated. A publication that this pull request ' +
      'creates, of tables that have a key, harms nobody and is not meant.',
    instead:
      'Add tables on the subscriber first and on the publisher last, and take them away in the other order. Give a table without a ' +
      'primary key a replica identity before it is published.',
    messages: {
      keyless:
        'Publication {{publication}} gets {{tables}}, which has no primary key: PostgreSQL refuses UPDATE and DELETE on it from then on',
      left: 'Publication {{publication}} loses {{tables}}: subscribers keep what they have, and are told nothing new',
      set: 'Publication {{publication}} gets a new list of tables: subscribers hear no more of what is not in it',
      dropped:
        'Publication {{publication}} is dropped: its subscribers are told nothing new from then on, or stop with an error',
    },
  },
  check: {
    'change-publication'(operation, { catalog, pull }) {
      const { action, publication, tables, schemas, span } = operation
      if (action === 'options') return
      if (action === 'drop') {
        return { message: 'left', at: span, data: { publication, tables: listed([...tables.map(show), ...schemas]) } }
      }
      const keyless = published(operation, catalog).filter((table) => lacksIdentity(table, catalog, pull))
      if (keyless.length > 0) {
        return { message: 'keyless', at: span, data: { publication, tables: listed(keyless.map(show)) } }
      }
      return action === 'set' && !isNew(publication, pull)
        ? { message: 'set', at: span, data: { publication } }
        : undefined
    },
    'drop-object'({ object, name, span }, { pull }) {
      if (object !== 'publication' || isNew(name.name, pull)) return
      return { message: 'dropped', at: span, data: { publication: name.name } }
    },
  },
})

function published({ tables, all }: ChangePublication, catalog: Catalog): readonly QualifiedName[] {
  if (!all) return tables
  return [...catalog.tables].filter(({ persistence }) => persistence === 'permanent').map(({ name }) => name)
}

/** Of a table that is not wholly known, it is not known either; an identity set by this pull request counts. */
function lacksIdentity(name: QualifiedName, catalog: Catalog, pull: readonly Migration[]): boolean {
  const table = catalog.table(name)
  if (table?.complete !== true || table.partitioned || !isOld(catalog, name)) return false
  if (table.constraints.some(({ type }) => type === 'primary-key')) return false
  return !operationsIn(pull).some(
    (each) => each.kind === 'alter-table' && each.action === 'replica-identity' && keyOf(each.table) === keyOf(name),
  )
}

function isNew(publication: string, pull: readonly Migration[]): boolean {
  return operationsIn(pull).some(
    (each) => each.kind === 'change-publication' && each.action === 'create' && each.publication === publication,
  )
}
