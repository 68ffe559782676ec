import { drawing } from './erd.js'
import { type Cut, type Limits, more } from './limits.js'
import type { ProjectPicture } from './merged-picture.js'
import { subjectOf, wayBack, wayOut, WORTHS, type PlanStep } from './plan-words.js'
import type { Query, RollbackPlan, Worth } from './rollback-plan.js'
import type { SchemaView } from './schema-diff.js'
import { shorten, shortenBlock } from './untrusted.js'
import { count } from './wording.js'

/** What the migrations do to the schema, each as a diff; null when none was to be rehearsed. */
export function schemaFold(schemas: readonly SchemaView[], cut: Cut, limits: Limits): object | null {
  if (schemas.length === 0) return null
  const [only] = schemas
  return {
    summary: `Schema change: ${schemas.length === 1 && only !== undefined ? only.summary : count(schemas.length, 'migration')}`,
    rows: schemas.slice(0, limits.folded).map((schema) => ({
      migration: cut(schema.migration),
      summary: schema.summary,
      lines: diffBlock(schema, limits.diff),
      more: schema.more > 0 ? `… and ${count(schema.more, 'more change')}` : '',
      unknown: cut(schema.unknown),
      said: schema.said.slice(0, limits.folded).map((line) => ({ line: cut(line) })),
      moreSaid: more(schema.said.length, limits.folded, 'operation'),
    })),
    more: more(schemas.length, limits.folded, 'migration'),
  }
}

/** A line of it begins with its sign, and no other line does. */
export function diffBlock({ lines }: Pick<SchemaView, 'lines'>, most: number): string {
  const shown = lines.slice(0, most).map(({ sign, text }) => shorten(`${sign} ${text}`, 400).trimEnd())
  return [...shown, ...(lines.length > most ? [`  … ${count(lines.length - most, 'more line')}`] : [])].join('\n')
}

/** The tables around the change as Mermaid draws them. */
export function pictureFold(pictures: readonly ProjectPicture[], cut: Cut, limits: Limits): object | null {
  if (pictures.length === 0) return null
  const tables = pictures.reduce((sum, { picture }) => sum + picture.tables.length, 0)
  const most = Math.floor(limits.picture / Math.min(pictures.length, limits.folded))
  return {
    summary: `Picture of ${count(tables, 'table')} around the change`,
    rows: pictures.slice(0, limits.folded).map(({ root, picture }) => {
      const { mermaid, left } = drawing(picture, most)
      return {
        root: pictures.length === 1 ? '' : cut(root),
        drawing: mermaid,
        left: left.length === 0 ? '' : `Not drawn: ${left.join(', ')}`,
      }
    }),
    more: more(pictures.length, limits.folded, 'project'),
  }
}

const MARKS: Readonly<Record<Worth, string>> = { shown: '✅', partly: '⚠️', fails: '❌', unknown: '❔', none: '❌' }

/** How the change goes out and comes back. */
export function planFold(plans: readonly RollbackPlan[], cut: Cut, limits: Limits): object | null {
  const [only] = plans
  if (only === undefined) return null
  return {
    summary: `Rollback plan: ${plans.length === 1 ? WORTHS[only.worth] : plans.map((plan) => `${subjectOf(plan, plans.length)}${WORTHS[plan.worth]}`).join('; ')}`,
    rows: plans.slice(0, limits.folded).map((plan) => planRow(plan, cut, limits)),
    more: more(plans.length, limits.folded, 'project'),
  }
}

/** A command that is cut short must not be run. */
function runnable(command: string): string {
  return command.length > 1_000 ? '' : command
}

function planRow(plan: RollbackPlan, cut: Cut, limits: Limits): object {
  const list = (lines: readonly string[], noun: string): object => ({
    rows: lines.slice(0, limits.folded).map((line) => ({ line: cut(line) })),
    more: more(lines.length, limits.folded, noun),
  })
  const step = ({ text, remarks, undoing }: PlanStep, at: number): object => ({
    number: at + 1,
    line: cut(text),
    mark: undoing === null ? '' : MARKS[undoing.worth],
    remarks: remarks.slice(0, 5).map((line) => ({ line: cut(line) })),
    moreRemarks: more(remarks.length, 5, 'reason'),
    command: runnable(undoing?.command ?? ''),
    sql: undoing === null ? '' : shortenBlock(undoing.sql.map((sql) => `${sql.trim()};`).join('\n'), limits.block),
  })
  const steps = (all: readonly PlanStep[]): object => ({
    rows: all.slice(0, limits.folded).map(step),
    more: more(all.length, limits.folded, 'step'),
  })
  const queries = (all: readonly Query[]): object => ({
    rows: all.slice(0, limits.folded).map(({ why, sql }) => ({ why: cut(why), sql: shortenBlock(sql, limits.block) })),
    more: more(all.length, limits.folded, 'query'),
  })
  return {
    root: cut(plan.root),
    tool: cut(plan.tool),
    conflict: cut(plan.conflict),
    out: steps(wayOut(plan)),
    back: steps(wayBack(plan)),
    losses: plan.losses.length === 0 ? null : list(plan.losses, 'loss'),
    unproven: plan.unproven.length === 0 ? null : list(plan.unproven, 'line'),
    queries: plan.queries.length === 0 ? null : queries(plan.queries),
    leftovers: plan.leftovers.length === 0 ? null : queries(plan.leftovers),
  }
}
