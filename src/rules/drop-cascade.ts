import type { Catalog } from '../model/catalog.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import { rule } from './rule.js'

/** Columns of these types, or of types that come with them, go with their values. */
const TYPES = ['type', 'domain', 'extension']

export default rule({
  meta: {
    id: 'drop-cascade',
    code: 'B8',
    family: 'data-loss',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A drop takes along whatever depends on the object',
    why:
      'What CASCADE removes depends on the database at hand: a view or a foreign key that only production has goes without anybody ' +
      'having read its name. Dropping a type, a domain or an extension this way drops every column of that type with its values, ' +
      'which weighs as much as dropping the columns; and so does DROP OWNED. Tables, schemas and TRUNCATE have rules of their own.',
    instead:
      'Leave CASCADE out, and drop the dependent objects by name first. PostgreSQL then refuses when something was forgotten.',
    messages: {
      dependents: 'Drops {{object}} {{name}} with CASCADE: every object that depends on it goes along, unnamed',
      owned: 'Drops everything that a role owns, tables with their rows included, without naming any of it',
      columns: 'Drops {{object}} {{name}} with CASCADE: every column of its type goes along, with all values',
    },
  },
  check: {
    'drop-object'({ object, name, cascade, span }, { catalog }) {
      if (!cascade || isNew(name, catalog)) return
      const place = { at: span, data: { object, name: show(name) } }
      return TYPES.includes(object)
        ? { message: 'columns', weight: 'error', ...place }
        : { message: 'dependents', ...place }
    },
    unmodelled({ node, span }) {
      return node === 'DropOwnedStmt' ? { message: 'owned', weight: 'error', at: span } : undefined
    },
    'drop-column'({ table, column, cascade, span }) {
      if (!cascade) return
      return { message: 'dependents', at: span, data: { object: 'column', name: `${show(table)}.${column}` } }
    },
    'drop-constraint'({ table, constraint, cascade, span }) {
      if (!cascade) return
      return {
        message: 'dependents',
        at: span,
        data: { object: 'constraint', name: `${constraint} of ${show(table)}` },
      }
    },
    'drop-index'({ index, cascade, span }) {
      if (!cascade) return
      return { message: 'dependents', at: span, data: { object: 'index', name: show(index) } }
    },
  },
})

/** Whether this pull request creates the type, function or other object; the engine knows about tables and views. */
function isNew(name: QualifiedName, { enums, objects }: Catalog): boolean {
  const known = [...enums, ...objects].find((object) => keyOf(object.name) === keyOf(name))
  return known !== undefined && known.born !== 'base'
}
