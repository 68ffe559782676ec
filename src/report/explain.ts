import { blockedBy, compareLocks, type Effect } from '../model/effect.js'
import type { Finding } from '../model/finding.js'
import type { Statement } from '../model/migration.js'
import { keyOf, show } from '../model/names.js'
import type { ReviewedMigration, ReviewedScript } from '../model/review.js'
import { contains, type Span } from '../source/span.js'
import { sayLock, sayOperation } from './words.js'

/** What a reader is told of one statement; plain text, nothing escaped. */
export interface Explanation {
  readonly place: string
  readonly direction: 'up' | 'down'
  /** The code that sends it, without its indentation; null where the file is SQL, and for what the same code sends after. */
  readonly code: string | null
  readonly sql: string
  /** What it does, one sentence an operation. */
  readonly does: readonly string[]
  readonly locks: readonly string[]
  readonly costs: readonly string[]
  readonly findings: readonly { readonly rule: string; readonly message: string; readonly fix: string | null }[]
}

/** Explains the statements of some migrations in plain words; `line` keeps those on one line of one file. */
export function explain(
  migrations: readonly ReviewedMigration[],
  findings: readonly Finding[],
  only: { readonly path: string; readonly line: number | null },
  textOf: (span: Span) => string,
): readonly Explanation[] {
  const meant = ({ span }: Statement): boolean =>
    span.path === only.path && (only.line === null || (span.start.line <= only.line && only.line <= span.end.line))
  return migrations.flatMap((migration) =>
    (['up', 'down'] as const).flatMap((direction) =>
      explainScript(migration[direction], direction, findings, textOf, meant),
    ),
  )
}

/** Explains the statements of one script, or those of them that are meant. */
export function explainScript(
  { script, effects }: ReviewedScript,
  direction: 'up' | 'down',
  findings: readonly Finding[],
  textOf: (span: Span) => string,
  meant: (statement: Statement) => boolean = () => true,
): readonly Explanation[] {
  if (script.kind !== 'script') return []
  return script.statements
    .map((statement, i) => ({ statement, effect: effects[i] }))
    .filter(({ statement }) => meant(statement))
    .map(({ statement, effect }, i, all) => ({
      code: codeOf(statement, all[i - 1]?.statement, textOf),
      ...explained(statement, direction, effect, findings),
    }))
}

function explained(
  statement: Statement,
  direction: 'up' | 'down',
  effect: Effect | undefined,
  findings: readonly Finding[],
): Omit<Explanation, 'code'> {
  const { span, sql, operations } = statement
  return {
    place: `${span.path}:${span.start.line}`,
    direction,
    sql,
    does: operations.map(sayOperation),
    locks: locksOf(effect),
    costs: costsOf(effect),
    findings: findings
      .filter((finding) => finding.direction === direction && contains(span, finding.at))
      .map(({ rule, message, fix }) => ({ rule, message, fix })),
  }
}

function codeOf(
  { origin, span }: Statement,
  before: Statement | undefined,
  textOf: (span: Span) => string,
): string | null {
  if (origin === 'written') return null
  if (before !== undefined && contains(before.span, span) && contains(span, before.span)) return null
  const indent = ' '.repeat(span.start.column - 1)
  return textOf(span)
    .split('\n')
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    .join('\n')
}

/** The strongest lock on each table, the strongest first. */
function locksOf(effect: Effect | undefined): readonly string[] {
  const strongest = new Map<string, Effect['locks'][number]>()
  for (const lock of effect?.locks ?? []) {
    const known = strongest.get(keyOf(lock.table))
    if (known === undefined || compareLocks(lock.mode, known.mode) > 0) strongest.set(keyOf(lock.table), lock)
  }
  return [...strongest.values()]
    .sort((a, b) => compareLocks(b.mode, a.mode))
    .filter(({ mode }) => blockedBy(mode).length > 0)
    .map(({ table, mode }) => `${mode} on ${show(table)}: ${sayLock(mode)}`)
}

function costsOf(effect: Effect | undefined): readonly string[] {
  const names = (tables: Effect['rewrites']): string => [...new Set(tables.map(show))].join(', ')
  const { rewrites = [], scans = [] } = effect ?? {}
  return [
    ...(rewrites.length > 0 ? [`writes every row of ${names(rewrites)} anew`] : []),
    ...(scans.length > 0 ? [`reads every row of ${names(scans)}`] : []),
  ]
}
