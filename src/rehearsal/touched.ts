import { keyOf, type QualifiedName } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { operationsOf, type Script } from '../model/migration.js'
import type { SchemaDump } from '../sandbox/sandbox.js'
import type { Facts, TableFacts } from './seed/facts.js'
import { shown } from './snapshot.js'

/** Tables, by the names of what rows are inserted into. */
export interface Touched {
  /** Those that up gave tables, columns, types or freedom that they did not have, and those whose rows down changes. */
  readonly changed: ReadonlySet<string>
  /** Those that refer to tables whose rows down changes. */
  readonly referring: ReadonlySet<string>
}

/** The tables of which a row written after up may be in the way of down, or be taken along by it. */
export function touched(before: SchemaDump, after: SchemaDump, down: Script, { tables, types }: Facts): Touched {
  const keys = [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key))
  // A new rule or index only forbids; what fits it has fitted before.
  const freer = keys.filter((key) => !/^(?:constraint|index) /.test(key) || before.has(key))
  const rewritten = rowsChangedBy(operationsOf(down))
  const isRewritten = (name: string): boolean => rewritten === 'any' || rewritten.has(shown(name))
  const changed = tables.filter(
    (table) =>
      [table.name, table.into].some(isRewritten) ||
      freer.some((key) => concerns(key, before.get(key) ?? '', table)) ||
      table.columns.some(({ type }) => freer.includes(typeKey(types, type))),
  )
  const referring = tables.filter(
    (table) =>
      rewritten !== 'any' &&
      table.references.some(({ targetName }) => isRewritten(targetName) && targetName !== table.name),
  )
  const names = (list: readonly TableFacts[]): ReadonlySet<string> => new Set(list.map(({ into }) => into))
  return { changed: names(changed), referring: names(referring) }
}

function concerns(key: string, definition: string, { name, into }: TableFacts): boolean {
  return [name, into].some(
    (table) =>
      key === `table ${table}` ||
      key.startsWith(`column ${table}.`) ||
      key.startsWith(`constraint ${table}.`) ||
      (key.startsWith('index ') && definition.includes(` ON ${table} USING `)),
  )
}

function typeKey(types: Facts['types'], type: string): string {
  const facts = types.get(type)
  const own = facts?.kind === 'array' ? types.get(facts.of ?? '') : facts
  return own === undefined ? '' : `${own.kind === 'composite' ? 'type' : own.kind} ${own.qualified}`
}

/** The tables whose rows statements change; `any` where that cannot be told. */
function rowsChangedBy(operations: readonly Operation[]): ReadonlySet<string> | 'any' {
  const names = new Set<string>()
  const add = (table: QualifiedName): void => void names.add(keyOf(table))
  for (const operation of operations) {
    switch (operation.kind) {
      case 'insert':
      case 'update':
      case 'delete':
      case 'merge':
      case 'truncate':
        add(operation.table)
        break
      case 'do': {
        const inner = operation.dynamic || operation.unread > 0 ? 'any' : rowsChangedBy(operation.inner)
        if (inner === 'any') return 'any'
        for (const name of inner) names.add(name)
        break
      }
      case 'call':
        return 'any'
      default:
    }
  }
  return names
}
