import { constraintName } from '../../model/constraint.js'
import { quote, type QualifiedName } from '../../model/names.js'
import type { TableConstraint } from '../../model/operations/table.js'
import type { Session } from '../../sandbox/sandbox.js'
import { literal } from '../seed/literal.js'
import type { Failing } from './failing.js'
import { MINE, relationOf } from './relation.js'

/** A constraint that rows break: as the failing statement adds it, or as it stands. Names are quoted where SQL needs it. */
export interface ConstraintFacts {
  readonly table: QualifiedName
  readonly columns: readonly string[]
  /** Of a foreign key. */
  readonly target: QualifiedName | null
  readonly targetColumns: readonly string[]
  /** Of a check. */
  readonly expression: string | null
  /** Whether the statement adds or validates it, so that the rows that were there break it. */
  readonly asked: boolean
}

/** The constraint of a name that an error message gives, with the name of its table. */
export async function constraintFacts(
  { statement }: Failing,
  session: Session,
  relation: string,
  name: string,
): Promise<ConstraintFacts | null> {
  const added = statement.operations.flatMap((operation) => additions(operation))
  const [only] = added
  const own =
    added.find(({ table, constraint }) => constraintName(table, constraint) === name) ??
    (added.length === 1 ? only : undefined)
  if (own !== undefined) return written(own.table, own.constraint, session)
  const asked = statement.operations.some((each) => each.kind === 'validate-constraint' && each.constraint === name)
  const [answer] = await session.read([
    `${STANDING} AND k.conname = ${literal(name)} AND c.relname = ${literal(relation)}`,
  ])
  const fact = answer !== undefined && 'rows' in answer ? answer.rows[0]?.[0] : undefined
  return typeof fact === 'string' ? { ...(JSON.parse(fact) as Omit<ConstraintFacts, 'asked'>), asked } : null
}

type Operation = Failing['statement']['operations'][number]

function additions(
  operation: Operation,
): readonly { readonly table: QualifiedName; readonly constraint: TableConstraint }[] {
  if (operation.kind === 'add-constraint') return [operation]
  if (operation.kind !== 'add-column') return []
  const { table, column } = operation
  return column.constraints.map((constraint) => ({
    table,
    constraint: constraint.type === 'check' ? constraint : { ...constraint, columns: [column.name] },
  }))
}

async function written(
  table: QualifiedName,
  constraint: TableConstraint,
  session: Session,
): Promise<ConstraintFacts | null> {
  const none = { table, columns: [], target: null, targetColumns: [], expression: null, asked: true }
  if (constraint.type === 'check') return { ...none, expression: constraint.expression.text }
  if (constraint.type !== 'foreign-key') return { ...none, columns: constraint.columns.map((column) => quote(column)) }
  const target = constraint.references
  const targetColumns =
    constraint.referencedColumns.length > 0
      ? constraint.referencedColumns.map((column) => quote(column))
      : ((await relationOf(session, target))?.key ?? [])
  return { ...none, columns: constraint.columns.map((column) => quote(column)), target, targetColumns }
}

const NAMES = (table: string, numbers: string): string =>
  `coalesce((SELECT json_agg(quote_ident(a.attname) ORDER BY w.at) FROM unnest(${numbers}) WITH ORDINALITY AS w (number, at)
     JOIN pg_catalog.pg_attribute a ON a.attrelid = ${table} AND a.attnum = w.number), '[]')`

const STANDING = `SELECT json_build_object('table', json_build_object('schema', n.nspname, 'name', c.relname),
    'columns', ${NAMES('k.conrelid', 'k.conkey')},
    'target', CASE WHEN k.confrelid <> 0 THEN (SELECT json_build_object('schema', m.nspname, 'name', t.relname)
        FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace m ON m.oid = t.relnamespace WHERE t.oid = k.confrelid) END,
    'targetColumns', ${NAMES('k.confrelid', 'k.confkey')},
    'expression', pg_get_expr(k.conbin, k.conrelid))
  FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE ${MINE}`
