import { constraintName } from '../../model/constraint.js'
import type { Operation } from '../../model/operation.js'
import type { Script, Statement } from '../../model/migration.js'
import type { Failing } from './failing.js'

/** What kinds of names are kept apart. */
export type NameKind = 'relation' | 'column' | 'constraint' | 'function' | 'type' | 'schema' | 'other'

/** A name that a statement makes, takes away or changes; `of` is the table of a column or constraint. */
interface Deed {
  readonly verb: 'made' | 'dropped' | 'renamed'
  readonly kind: NameKind
  readonly name: string
  readonly of: string | null
  /** What it is called now. */
  readonly to: string | null
}

/** The last that became of a name before the failing statement, and where: in words that follow "by". */
export interface LastDeed extends Deed {
  readonly by: string
}

/** The last that the plan did to a name before the failing statement met it; null when it never spoke of it. */
export function lastDeed(failing: Failing, kind: NameKind, name: string, of: string | null): LastDeed | null {
  const found = before(failing).flatMap(({ by, statement }) =>
    statement.operations
      .flatMap((operation) => deeds(operation))
      .filter((deed) => deed.kind === kind && (of === null || deed.of === null || deed.of === of))
      .filter((deed) => deed.name === name || (deed.verb === 'renamed' && deed.to === name))
      .map((deed) => ({ ...deed, by })),
  )
  return found.at(-1) ?? null
}

/** The first of what comes after the failing statement that makes a name, in words that follow "by"; null when nothing does. */
export function madeLater(failing: Failing, kind: NameKind, name: string): string | null {
  const { script, statement, plan, item, phase } = failing
  const rest = script.statements.slice(script.statements.indexOf(statement) + 1)
  const makes = (each: Statement): boolean =>
    each.operations
      .flatMap((operation) => deeds(operation))
      .some((deed) => deed.verb === 'made' && deed.kind === kind && deed.name === name)
  const own = rest.find(makes)
  if (own !== undefined) return `line ${own.span.start.line}, which comes later`
  if (phase !== 'up') return null
  const later = plan.slice(plan.indexOf(item) + 1).find(({ up }) => statementsOf(up).some(makes))
  return later === undefined ? null : `${later.revision.id}, which comes later`
}

/** Whether a later statement of the script takes something of the name away; its line when so. */
export function droppedLater({ script, statement }: Failing, name: string): number | null {
  const rest = script.statements.slice(script.statements.indexOf(statement) + 1)
  const own = rest.find((each) =>
    each.operations
      .flatMap((operation) => deeds(operation))
      .some((deed) => deed.verb === 'dropped' && deed.name === name),
  )
  return own?.span.start.line ?? null
}

function before({ script, statement, plan, item, phase }: Failing): readonly { by: string; statement: Statement }[] {
  const earlier = plan
    .slice(0, plan.indexOf(item))
    .flatMap(({ revision, up }) => statementsOf(up).map((each) => ({ by: revision.id, statement: each })))
  const own = (which: 'up' | 'down'): ReturnType<typeof before> =>
    statementsOf(item[which]).map((each) => ({
      by: which === 'up' ? 'the up of this migration' : 'the down of this migration',
      statement: each,
    }))
  const above = script.statements
    .slice(0, script.statements.indexOf(statement))
    .map((each) => ({ by: `line ${each.span.start.line}`, statement: each }))
  if (phase === 'up') return [...earlier, ...above]
  return [...earlier, ...own('up'), ...(phase === 'reapply' ? own('down') : []), ...above]
}

function statementsOf(script: Script): readonly Statement[] {
  return script.kind === 'script' ? script.statements : []
}

function deeds(operation: Operation): readonly Deed[] {
  const deed = (
    verb: Deed['verb'],
    kind: NameKind,
    name: string | null,
    of: string | null = null,
    to: string | null = null,
  ): readonly Deed[] => (name === null ? [] : [{ verb, kind, name, of, to }])
  switch (operation.kind) {
    case 'create-table':
      return [
        ...deed('made', 'relation', operation.table.name),
        ...operation.columns.flatMap(({ name }) => deed('made', 'column', name, operation.table.name)),
        ...operation.constraints.flatMap((each) =>
          deed('made', 'constraint', constraintName(operation.table, each), operation.table.name),
        ),
      ]
    case 'drop-table':
      return deed('dropped', 'relation', operation.table.name)
    case 'rename-table':
      return deed('renamed', 'relation', operation.table.name, null, operation.newName)
    case 'add-column':
      return deed('made', 'column', operation.column.name, operation.table.name)
    case 'drop-column':
      return deed('dropped', 'column', operation.column, operation.table.name)
    case 'rename-column':
      return deed('renamed', 'column', operation.column, operation.table.name, operation.newName)
    case 'add-constraint': {
      const name = constraintName(operation.table, operation.constraint)
      const index = ['primary-key', 'unique', 'exclusion'].includes(operation.constraint.type)
      return [
        ...deed('made', 'constraint', name, operation.table.name),
        ...(index ? deed('made', 'relation', name) : []),
      ]
    }
    case 'drop-constraint':
      return deed('dropped', 'constraint', operation.constraint, operation.table.name)
    case 'rename-constraint':
      return deed('renamed', 'constraint', operation.constraint, operation.table.name, operation.newName)
    case 'create-index':
      return deed('made', 'relation', operation.name)
    case 'drop-index':
      return deed('dropped', 'relation', operation.index.name)
    case 'create-view':
      return deed('made', 'relation', operation.view.name)
    case 'create-sequence':
      return deed('made', 'relation', operation.sequence.name)
    case 'create-enum':
    case 'create-type':
      return deed('made', 'type', operation.type.name)
    case 'create-domain':
      return deed('made', 'type', operation.domain.name)
    case 'create-function':
      return deed('made', 'function', operation.function.name)
    case 'create-schema':
      return deed('made', 'schema', operation.schema)
    case 'drop-schema':
      return deed('dropped', 'schema', operation.schema)
    case 'create-trigger':
      return deed('made', 'other', operation.name, operation.table.name)
    case 'create-policy':
      return deed('made', 'other', operation.name, operation.table.name)
    case 'drop-object':
      return deed('dropped', kindOf(operation.object), operation.name.name, operation.table?.name ?? null)
    case 'rename-object':
      return deed(
        'renamed',
        kindOf(operation.object),
        operation.name.name,
        operation.table?.name ?? null,
        operation.newName,
      )
    default:
      return []
  }
}

const KINDS: Readonly<Record<string, NameKind>> = {
  table: 'relation',
  view: 'relation',
  'materialized-view': 'relation',
  'materialized view': 'relation',
  index: 'relation',
  sequence: 'relation',
  type: 'type',
  enum: 'type',
  domain: 'type',
  function: 'function',
  procedure: 'function',
  routine: 'function',
  aggregate: 'function',
  schema: 'schema',
}

function kindOf(object: string): NameKind {
  return KINDS[object] ?? 'other'
}
