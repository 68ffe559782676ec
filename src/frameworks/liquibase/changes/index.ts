import type { ChangeType } from './change.js'
import { CONSTRAINTS } from './constraints.js'
import { OBJECTS } from './objects.js'
import { ROWS } from './rows.js'
import { TABLES } from './tables.js'

const TYPES: ReadonlyMap<string, ChangeType> = new Map(
  Object.entries({
    ...TABLES,
    ...CONSTRAINTS,
    ...OBJECTS,
    ...ROWS,
    empty: { sql: () => [], inverse: () => [] },
    tagDatabase: { sql: () => [], inverse: () => [] },
    output: { sql: () => [], inverse: () => [] },
  }),
)

/** The kind of change of a name, where what it sends is known. */
export function changeType(name: string): ChangeType | undefined {
  return TYPES.get(name)
}

/** Changes of Liquibase's open edition whose SQL no file says, and why. */
export const UNSEEN: ReadonlyMap<string, string> = new Map([
  ['customChange', 'customChange runs a Java class, which is not read'],
  ['executeCommand', 'executeCommand runs a program, which is not read'],
  ['loadUpdateData', 'loadUpdateData looks up each row in the database'],
  ['dropAllForeignKeyConstraints', 'dropAllForeignKeyConstraints looks up the constraints in the database'],
  ['stop', 'stop ends the update: Liquibase goes no further'],
  ['groovyChange', 'groovyChange runs Groovy, which is not read'],
])
