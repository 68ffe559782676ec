import type { Finding, Severity } from '../model/finding.js'
import type { Conclusion, Review } from '../model/review.js'
import type { Note } from '../model/note.js'
import type { Span } from '../source/span.js'
import type { Extras } from './extras.js'
import { fitted, LEAST } from './fit.js'
import type { Lookups } from './lookups.js'
import { LONGEST_MARKDOWN } from './markdown.js'
import { pageOf } from './page.js'
import { openTemplates, type Templates } from './render.js'
import { shorten, visible, visibleBlock, withoutRunnerCommands } from './untrusted.js'
import { viewOf } from './view.js'

/** What is sent when a review is there; within GitHub's limits (https://docs.github.com/rest/checks/runs). */
export interface CheckRunPayload {
  /** Plain text, at most 255 characters. */
  readonly title: string
  /** Markdown, at most 65,535 bytes each. */
  readonly summary: string
  readonly text: string
  /** At most 200, the heaviest first. */
  readonly annotations: readonly Annotation[]
  readonly conclusion: Conclusion
}

/** What is said of a check run without a review: plain text, and Markdown. */
export interface Announcement {
  readonly title: string
  readonly summary: string
}

/** What is sent when there is no review: the head was superseded, or nothing came of it. */
export interface Ending extends Announcement {
  readonly conclusion: 'cancelled' | 'failure'
}

/** A remark on lines of a file. Columns are there only within one line; both ends are included. */
export interface Annotation {
  readonly path: string
  readonly startLine: number
  readonly endLine: number
  readonly startColumn: number | null
  readonly endColumn: number | null
  readonly level: 'notice' | 'warning' | 'failure'
  readonly title: string
  /** Plain text. */
  readonly message: string
}

/** What can be pressed on a check run: labels of at most 20 characters, descriptions of at most 40. */
export const BUTTONS = [
  { label: 'Re-run', description: 'Review this commit again', identifier: 'rerun' },
  { label: 'Explain', description: 'Say in plain words what this does', identifier: 'explain' },
  { label: 'Request approval', description: 'Ask those who may agree to this', identifier: 'approval' },
] as const

const LONGEST_TITLE = 255
/** More nobody reads, and each request takes 50. */
const MOST_ANNOTATIONS = 200

/** The check run of a review. */
export function checkRunOf(
  review: Review,
  extras: Extras,
  lookups: Pick<Lookups, 'describe'>,
  templates: Templates = openTemplates(),
): CheckRunPayload {
  const view = viewOf(review, lookups)
  const all = annotationsOf(review, lookups)
  const left = Math.max(0, all.length - MOST_ANNOTATIONS)
  const page = { ...pageOf(view, LEAST, extras), moreRemarks: left === 0 ? '' : left.toLocaleString('en-US') }
  const summary = withoutRunnerCommands(templates.render('check-summary', page))
  const text = fitted(templates, 'check-run', view, LONGEST_MARKDOWN, extras)
  return {
    title: shorten(visible(`${view.title}: ${view.needs}`), LONGEST_TITLE),
    summary,
    text: text ?? summary,
    annotations: all.slice(0, MOST_ANNOTATIONS),
    conclusion: review.conclusion,
  }
}

const LEVELS: Readonly<Record<Severity, Annotation['level']>> = {
  error: 'failure',
  approval: 'warning',
  warning: 'warning',
  notice: 'notice',
}
const WEIGHT: readonly Severity[] = ['error', 'approval', 'warning', 'notice']

function annotationsOf({ findings, notes }: Review, lookups: Pick<Lookups, 'describe'>): readonly Annotation[] {
  const standing = findings.filter(({ allowed }) => allowed === null)
  const ordered = WEIGHT.map((severity) => standing.filter((finding) => finding.severity === severity))
  const unseen = notes.flatMap(({ bearing, at, message }) => (bearing === 'withholds' && at ? [{ at, message }] : []))
  const [errors = [], ...others] = ordered
  return [
    ...errors.map((finding) => annotationOf(finding, lookups)),
    ...unseen.map(unseenAnnotation),
    ...others.flat().map((finding) => annotationOf(finding, lookups)),
  ]
}

function annotationOf(finding: Finding, lookups: Pick<Lookups, 'describe'>): Annotation {
  const { rule, severity, message, at, fix } = finding
  const texts = lookups.describe(rule)
  const parts = [
    shorten(message, LONGEST_PART),
    texts?.why ?? '',
    texts === undefined || texts.instead === '' ? '' : `Instead: ${texts.instead}`,
    fix === null ? '' : shorten(fix, LONGEST_PART),
  ]
  return {
    ...placeOf(at),
    level: LEVELS[severity],
    title: shorten(visible(severity === 'approval' ? `${rule} (needs approval)` : rule), LONGEST_TITLE),
    message: plain(parts),
  }
}

function unseenAnnotation({ at, message }: { readonly at: Span; readonly message: Note['message'] }): Annotation {
  const title = 'not looked at'
  return { ...placeOf(at), level: 'failure', title, message: plain([shorten(message, LONGEST_PART)]) }
}

/** Far below the 64 KB of a message, also when every character needs four bytes and an escape. */
const LONGEST_PART = 2_000

function plain(parts: readonly string[]): string {
  return withoutRunnerCommands(visibleBlock(parts.filter((part) => part !== '').join('\n\n')))
}

function placeOf({ path, start, end }: Span): Omit<Annotation, 'level' | 'title' | 'message'> {
  // A span that ends before the first column of a line does not touch it.
  const endLine = end.column === 1 && end.line > start.line ? end.line - 1 : end.line
  const within = endLine === start.line && end.line === start.line
  return {
    path,
    startLine: start.line,
    endLine,
    startColumn: within ? start.column : null,
    endColumn: within ? Math.max(start.column, end.column - 1) : null,
  }
}
