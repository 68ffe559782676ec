import picocolors from 'picocolors'
import type { Severity } from '../model/finding.js'
import type { Verdict } from '../model/review.js'
import { mark } from './excerpt.js'
import type { Lookups } from './lookups.js'
import type { Reporter } from './reporter.js'
import { relationships, rollbackPlans, schemaChange } from './terminal-change.js'
import { bullet, indented, type Paint, type Pen, rest } from './terminal-lines.js'
import { locks } from './terminal-locks.js'
import { table } from './terminal-table.js'
import { visibleBlock, withoutRunnerCommands } from './untrusted.js'
import { type FindingView, type ReviewView, type Step, viewOf } from './view.js'
import { fit, fitPath, widthOf, wrap } from './width.js'
import { count } from './wording.js'

/** What the terminal can show. */
export interface Terminal {
  readonly color: boolean
  readonly width: number
}

/** Beyond these a list is cut and the rest counted; other formats have all of it. */
const MOST = { findings: 50, rows: 50, details: 10, statements: 100 }

/** The report for people at a terminal: findings with the source underlined, then proof, locks, the schema's change, the way back and what was not seen. */
export function terminal(lookups: Lookups, { color, width }: Terminal): Reporter<string> {
  const pen = { paint: picocolors.createColors(color), width: Math.max(60, Math.min(width, 120)), lookups }
  return {
    id: 'terminal',
    render: (review) => {
      const view = viewOf(review, lookups)
      const sections = [
        heading(view, pen),
        gateLines(view, pen),
        ...findings(view.blocking, pen),
        ...findings(view.advice, pen),
        proofs(view, pen),
        locks(view, pen),
        schemaChange(view, pen),
        relationships(view, pen),
        rollbackPlans(view, pen),
        statements(view, pen),
        clashes(view, pen),
        suppressions(view, pen),
        notes(view, pen),
        summary(view, pen),
      ].filter((lines) => lines.length > 0)
      return withoutRunnerCommands(`${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`)
    },
  }
}

const VERDICT_SIGNS: Readonly<Record<Verdict, string>> = { pass: '✓', approval: '✋', block: '✗' }

function verdictPaint(paint: Paint, verdict: Verdict): (text: string) => string {
  return verdict === 'pass' ? paint.green : verdict === 'approval' ? paint.yellow : paint.red
}

function severityPaint(paint: Paint, severity: Severity): (text: string) => string {
  return { error: paint.red, approval: paint.yellow, warning: paint.yellow, notice: paint.cyan }[severity]
}

function heading(view: ReviewView, { paint, width }: Pen): readonly string[] {
  const { verdict, title, subject, head, base, needs, command, agreements } = view
  const color = verdictPaint(paint, verdict)
  const about = [subject, head, base === '' ? '' : `against ${base}`].filter((part) => part !== '').join(' · ')
  const sign = VERDICT_SIGNS[verdict]
  return [
    `${color(`${sign} ${paint.bold(title)}`)}  ${paint.dim(fit(about, width - title.length - 5))}`.trimEnd(),
    ...indented(wrap(needs, width - 2), '  '),
    ...(command === '' ? [] : ['  To agree to exactly this text, comment:', `    ${command}`]),
    ...agreements.flatMap((line) => indented(wrap(line, width - 2), '  ')),
  ]
}

function gateLines({ open }: ReviewView, { paint, width }: Pen): readonly string[] {
  const longest = Math.max(0, ...open.map(({ gate }) => gate.length))
  const status = Math.max(0, ...open.map(({ statusText }) => statusText.length))
  return open.flatMap(({ gate, status: kind, statusText, detail }) => {
    const color = kind === 'fail' ? paint.red : paint.yellow
    const lead = longest + status + 6
    const [first = '', ...rest] = wrap(detail, width - lead)
    return [
      `  ${gate.padEnd(longest)}  ${color(statusText.padEnd(status))}  ${first}`.trimEnd(),
      ...indented(rest, ' '.repeat(lead)),
    ]
  })
}

