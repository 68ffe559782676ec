import { createHash } from 'node:crypto'
import type { Confidence, Direction, Finding, Severity } from '../model/finding.js'
import type { QualifiedName } from '../model/names.js'
import { sizeOf, type Settings } from '../model/settings.js'
import type { Problem, Rule, RuleMeta } from '../rules/rule.js'
import { compareSpans, type Span } from '../source/span.js'

/** A problem that a rule returned, with what the engine knew when it asked. */
export interface Raised {
  readonly rule: Rule
  readonly problem: Problem
  readonly table: QualifiedName | null
  readonly direction: Direction | null
  readonly migration: string | null
  /** The statement it is about: an allowance above the statement speaks of everything in it. */
  readonly statement: Span | null
}

/** Line ranges that the pull request changes, by path: `start` is one-based. */
export type ChangedLines = ReadonlyMap<string, readonly { readonly start: number; readonly length: number }[]>

/** How bad a finding is in this policy, or `off`. `table` is the one whose size decides for what blocks. */
export function severityOf(meta: RuleMeta, table: QualifiedName | null, settings: Settings): Severity | 'off' {
  const setting = settings.rules[meta.id]
  const chosen = typeof setting === 'object' ? setting.severity : setting
  return chosen ?? defaultSeverity(meta, table, settings)
}

function defaultSeverity(meta: RuleMeta, table: QualifiedName | null, settings: Settings): Severity | 'off' {
  if (meta.weight !== 'error') return meta.weight
  switch (meta.family) {
    case 'data-loss':
    case 'environment':
      return 'approval'
    case 'hygiene':
    case 'reading':
      return 'warning'
    case 'blocking':
      return severityBySize(table, settings)
    default:
      return 'error'
  }
}

/** Unknown is not small: a table that nobody sized gives a warning. */
function severityBySize(table: QualifiedName | null, settings: Settings): Severity {
  switch (table === null ? 'unknown' : sizeOf(settings, table)) {
    case 'large':
      return 'error'
    case 'small':
      return 'notice'
    case 'unknown':
      return 'warning'
  }
}

/** The options of a rule in this policy, over its own defaults. */
export function optionsOf(rule: Rule, settings: Settings): Readonly<Record<string, unknown>> {
  const setting = settings.rules[rule.meta.id]
  return typeof setting === 'object' ? { ...rule.defaults, ...setting.options } : rule.defaults
}

/** Turns what rules raised into findings, in reading order; rules that are off are left out. */
export function settle(
  raised: readonly Raised[],
  settings: Settings,
  changed: ChangedLines,
  excerpt: (span: Span) => string,
): readonly Finding[] {
  const seen = new Map<string, number>()
  return raised
    .flatMap(({ rule, problem, table, direction, migration }): Finding[] => {
      const weighed = { ...rule.meta, weight: problem.weight ?? rule.meta.weight }
      const severity = severityOf(weighed, problem.table ?? table, settings)
      if (severity === 'off') return []
      const message = fill(rule.meta.messages[problem.message] ?? problem.message, problem.data ?? {})
      return [
        {
          rule: rule.meta.id,
          severity,
          confidence: leastSure(rule.meta.confidence, problem.confidence ?? rule.meta.confidence),
          message,
          at: problem.at,
          related: problem.related ?? [],
          direction,
          migration,
          place: placeOf(problem.at, changed),
          allowed: null,
          fingerprint: '',
          fix: problem.fix ?? null,
        },
      ]
    })
    .sort(inReadingOrder)
    .map((finding) => ({ ...finding, fingerprint: fingerprintOf(finding, excerpt(finding.at), seen) }))
}

/** Orders findings by place, then by rule. */
export function inReadingOrder(a: Finding, b: Finding): number {
  return compareSpans(a.at, b.at) || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)
}

function leastSure(a: Confidence, b: Confidence): Confidence {
  const order: readonly Confidence[] = ['certain', 'likely', 'possible']
  return order[Math.max(order.indexOf(a), order.indexOf(b))] ?? 'possible'
}

function fill(template: string, data: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(data[name] ?? `{{${name}}}`))
}

function placeOf(at: Span, changed: ChangedLines): Finding['place'] {
  const ranges = changed.get(at.path)
  if (ranges === undefined) return 'elsewhere'
  const touches = ranges.some(({ start, length }) => at.start.line < start + length && at.end.line >= start)
  return touches ? 'in-diff' : 'in-file'
}

/** Line numbers are left out, so that a finding keeps its identity when lines above it move. `seen` counts those that are alike. */
export function fingerprintOf(finding: Finding, text: string, seen: Map<string, number>): string {
  const parts = [
    finding.rule,
    finding.at.path,
    finding.direction ?? '',
    finding.message,
    text.replace(/\s+/g, ' ').trim(),
  ]
  const identity = parts.join('\u0000')
  const nth = seen.get(identity) ?? 0
  seen.set(identity, nth + 1)
  return createHash('sha256').update(`${identity}\u0000${nth}`).digest('hex').slice(0, 16)
}
