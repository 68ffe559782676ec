import type { Finding } from '../model/finding.js'
import type { Review } from '../model/review.js'
import { where } from '../report/view.js'
import { notIgnorable } from '../review/ignore.js'
import { nearest } from '../source/nearest.js'
import type { Answer, Command, Context } from './command.js'
import type { Asked } from './parse.js'
import { agree, noReport, refuse } from './reply.js'
import { findingsBy } from './subject.js'

/** A longer reason is none that anybody reads. */
const LONGEST_REASON = 500

export const ignore: Command = {
  name: 'ignore',
  usage: 'ignore FINDING reason="…" [until=YYYY-MM-DD]',
  summary:
    'set one finding aside in this pull request; FINDING is a rule, a place such as file.sql:12, or a fingerprint; not for what needs approval, or is about the history',
  who: 'write',
  about: 'report',
  run(asked, context) {
    const { review } = context
    if (review === null) return noReport(context)
    const wrong = mistake(asked, context.now)
    if (wrong !== null) return refuse(context, wrong, [`/dba ${ignore.usage}`])
    return ignored(asked, review, context)
  },
}

/** What is wrong with how it is written; null when nothing is. */
function mistake({ words, named }: Asked, now: string): string | null {
  const unknown = [...named.keys()].find((name) => name !== 'reason' && name !== 'until')
  if (unknown !== undefined) return `ignore knows reason and until, and no ${unknown.slice(0, 40)}`
  if (words.length !== 1) return 'ignore takes one finding; put the reason in quotation marks'
  const reason = named.get('reason')?.trim() ?? ''
  if (reason === '') return 'A finding is set aside for a reason: say which'
  if (reason.length > LONGEST_REASON) return `A reason has at most ${LONGEST_REASON} characters`
  const until = named.get('until')
  if (until === undefined) return null
  if (!isDay(until)) return 'until is a day, written YYYY-MM-DD'
  return until < now.slice(0, 10) ? 'until is a day that has passed' : null
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function ignored({ words: [word = ''], named }: Asked, review: Review, context: Context): Answer {
  const standing = review.findings.filter(({ allowed }) => allowed === null)
  const meant = findingsMeant(word, { ...review, findings: standing })
  const [finding] = meant
  if (finding === undefined) {
    const rules = [...new Set(standing.map(({ rule }) => rule))]
    const near = nearest(word, rules)
    return refuse(
      context,
      `No finding of this report is meant by “${word.slice(0, 80)}”; these stand`,
      choice(near.length > 0 ? standing.filter(({ rule }) => near.includes(rule)) : standing),
    )
  }
  if (meant.length > 1)
    return refuse(context, `${meant.length} findings could be meant; name one by its fingerprint`, choice(meant))
  const why = notIgnorable(finding)
  if (why !== null) return refuse(context, `This finding cannot be set aside: ${why}`)
  const { id, login } = context.standing.actor
  const until = named.get('until') ?? null
  const reason = (named.get('reason') ?? '').trim()
  const said = `${finding.rule} at ${where(finding.at)} is set aside in this pull request${until === null ? '' : ` until ${until}`}`
  return agree(context, said, [
    {
      kind: 'ignore',
      ignore: { fingerprint: finding.fingerprint, reason, until, by: { id, login }, comment: context.comment },
    },
    { kind: 'rerun' },
  ])
}

/** The findings that a fingerprint, a rule or a place stands for. */
function findingsMeant(word: string, review: Pick<Review, 'findings'>): readonly Finding[] {
  const byRule = review.findings.filter(({ rule }) => rule === word.toLowerCase())
  if (byRule.length > 0) return byRule
  const byPrint = findingsBy(word, review)
  return byPrint.length > 0 ? byPrint : review.findings.filter(({ at }) => where(at) === word)
}

function choice(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ fingerprint, rule, at }) => `/dba ignore ${fingerprint} reason="…"   ${rule} at ${where(at)}`)
}
