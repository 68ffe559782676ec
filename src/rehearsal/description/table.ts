import type { DescribedColumn, DescribedPart, DescribedReference, TableDescription } from '../../model/description.js'
import type { Session } from '../../sandbox/sandbox.js'
import type { Chronicle } from './chronicle.js'
import * as ask from './queries.js'

/** A table or view of the user's. */
export interface Relation {
  readonly oid: string
  readonly schema: string
  readonly table: string
  /** Qualified, quoted where PostgreSQL quotes. */
  readonly name: string
  readonly kind: TableDescription['kind']
}

type Row = readonly (string | null)[]

/** Every table and view of the user's. Throws when it cannot be read. */
export async function relationsOf(session: Session): Promise<readonly Relation[]> {
  const [rows = []] = await answered(session, [ask.RELATIONS])
  return rows.map(([oid, schema, table, name, kind]) => ({
    oid: oid ?? '',
    schema: schema ?? '',
    table: table ?? '',
    name: name ?? '',
    kind: KINDS[kind ?? ''] ?? 'table',
  }))
}

const KINDS: Readonly<Record<string, TableDescription['kind']>> = {
  p: 'partitioned table',
  f: 'foreign table',
  v: 'view',
  m: 'materialized view',
}

/** Reads what a table is made of, with what a chronicle knows of each part. Throws when it cannot be read. */
export async function describeTable(
  session: Session,
  { oid, name, kind }: Relation,
  chronicle: Chronicle,
): Promise<TableDescription> {
  const answers = await answered(session, [
    ask.relation(oid),
    ask.parents(oid),
    ask.children(oid),
    ask.columns(oid),
    ...[ask.constraints, ask.indexes, ask.triggers, ask.policies, ask.rules].map((query) => query(oid)),
    ask.references(oid, 'conrelid'),
    ask.references(oid, 'confrelid'),
  ])
  const rows = (at: number): readonly Row[] => answers[at] ?? []
  const [comment = null, query = null, partitionedBy = null, bound = null, rowSecurity] = rows(0)[0] ?? []
  const parts = (at: number): readonly DescribedPart[] =>
    rows(at).map(([key, part, definition]) => ({
      name: part ?? '',
      definition: definition ?? '',
      ...chronicle.traceOf(key ?? ''),
    }))
  return {
    name,
    kind,
    comment,
    query,
    partitionedBy,
    bound,
    parents: rows(1).map(([parent]) => parent ?? ''),
    children: rows(2).map(([child, limits = null]) => ({ name: child ?? '', bound: limits })),
    rowSecurity: rowSecurity === 'on' || rowSecurity === 'forced' ? rowSecurity : 'off',
    columns: rows(3).map((row) => columnOf(row, chronicle)),
    constraints: parts(4),
    indexes: parts(5),
    triggers: parts(6),
    policies: parts(7),
    rules: parts(8),
    references: rows(9).map((row) => referenceOf(row, chronicle)),
    referencedBy: rows(10).map((row) => referenceOf(row, chronicle)),
    ...chronicle.traceOfRelation(`relation ${oid}`),
  }
}

function columnOf([key, name, type, notNull, value, comment]: Row, chronicle: Chronicle): DescribedColumn {
  return {
    name: name ?? '',
    type: type ?? '',
    notNull: notNull === 't' || notNull === 'true',
    value: value ?? null,
    comment: comment ?? null,
    ...chronicle.traceOf(key ?? ''),
  }
}

function referenceOf(row: Row, chronicle: Chronicle): DescribedReference {
  const [key, name, from, columns, to, toColumns, definition] = row
  return {
    name: name ?? '',
    from: from ?? '',
    columns: JSON.parse(columns ?? '[]') as string[],
    to: to ?? '',
    toColumns: JSON.parse(toColumns ?? '[]') as string[],
    definition: definition ?? '',
    ...chronicle.traceOf(key ?? ''),
  }
}

async function answered(session: Session, queries: readonly string[]): Promise<readonly (readonly Row[])[]> {
  const answers = await session.read(queries)
  return answers.map((answer) => {
    if ('error' in answer) throw new Error(`the schema could not be read: ${answer.error}`)
    return answer.rows
  })
}