function findings(found: readonly FindingView[], pen: Pen): readonly (readonly string[])[] {
  const blocks = found.slice(0, MOST.findings).map((finding, i) => {
    // Why a rule exists is told where it first strikes.
    const first = found.findIndex(({ rule }) => rule === finding.rule) === i
    return findingLines(finding, first, pen)
  })
  const hidden = found.length - blocks.length
  return hidden > 0 ? [...blocks, [pen.paint.dim(`… and ${count(hidden, 'more finding')}`)]] : blocks
}

function findingLines(finding: FindingView, explain: boolean, { paint, width, lookups }: Pen): readonly string[] {
  const color = severityPaint(paint, finding.severity)
  const { start, end } = finding.at
  const source = lookups.excerpt(finding.at)
  const gutter = ' '.repeat(String(Math.max(start.line, end.line)).length + 1)
  const bar = paint.blue('│')
  const label = `${finding.severity}[${fit(finding.rule, 40)}]`
  const sure = finding.confidence === '' ? '' : ` (${finding.confidence})`
  return [
    ...titleLines(label, `${finding.message}${sure}`, width).map((line, i) =>
      i === 0 ? `${color(paint.bold(label))}${paint.bold(line.slice(label.length))}` : paint.bold(line),
    ),
    `${gutter}${paint.blue('┌─')} ${fitPath(finding.at.path, width - gutter.length - 16)}:${start.line}:${start.column}`,
    ...(source === undefined ? [] : excerptLines(finding, source, { gutter, bar, color, paint, width })),
    ...(explain ? told('why', finding.why, gutter, paint, width) : []),
    ...(explain ? told('instead', finding.instead, gutter, paint, width) : []),
    ...fixLines(finding.fix, gutter, paint, width),
  ]
}

/** A label and a message in lines; a label that leaves too little room has a line of its own. */
function titleLines(label: string, message: string, width: number): readonly string[] {
  if (label.length > width / 2) return [`${label}:`, ...indented(wrap(message, width - 2), '  ')]
  const [first = '', ...rest] = wrap(message, width - label.length - 2)
  return [`${label}: ${first}`, ...indented(rest, ' '.repeat(label.length + 2))]
}

interface Drawing {
  readonly gutter: string
  readonly bar: string
  readonly color: (text: string) => string
  readonly paint: Paint
  readonly width: number
}

function excerptLines(
  { at }: FindingView,
  source: string,
  { gutter, bar, color, paint, width }: Drawing,
): readonly string[] {
  const { lines, more } = mark(at, source, width - gutter.length - 3)
  return [
    `${gutter}${bar}`,
    ...lines.flatMap(({ line, text, from, length }) => [
      `${paint.blue(String(line).padStart(gutter.length - 1))} ${bar} ${text}`.trimEnd(),
      `${gutter}${bar} ${' '.repeat(from)}${color('^'.repeat(length))}`,
    ]),
    ...(more > 0 ? [`${gutter}${bar} ${paint.dim(`… ${count(more, 'more line')}`)}`] : []),
  ]
}

function told(title: string, text: string, gutter: string, paint: Paint, width: number): readonly string[] {
  if (text === '') return []
  const lead = `${gutter}${paint.blue('=')} ${paint.bold(title)}: `
  const room = width - gutter.length - title.length - 4
  const [first = '', ...rest] = wrap(text, room)
  return [
    `${gutter}${paint.blue('│')}`,
    `${lead}${first}`,
    ...indented(rest, `${gutter}  `.padEnd(gutter.length + title.length + 4)),
  ]
}

function fixLines(fix: string, gutter: string, paint: Paint, width: number): readonly string[] {
  if (fix === '') return []
  const lines = visibleBlock(fix).trimEnd().split('\n')
  const shown = lines.slice(0, 20).map((line) => `${gutter}    ${paint.green(fit(line, width - gutter.length - 4))}`)
  const more = lines.length > 20 ? [`${gutter}    ${paint.dim(`… ${count(lines.length - 20, 'more line')}`)}`] : []
  return [`${gutter}${paint.blue('│')}`, `${gutter}${paint.blue('=')} ${paint.bold('safe SQL')}:`, ...shown, ...more]
}

const STEPS: Readonly<Record<Step, string>> = { yes: '✓', no: '✗', none: 'none', unknown: '–' }

