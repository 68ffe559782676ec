import { NOT_BY_COMMENT, type Finding } from '../model/finding.js'
import { metaOf } from '../rules/index.js'

/** A finding that somebody has set aside, in one pull request and for a time. */
export interface Ignore {
  readonly fingerprint: string
  readonly reason: string
  /** The last day on which it holds, `YYYY-MM-DD`; null: as long as the pull request is open. */
  readonly until: string | null
  readonly by: { readonly id: number; readonly login: string }
  readonly comment: number
}

/** Why a finding cannot be set aside; null when it can. */
export function notIgnorable({ rule, severity }: Pick<Finding, 'rule' | 'severity'>): string | null {
  const meta = metaOf(rule)
  if (severity === 'approval') return 'it needs a named approver, not somebody who sets it aside'
  if (meta === undefined) return 'its rule is not known'
  if (NOT_BY_COMMENT.has(meta.family)) return 'it is about the history, or about lost data: it has to be put right'
  return meta.proven === true ? 'the rehearsal has seen it happen' : null
}

/** The findings with those marked that are set aside today, and only those: an earlier mark that no longer holds goes. */
export function withIgnores(
  findings: readonly Finding[],
  ignores: readonly Ignore[],
  today: string,
): readonly Finding[] {
  return findings.map((finding) => {
    if (finding.allowed !== null && finding.allowed.by !== 'command') return finding
    const ignore = ignores.find(
      ({ fingerprint, until }) => fingerprint === finding.fingerprint && (until === null || until >= today),
    )
    const holds = ignore !== undefined && ignore.reason.trim() !== '' && notIgnorable(finding) === null
    return { ...finding, allowed: holds ? { by: 'command', reason: ignore.reason } : null }
  })
}
