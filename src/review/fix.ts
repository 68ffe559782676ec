import { fileSet, type FileEntries } from '../model/file-set.js'
import { SEVERITIES, type Finding } from '../model/finding.js'
import type { Analysis, AnalysisInput } from './analyse.js'
import { isRewritable, rewriteOf, type Rewrite } from './rewrites.js'

/** A finding that was put right. */
export interface Fixed {
  readonly finding: Finding
  /** SQL that belongs into a later migration; null when nothing is left to do. */
  readonly later: string | null
}

/** A finding that could have been put right and was not. */
export interface Unfixed {
  readonly finding: Finding
  readonly reason: string
}

export interface Fixes {
  readonly fixed: readonly Fixed[]
  readonly left: readonly Unfixed[]
  /** The files after it. */
  readonly head: FileEntries
  /** What is said of them. */
  readonly analysis: Analysis
}

/** More would take long; who has so many runs it again. */
const MOST_ATTEMPTS = 200

/**
 * Puts right what can be put right one statement for one, one finding after the other. Each attempt is judged again and kept only
 * if the finding is gone and everything that came instead is less severe. `refusal` says why a file may not be touched.
 */
export async function fixAll(
  input: AnalysisInput,
  refusal: (path: string) => string | null,
  analyse: (input: AnalysisInput) => Promise<Analysis>,
): Promise<Fixes> {
  const fixed: Fixed[] = []
  const left = new Map<string, Unfixed>()
  let { head } = input
  let analysis = await analyse(input)
  for (let attempts = 0; attempts < MOST_ATTEMPTS; attempts++) {
    const [finding] = analysis.findings
      .filter(({ rule, fingerprint, allowed }) => isRewritable(rule) && allowed === null && !left.has(fingerprint))
      .toSorted((a, b) => rank(b) - rank(a))
    if (finding === undefined) break
    const attempt = refusal(finding.at.path) ?? attempted(finding, analysis, head, refusal)
    if (attempt === null) left.set(finding.fingerprint, { finding, reason: 'it takes more than another statement' })
    else if (typeof attempt === 'string') left.set(finding.fingerprint, { finding, reason: attempt })
    else {
      const next = new Map([...head, ...[...attempt.texts].map(([path, text]) => [path, { text }] as const)])
      const after = await analyse({ ...input, head: next })
      const worse = whatIsWorse(finding, analysis, after)
      if (worse !== null) left.set(finding.fingerprint, { finding, reason: worse })
      else {
        fixed.push({ finding, later: attempt.later })
        head = next
        analysis = after
      }
    }
  }
  return { fixed, left: [...left.values()], head, analysis }
}

function attempted(
  finding: Finding,
  { migrations }: Analysis,
  head: FileEntries,
  refusal: (path: string) => string | null,
): Rewrite | string | null {
  const rewrite = rewriteOf(finding, migrations, fileSet(head))
  const refused = [...(rewrite?.texts.keys() ?? [])].find((path) => refusal(path) !== null)
  return refused === undefined ? rewrite : `${refused}: ${refusal(refused) ?? ''}`
}

/** Why an attempt is not kept; null when it is better than before. */
function whatIsWorse(finding: Finding, before: Analysis, after: Analysis): string | null {
  const withheld = ({ notes }: Analysis): number => notes.filter(({ bearing }) => bearing === 'withholds').length
  if (withheld(after) > withheld(before)) return 'what it would be cannot be read'
  if (count(after, finding) >= count(before, finding)) return 'it would still be found'
  const worse = after.findings.find((each) => rank(each) >= rank(finding) && count(after, each) > count(before, each))
  return worse === undefined ? null : `it would bring ${worse.rule}: ${worse.message}`
}

function rank({ severity }: Finding): number {
  return SEVERITIES.indexOf(severity)
}

/** How often a rule speaks of a file, this loud or louder. */
function count({ findings }: Analysis, finding: Finding): number {
  const { rule, at } = finding
  return findings.filter((each) => each.rule === rule && each.at.path === at.path && rank(each) >= rank(finding)).length
}