function proofs({ proofs }: ReviewView, { paint, width }: Pen): readonly string[] {
  if (proofs.length === 0) return []
  const step = (value: Step): string => STEPS[value]
  const rows = proofs.slice(0, MOST.rows)
  return [
    paint.bold('Rollback proof'),
    ...table(
      ['migration', 'up', 'down', 'up again', 'schema equal', 'rows kept', 'PostgreSQL', 'outcome'],
      rows.map((proof) => [
        fitPath(proof.migration, 28),
        step(proof.up),
        step(proof.down),
        step(proof.again),
        step(proof.schema),
        step(proof.rows),
        proof.postgres === '' ? STEPS.unknown : proof.postgres,
        proof.outcome,
      ]),
      [0],
      { paint, width },
    ),
    ...rows.flatMap(({ migration, failures, details }) => [
      ...failures.flatMap((failure) => bullet(failure, width)),
      ...details
        .slice(0, MOST.details)
        .flatMap((detail) => bullet(proofs.length === 1 ? detail : `${fitPath(migration, 40)}: ${detail}`, width)),
      ...rest(details.length, MOST.details, 'detail', paint),
    ]),
    ...rest(proofs.length, MOST.rows, 'rehearsal', paint),
  ]
}

function statements({ scripts }: ReviewView, { paint, width }: Pen): readonly string[] {
  if (scripts.length === 0) return []
  const lines = scripts.flatMap(({ migration, direction, remark, statements }) => [
    scriptLine(direction, migration, remark, paint, width),
    ...statements.map(({ line, sql }) => `${paint.dim(String(line).padStart(6))}  ${fit(sql, width - 8)}`),
  ])
  return [
    paint.bold('Statements'),
    ...lines.slice(0, MOST.statements),
    ...rest(lines.length, MOST.statements, 'line', paint),
  ]
}

function scriptLine(direction: string, migration: string, remark: string, paint: Paint, width: number): string {
  const name = fitPath(migration, remark === '' ? width - 8 : Math.floor(width / 2))
  const room = width - widthOf(name) - 10
  return `  ${direction.padEnd(4)}  ${name}${remark === '' ? '' : `  ${paint.dim(fit(remark, room))}`}`
}

function suppressions({ suppressions }: ReviewView, { paint, width }: Pen): readonly string[] {
  if (suppressions.length === 0) return []
  return [
    paint.bold('Allowed'),
    ...suppressions
      .slice(0, MOST.rows)
      .flatMap(({ where, rule, by, reason }) => bullet(`${where}: ${rule}, by ${by}: ${reason}`, width)),
    ...rest(suppressions.length, MOST.rows, 'finding', paint),
  ]
}

function clashes({ clashes }: ReviewView, { paint, width }: Pen): readonly string[] {
  if (clashes.length === 0) return []
  return [
    paint.bold('Other open pull requests in the way'),
    ...clashes.slice(0, MOST.rows).flatMap(({ pull, message }) => bullet(`${pull}: ${message}`, width)),
    ...rest(clashes.length, MOST.rows, 'clash', paint),
  ]
}

function notes({ notes }: ReviewView, { paint, width }: Pen): readonly string[] {
  const line = ({ where, message }: ReviewView['notes'][number]): readonly string[] =>
    bullet(where === '' ? message : `${where}: ${message}`, width)
  const unseen = notes.filter(({ withholds }) => withholds)
  const others = notes.filter(({ withholds }) => !withholds)
  const part = (title: string, list: typeof notes): readonly string[] =>
    list.length === 0
      ? []
      : [title, ...list.slice(0, MOST.rows).flatMap(line), ...rest(list.length, MOST.rows, 'note', paint)]
  return [...part(paint.bold(paint.yellow('Not looked at')), unseen), ...part(paint.bold('Notes'), others)]
}

function summary({ verdict, title, blocking, advice }: ReviewView, { paint }: Pen): readonly string[] {
  const number = (severity: Severity): number =>
    [...blocking, ...advice].filter((finding) => finding.severity === severity).length
  const parts = (['error', 'approval', 'warning', 'notice'] as const)
    .filter((severity) => number(severity) > 0)
    .map((severity) => severityPaint(paint, severity)(count(number(severity), severity)))
  if (parts.length === 0) return []
  return [`${verdictPaint(paint, verdict)(`${VERDICT_SIGNS[verdict]} ${title}`)}: ${parts.join(', ')}`]
}
