import { diffArrays } from 'diff'
import type { Rehearsal, SchemaChange } from '../model/evidence.js'
import { canChange, isSameRevision, labelOf, operationsOf } from '../model/migration.js'
import type { Review } from '../model/review.js'
import { newRehearsals } from './new-migrations.js'
import { bare } from './schema-name.js'
import { visible } from './untrusted.js'
import { count } from './wording.js'
import { sayOperation } from './words.js'

/** One line of a diff. A text never holds a line end. */
export interface DiffLine {
  readonly sign: '+' | '-' | ' '
  readonly text: string
}

/** What one migration does to the schema. */
export interface SchemaView {
  readonly migration: string
  /** Such as `2 added, 1 dropped`. */
  readonly summary: string
  readonly lines: readonly DiffLine[]
  /** Changes beyond those in the lines. */
  readonly more: number
  /** Why it is not known; '' when it is. */
  readonly unknown: string
  /** Where it is not known, what the statements say that nobody has run. */
  readonly said: readonly string[]
}

/** What the new migrations of a review do to the schema, in the order in which they were rehearsed. */
export function schemaViews(review: Pick<Review, 'rehearsals' | 'migrations'>): readonly SchemaView[] {
  return newRehearsals(review).map(({ revision, schema, verdict, reason }) => {
    const view = { migration: labelOf(revision), lines: [], more: 0, unknown: '', said: [] }
    if (schema !== null) {
      const summary = schema.changes.length === 0 ? 'no change' : summaryOf(schema.changes, schema.more)
      return { ...view, summary, lines: diffOf(schema.changes), more: schema.more }
    }
    const up = review.migrations.find((migration) => isSameRevision(migration.revision, revision))?.up.script
    const said = up === undefined ? [] : operationsOf(up).filter(canChange).map(sayOperation)
    return { ...view, summary: 'not known', unknown: unknown(verdict, reason), said }
  })
}

function unknown(verdict: Rehearsal['verdict'], reason: string | null): string {
  const why = reason === null ? '' : `: ${reason}`
  return verdict === 'up-fails' ? `up fails${why}` : `up was not run${why}`
}

function summaryOf(changes: readonly SchemaChange[], more: number): string {
  const whole = new Set(
    changes.flatMap(({ kind, table, before, after }) =>
      kind === 'table' && (before === null || after === null) ? [table] : [],
    ),
  )
  const counted = changes.filter(({ kind, table }) => kind === 'table' || !whole.has(table))
  const added = counted.filter(({ before }) => before === null).length
  const dropped = counted.filter(({ after }) => after === null).length
  const altered = counted.length - added - dropped
  const parts = [
    added > 0 ? `${added} added` : '',
    dropped > 0 ? `${dropped} dropped` : '',
    altered > 0 ? `${altered} altered` : '',
    more > 0 ? count(more, 'more change') : '',
  ]
  return parts.filter((part) => part !== '').join(', ')
}

/** Changes as a diff: tables as blocks of their parts, everything else line by line. */
export function diffOf(changes: readonly SchemaChange[]): readonly DiffLine[] {
  const lines: DiffLine[] = []
  let table: string | null = null
  for (const change of changes) {
    const enters = change.table !== null && change.table !== table
    const leaves = change.table === null && table !== null
    if ((enters || leaves) && lines.length > 0) lines.push({ sign: ' ', text: '' })
    if (enters && change.kind !== 'table') lines.push({ sign: ' ', text: visible(`table ${bare(change.table ?? '')}`) })
    table = change.table
    lines.push(...linesOf(change))
  }
  return lines
}

function linesOf(change: SchemaChange): readonly DiffLine[] {
  const indent = change.table !== null && change.kind !== 'table' ? '  ' : ''
  const text = (definition: string | null): readonly string[] =>
    definition === null
      ? []
      : textOf(change, definition)
          .trimEnd()
          .split(/\r\n|\n|\r/)
          .map((line) => `${indent}${line}`.trimEnd())
  if (change.before === change.after) return signed(' ', text(change.after))
  const [old, now] = [text(change.before), text(change.after)]
  if (old.length <= 1 && now.length <= 1) return [...signed('-', old), ...signed('+', now)]
  return between(old, now)
}

function signed(sign: DiffLine['sign'], texts: readonly string[]): readonly DiffLine[] {
  return texts.map((text) => ({ sign, text }))
}

/** Equal lines around a difference that are shown. */
const CONTEXT = 3
/** Beyond so many edits both texts are shown in full. */
const MOST_EDITS = 400

function between(old: readonly string[], now: readonly string[]): readonly DiffLine[] {
  const edits = diffArrays([...old], [...now], { maxEditLength: MOST_EDITS })
  if (edits === undefined) return [...signed('-', old), ...signed('+', now)]
  return edits.flatMap(({ added, removed, value }) => {
    if (added || removed) return signed(added ? '+' : '-', value)
    if (value.length <= 2 * CONTEXT + 1) return signed(' ', value)
    const hidden = { sign: ' ' as const, text: `  … ${count(value.length - 2 * CONTEXT, 'unchanged line')}` }
    return [...signed(' ', value.slice(0, CONTEXT)), hidden, ...signed(' ', value.slice(-CONTEXT))]
  })
}

/** A change as a person would write it in SQL, as far as that is short. */
function textOf({ kind, name, table }: SchemaChange, definition: string): string {
  const shown = bare(definition)
  switch (kind) {
    case 'table':
      return definition === 'table' ? `table ${bare(name)}` : `table ${bare(name)} (${shown.replace(/^table, /, '')})`
    case 'column':
      return `${name} ${shown}`
    case 'constraint':
      return `constraint ${name} ${shown}`
    case 'index':
    case 'trigger':
    case 'rule':
      return shown
    case 'function':
    case 'procedure':
      return definition
    case 'view':
    case 'materialized view':
      return `${kind} ${bare(name)} AS\n${shown}`
    case 'enum':
      return `enum ${bare(name)} (${shown})`
    default: {
      const what = `${kind} ${name === table ? '' : bare(name)}`.trimEnd()
      return shown === '' ? what : `${what}: ${shown}`
    }
  }
}
