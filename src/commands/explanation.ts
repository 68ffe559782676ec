import { SEVERITIES, type Finding } from '../model/finding.js'
import { canChange, pathsOf } from '../model/migration.js'
import type { Operation } from '../model/operation.js'
import type { ReviewedMigration } from '../model/review.js'
import { more } from '../report/limits.js'
import type { RollbackPlan, Undoing } from '../report/rollback-plan.js'
import { onOneLine, shortenBlock } from '../report/untrusted.js'
import { where } from '../report/view.js'
import { SEVERITY_MARKS } from '../report/wording.js'
import { sayLock } from '../report/words.js'
import { strongest } from '../model/effect.js'
import type { TableLock } from '../report/locks.js'
import { metaOf } from '../rules/index.js'
import type { Shape } from './reply.js'
import type { Numbered } from './statements.js'
import { undoes } from './undoes.js'

/** More of one statement nobody takes in. */
const MOST = { does: 10, locks: 10, findings: 5, others: 10 }

/** One statement as a reader is told of it; `whole`: beside all others, where reasons would drown it. */
export function statementPage(
  statement: Numbered,
  all: readonly Numbered[],
  whole: boolean,
  { cut, limits }: Shape,
): object {
  const { number, direction, code, sql, does, costs, tables, at } = statement
  const locks = tables.flatMap((lock) => lockWords(lock) ?? [])
  const undone = direction === 'up' ? undoneBy(statement, all, cut) : []
  return {
    number: `#${number}`,
    where: cut(`${at.path}:${at.start.line}`),
    direction: direction === 'down' ? 'on the way down' : '',
    does: does.slice(0, MOST.does).map((line) => ({ line: sentence(cut(line)) })),
    moreDoes: more(does.length, MOST.does, 'operation'),
    code: code === null ? '' : shortenBlock(code, limits.block),
    sql: shortenBlock(sql, limits.block),
    locks: locks.slice(0, MOST.locks).map(({ table, line }) => ({ table: cut(table), line })),
    free: locks.length === 0,
    costs: [...costs, ...seenCosts(statement)].map((line) => ({ line: sentence(cut(line)) })),
    undone,
    lasting: direction === 'down' || undone.length > 0 ? '' : lasting(statement),
    moreFindings: more(statement.found.length, MOST.findings, 'finding'),
    findings: bySeverity(statement.found)
      .slice(0, MOST.findings)
      .map((finding) => {
        const meta = metaOf(finding.rule)
        return {
          mark: SEVERITY_MARKS[finding.severity],
          message: cut(finding.message),
          rule: cut(finding.rule),
          why: whole ? '' : (meta?.why ?? ''),
          instead: meta?.instead ?? '',
          fix: shortenBlock(finding.fix ?? '', limits.block),
        }
      }),
  }
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}

function bySeverity(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity))
}

/** Why no statement is named that takes it back; '' where there is nothing to take back. */
function lasting({ migration, operations }: Numbered): string {
  if (!operations.some(canChange)) return ''
  return migration.down.script.kind === 'script'
    ? 'by nothing in the down script that names it'
    : 'by nothing: there is no down script to do it'
}

/** What the rehearsal saw a statement cost beyond what was foreseen. */
function seenCosts({ tables, costs }: Numbered): readonly string[] {
  const rewritten = tables.filter(({ rewrite, table }) => rewrite && !costs.some((line) => line.includes(table)))
  return rewritten.map(({ table }) => `writes every row of ${table} anew, as the rehearsal saw`)
}

/** What others wait for, and whether the rehearsal saw it; null for a lock that nobody waits for. */
function lockWords({
  table,
  predicted,
  observed,
  held,
  differs,
  blocks,
}: TableLock): { table: string; line: string } | null {
  const mode = strongest([predicted, observed].filter((each) => each !== null))
  if (mode === null || blocks.length === 0) return null
  const seen = held
    ? 'an earlier statement of the transaction has taken it already'
    : observed === null
      ? 'not seen in a rehearsal'
      : predicted === null
        ? 'seen in the rehearsal'
        : differs
          ? `the rehearsal saw ${observed}, where ${predicted} was foreseen`
          : 'the rehearsal saw the same'
  return { table, line: `${mode}: ${sayLock(mode)} (${seen})` }
}

/** The statements of the down script that take back what a statement does. */
function undoneBy(up: Numbered, all: readonly Numbered[], cut: (text: string) => string): readonly object[] {
  const operations = up.operations
  const downs = all.filter(({ direction, migration }) => direction === 'down' && migration === up.migration)
  return downs
    .filter((down) => down.operations.some((back) => operations.some((operation) => undoes(back, operation))))
    .slice(0, 5)
    .map(({ number, sql }) => ({ number: `#${number}`, sql: cut(onOneLine(sql)), hollow: operations.some(destroys) }))
}

/** Whether rows or values go, which no statement brings back. */
function destroys({ kind }: Operation): boolean {
  return kind === 'drop-table' || kind === 'drop-column'
}

/** What was found in a migration and stands, beside what is told with its statements. */
export function othersPage(
  { revision }: ReviewedMigration,
  findings: readonly Finding[],
  told: readonly Numbered[],
  { cut, limits }: Shape,
): object {
  const paths = pathsOf(revision)
  const said = new Set(told.flatMap(({ found }) => found))
  const others = bySeverity(
    findings.filter((finding) => finding.allowed === null && paths.includes(finding.at.path) && !said.has(finding)),
  )
  const most = Math.min(limits.folded, MOST.others)
  return {
    rows: others.slice(0, most).map((finding) => ({
      mark: SEVERITY_MARKS[finding.severity],
      where: cut(where(finding.at)),
      message: cut(finding.message),
      rule: cut(finding.rule),
    })),
    more: more(others.length, most, 'finding'),
  }
}

/** How a whole migration is undone, and how far that is proven. */
export function wayBackPage(
  migration: ReviewedMigration,
  plans: readonly RollbackPlan[],
  numbers: readonly number[],
  { cut, limits }: Shape,
): object {
  const undoing = plans.flatMap(({ rollback }) => rollback).find((each) => each.migration === migration.revision.path)
  const { script } = migration.down
  const sql = script.kind === 'script' ? script.statements.map(({ sql: text }) => `${text.trim()};`).join('\n') : ''
  return {
    evidence: sentence(cut(undoing?.evidence ?? NOT_SHOWN[script.kind])),
    remark: cut(undoing?.remark ?? ''),
    numbers: numbers.length === 0 ? '' : numbersWords(numbers),
    mark: undoing === undefined ? MARKS.unknown : MARKS[undoing.worth],
    command: (undoing?.command ?? '').length > 1_000 ? '' : (undoing?.command ?? ''),
    sql: shortenBlock(sql, limits.block),
  }
}

function numbersWords(numbers: readonly number[]): string {
  const [first, last] = [numbers[0], numbers.at(-1)]
  return first === last ? `#${first}` : `#${first} to #${last}`
}

const MARKS: Readonly<Record<Undoing['worth'], string>> = {
  shown: '✅',
  partly: '⚠️',
  unknown: '❔',
  fails: '❌',
  none: '❌',
}

const NOT_SHOWN = {
  script: 'not shown to work: it was not rehearsed',
  absent: 'nothing undoes it: there is no down script',
  irreversible: 'nothing undoes it, by intent',
  refused: 'not known: the down script could not be read',
} as const
