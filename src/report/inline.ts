import type { Finding, Severity } from '../model/finding.js'
import type { Review } from '../model/review.js'
import type { HeadDiff } from './head-diff.js'
import type { Lookups } from './lookups.js'
import { openTemplates, type Templates } from './render.js'
import { shorten, shortenBlock, visibleBlock, withoutRunnerCommands } from './untrusted.js'
import { CONFIDENCES, SEVERITY_MARKS } from './wording.js'

/** A remark on lines of a pull request's diff. */
export interface InlineComment {
  readonly path: string
  /** The first line where there are several; null where there is one. */
  readonly startLine: number | null
  readonly line: number
  /** `LEFT` for the lines of a file that is taken away. */
  readonly side: 'LEFT' | 'RIGHT'
  /** Markdown, which begins with the finding's mark. */
  readonly body: string
  readonly fingerprint: string
}

/** More of them bury the conversation; the check run and the comment have the rest. */
const MOST_COMMENTS = 10
const ORDER: readonly Severity[] = ['error', 'approval', 'warning']

/** Stands unseen in each inline comment. Anybody can write it: it says which finding is meant, never whose the comment is. */
export function findingMark(fingerprint: string): string {
  return `<!-- dba:finding ${fingerprint} -->`
}

/** The finding that a comment is about; null when it has no mark. */
export function markedFinding(body: string): string | null {
  return /<!-- dba:finding ([0-9a-f]{16}) -->/.exec(body)?.[1] ?? null
}

/** The heaviest findings as comments on lines that the diff shows; those without such a line are left to the other reports. */
export function inlineOf(
  review: Review,
  diff: HeadDiff,
  lookups: Lookups,
  templates: Templates = openTemplates(),
): readonly InlineComment[] {
  const standing = review.findings.filter(({ allowed }) => allowed === null)
  const ordered = ORDER.flatMap((severity) => standing.filter((finding) => finding.severity === severity))
  const seen = new Set<string>()
  const comments: InlineComment[] = []
  for (const finding of ordered) {
    if (comments.length === MOST_COMMENTS) break
    const place = placeOf(finding, diff)
    if (place === null || seen.has(finding.fingerprint)) continue
    seen.add(finding.fingerprint)
    comments.push({
      ...place,
      fingerprint: finding.fingerprint,
      body: bodyOf(finding, place, review, lookups, templates),
    })
  }
  return comments
}

type Place = Pick<InlineComment, 'path' | 'startLine' | 'line' | 'side'>

function placeOf({ at }: Finding, diff: HeadDiff): Place | null {
  const { path, start, end } = at
  if (diff.removed(path)) return { path, startLine: null, line: start.line, side: 'LEFT' }
  const last = end.column === 1 && end.line > start.line ? end.line - 1 : end.line
  for (const range of diff.changed(path)) {
    const from = Math.max(start.line, range.start)
    const to = Math.min(last, range.start + range.length - 1)
    if (from <= to) return { path, startLine: from === to ? null : from, line: to, side: 'RIGHT' }
  }
  return null
}

const LONGEST_TEXT = 1_000
const MOST_LINES = 60

function bodyOf(finding: Finding, place: Place, review: Review, lookups: Lookups, templates: Templates): string {
  const { severity, rule, message, confidence, fingerprint } = finding
  const texts = lookups.describe(rule)
  const replacement = replacementOf(finding, place, review, lookups)
  const body = templates.render('inline', {
    mark: SEVERITY_MARKS[severity],
    message: shorten(message, LONGEST_TEXT),
    rule: shorten(rule, 100),
    confidence: CONFIDENCES[confidence],
    why: texts?.why ?? '',
    instead: texts?.instead ?? '',
    suggested: replacement !== null,
    fix: replacement ?? shortenBlock(finding.fix ?? '', MOST_LINES),
  })
  return `${findingMark(fingerprint)}\n${withoutRunnerCommands(body)}`
}

/**
 * The text to put in place of the commented lines, if that is all there is to do: the lines hold the statement and nothing else,
 * the fix is one statement, and it can run where the statement stands.
 */
function replacementOf(
  { fix, at, migration, direction }: Finding,
  place: Place,
  { migrations }: Review,
  lookups: Lookups,
): string | null {
  if (fix === null || place.side === 'LEFT' || !place.path.endsWith('.sql')) return null
  const isWhole = (place.startLine ?? place.line) === at.start.line && place.line === at.end.line
  const lines = isWhole ? lookups.excerpt(at) : undefined
  if (lines === undefined) return null
  const before = lines.slice(0, at.start.column - 1)
  const after = lines.slice(lines.lastIndexOf('\n') + at.end.column)
  if (!/^[ \t]*$/.test(before) || !/^\s*;?\s*$/.test(after)) return null

  const text = fix.trim()
  const isOne = text.endsWith(';') && !text.slice(0, -1).includes(';') && !/--|\/\*/.test(text)
  if (!isOne || visibleBlock(text) !== text) return null
  const script = migrations.find(({ revision }) => revision.id === migration)?.[direction ?? 'up'].script
  const alone = script?.kind === 'script' && script.transaction === 'none'
  if (/\bconcurrently\b/i.test(text) && !alone) return null
  return text.replace(/^/gm, before)
}
