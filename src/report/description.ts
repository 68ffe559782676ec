import type { Project } from '../model/migration.js'
import type { DescribedReference, SeenTable, TableDescription, Trace } from '../model/description.js'
import type { TableSize } from '../model/settings.js'
import type { Span } from '../source/span.js'
import { asJson } from './untrusted.js'

/** A table as one project of a checkout makes it. */
export interface ProjectTable {
  readonly project: Project
  readonly seen: SeenTable
  readonly table: TableDescription
  /** What statistics or the team say of its size. */
  readonly size: TableSize
  /** What could not be read, beside what `seen` could not run. */
  readonly unread: readonly { readonly message: string; readonly at: Span | null }[]
}

/** Whether all that the history says was brought about. */
export function isComplete({ seen, unread }: ProjectTable): boolean {
  return seen.skipped.length === 0 && unread.length === 0
}

/** The description as other programs read it; names as PostgreSQL writes them, revisions by their ids. */
export function descriptionJson(tables: readonly ProjectTable[]): string {
  return asJson({ version: 1, tables: tables.map(jsonOf) })
}

function jsonOf(described: ProjectTable): unknown {
  const { project, seen, table, size, unread } = described
  const { name, kind, comment, query, partitionedBy, bound, parents, children, rowSecurity } = table
  return {
    project: { framework: project.framework, root: project.root },
    name,
    kind,
    size,
    comment,
    query,
    partitionedBy,
    bound,
    parents,
    children,
    rowSecurity,
    ...traceOf(table),
    columns: table.columns.map(({ created, changed, ...column }) => ({ ...column, ...traceOf({ created, changed }) })),
    constraints: table.constraints,
    indexes: table.indexes,
    triggers: table.triggers,
    policies: table.policies,
    rules: table.rules,
    references: table.references.map(referenceOf),
    referencedBy: table.referencedBy.map(referenceOf),
    seen: { sandbox: seen.sandbox, postgres: seen.postgres, revisions: seen.revisions },
    complete: isComplete(described),
    missing: [
      ...seen.skipped.map(({ sql, at, reason }) => ({ sql, path: at.path, line: at.start.line, reason })),
      ...unread.map(({ message, at }) => ({
        sql: '',
        path: at?.path ?? null,
        line: at?.start.line ?? null,
        reason: message,
      })),
    ],
  }
}

function traceOf({ created, changed }: Trace): Trace {
  return { created, changed }
}

function referenceOf({
  name,
  from,
  columns,
  to,
  toColumns,
  definition,
  created,
  changed,
}: DescribedReference): unknown {
  return { name, from, columns, to, toColumns, definition, created, changed }
}
