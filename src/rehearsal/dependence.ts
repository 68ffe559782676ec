import type { DataDependent, RehearsalStep, SqlFailure } from '../model/evidence.js'
import type { Operation } from '../model/operation.js'
import { quote, type QualifiedName } from '../model/names.js'
import type { PlanItem } from './plan.js'
import type { Seen } from './trial.js'

/** Whether up may have failed because of what rows hold: by a rule that they break, or a value that does not convert. */
export function dependsOnRows({ verdict, steps, data }: Seen): boolean {
  const failed = failure(steps)?.error
  return verdict === 'up-fails' && data.rows > 0 && failed !== undefined && DATA.test(failed?.sqlstate ?? '')
}

/** Data exceptions, cardinality and constraint violations, what a function raises, and events of rows that are pending. */
const DATA = /^(?:21|22|23|P0|55006)/

/** What a failure on rows says, with a query that finds such rows elsewhere. */
export function dependence({ steps }: Seen, { up }: PlanItem): DataDependent | null {
  const step = failure(steps)
  if (step?.error === null || step === undefined) return null
  const { error, sql, at } = step
  const statement =
    up.kind === 'script'
      ? up.statements.find((each) => each.sql === sql && each.span.start.line === at.start.line)
      : undefined
  const query = queryOf(error, statement?.operations ?? [])
  return {
    sql,
    at: error.at,
    sqlstate: error.sqlstate,
    message: [error.message, error.detail].filter((part) => part !== null).join('. '),
    query,
  }
}

function failure(steps: readonly RehearsalStep[]): RehearsalStep | undefined {
  return steps.find(({ phase, error }) => phase === 'up' && error !== null)
}

type Constraint = Extract<Operation, { kind: 'add-constraint' }>

function queryOf({ sqlstate, message, detail }: SqlFailure, operations: readonly Operation[]): string | null {
  const named = (pattern: RegExp): readonly string[] => pattern.exec(message)?.slice(1) ?? []
  const constraint = (name: string | undefined): Constraint['constraint'] | undefined => {
    const all = operations.flatMap((operation) => (operation.kind === 'add-constraint' ? [operation.constraint] : []))
    return all.find((each) => each.name === name) ?? (all.length === 1 ? all[0] : undefined)
  }
  const table = operations.flatMap((operation) =>
    'table' in operation && operation.table !== null ? [operation.table] : [],
  )[0]
  switch (sqlstate) {
    case '23502': {
      const [column, relation] = named(/column "(.+)" of relation "(.+?)" /s)
      if (column === undefined || relation === undefined) return null
      const added = operations.some((each) => each.kind === 'add-column' && each.column.name === column)
      return added
        ? `SELECT * FROM ${quote(table ?? relation)} LIMIT 1`
        : rows(table ?? relation, `${quote(column)} IS NULL`)
    }
    case '23505': {
      const columns = /^Key \((.+?)\)=/s.exec(detail ?? '')?.[1]
      if (columns === undefined || table === undefined) return null
      return `SELECT ${columns}, count(*) FROM ${quote(table)} GROUP BY ${columns} HAVING count(*) > 1`
    }
    case '23503': {
      const [relation, name] = named(/on table "(.+?)" violates foreign key constraint "(.+)"/s)
      const added = constraint(name)
      if (relation === undefined || added?.type !== 'foreign-key') return null
      return orphans(table ?? relation, added.columns, added.references, added.referencedColumns)
    }
    case '23514': {
      const [name, relation] = named(/check constraint "(.+?)" of relation "(.+?)"/s)
      const added = constraint(name)
      return relation === undefined || added?.type !== 'check'
        ? null
        : rows(table ?? relation, `(${added.expression.text}) IS FALSE`)
    }
    default:
      return conversion(operations)
  }
}

const rows = (table: QualifiedName | string, condition: string): string =>
  `SELECT * FROM ${quote(table)} WHERE ${condition}`

function orphans(
  table: QualifiedName | string,
  columns: readonly string[],
  target: QualifiedName,
  keys: readonly string[],
): string | null {
  if (keys.length !== columns.length) {
    return columns.length === 1 ? orphans(table, columns, target, ['id']) : null
  }
  const present = columns.map((column) => `c.${quote(column)} IS NOT NULL`).join(' AND ')
  const equal = columns.map((column, at) => `p.${quote(keys[at] ?? '')} = c.${quote(column)}`).join(' AND ')
  return `SELECT * FROM ${quote(table)} c WHERE ${present} AND NOT EXISTS (SELECT FROM ${quote(target)} p WHERE ${equal})`
}

/** Values that do not convert to the type that a column gets. */
function conversion(operations: readonly Operation[]): string | null {
  const changes = operations.flatMap((operation) => (operation.kind === 'set-column-type' ? [operation] : []))
  const [change] = changes
  if (change === undefined || changes.length > 1) return null
  const { table, column, type } = change
  return `SELECT ${quote(column)} FROM ${quote(table)} WHERE NOT pg_input_is_valid(${quote(column)}::text, '${type.text.replaceAll("'", "''")}')`
}
