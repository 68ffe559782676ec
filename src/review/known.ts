import { NOT_BY_COMMENT, type Finding } from '../model/finding.js'
import type { Note } from '../model/note.js'
import { isRead, pathsOf } from '../model/migration.js'
import type { ReviewedMigration } from '../model/review.js'
import type { KnownFinding } from '../model/settings.js'
import { rules } from '../rules/index.js'

/** Where a repository keeps the findings that it knows of. */
export const KNOWN_PATH = '.github/dba-baseline.json'

/**
 * `pull`: a pull request is held to its findings, and what needs a named person needs one whatever anybody has written down.
 * `files`: merged files are looked at again, and nobody asks for agreement to what has long been run.
 */
export type Judged = 'pull' | 'files'

/** Why a finding cannot be one that the team knows of and lets be; null when it can. */
export function notKnowable({ rule, severity }: Pick<Finding, 'rule' | 'severity'>, judged: Judged): string | null {
  const found = rules.find(({ meta }) => meta.id === rule)
  if (found === undefined) return 'its rule is not known'
  const { family, proven } = found.meta
  if (family === 'history' || family === 'environment') return 'it is about the history: it has to be put right'
  if (proven === true) return 'the rehearsal has seen it happen'
  if (family === 'reading' && found.check.suppression === undefined) return 'what nobody could read is not known'
  if (judged === 'files') return null
  return severity === 'approval' || NOT_BY_COMMENT.has(family) ? 'it needs a named approver' : null
}

/** The findings with those marked that the base branch has written down as known; what is allowed already stays as it is. */
export function withKnown(
  findings: readonly Finding[],
  known: readonly KnownFinding[],
  judged: Judged,
): readonly Finding[] {
  if (known.length === 0) return findings
  const byFingerprint = new Map(known.map((entry) => [entry.fingerprint, entry]))
  return findings.map((finding) => {
    const entry = byFingerprint.get(finding.fingerprint)
    if (finding.allowed !== null || entry?.rule !== finding.rule || notKnowable(finding, judged) !== null)
      return finding
    return { ...finding, allowed: { by: 'baseline', reason: entry.reason } }
  })
}

/**
 * Notes on entries that match nothing any more: their file is gone, or was judged and has no such finding. Of files that were not
 * judged, or not read in full, nothing is known.
 */
export function staleNotes(
  known: readonly KnownFinding[],
  findings: readonly Finding[],
  migrations: readonly ReviewedMigration[],
  exists: (path: string) => boolean,
): readonly Note[] {
  if (known.length === 0) return []
  const there = new Set(findings.map(({ fingerprint }) => fingerprint))
  const judged = judgedPaths(migrations)
  const stale = known.filter(({ path, fingerprint }) => !there.has(fingerprint) && (!exists(path) || judged.has(path)))
  if (stale.length === 0) return []
  const named = stale.slice(0, MOST_NAMED).map(({ rule, path }) => `${rule} in ${path}`)
  const more = stale.length > MOST_NAMED ? ` and ${stale.length - MOST_NAMED} more` : ''
  const message = `${KNOWN_PATH} holds findings that are no longer there: ${named.join(', ')}${more}; dba baseline takes them out`
  return [{ message, at: null, bearing: 'informs' }]
}

/** The files of which everything is known that the rules find there. */
export function judgedPaths(migrations: readonly ReviewedMigration[]): ReadonlySet<string> {
  return new Set(migrations.filter(isJudged).flatMap(({ revision }) => pathsOf(revision)))
}

function isJudged({ change, up, down }: ReviewedMigration): boolean {
  return (
    change === 'added' &&
    [up, down].every(({ script }) => script.kind !== 'refused' && (script.kind !== 'script' || isRead(script)))
  )
}

const MOST_NAMED = 5
