import type { Api } from '../github/api.js'
import { makeCheck } from '../github/checks.js'
import { failedWith, GitHubError } from '../github/errors.js'
import { keepReview } from '../github/inline-review.js'
import { stickComment } from '../github/sticky-comment.js'
import { viewerOf } from '../github/viewer.js'
import { fileSet } from '../model/file-set.js'
import { announce } from '../report/announcement.js'
import type { CheckRunPayload } from '../report/check-run.js'
import { commentOf, hasNews } from '../report/comment.js'
import { NO_EXTRAS } from '../report/extras.js'
import { headDiffOf } from '../report/head-diff.js'
import { inlineOf } from '../report/inline.js'
import type { Lookups } from '../report/lookups.js'
import type { Templates } from '../report/render.js'
import type { Looked } from './look.js'

/**
 * The name of the check run. Not the App's `dba`, which a ruleset asks for: a repository can have both, and what a workflow with a
 * token writes must never stand for the App's word. The job of the Action is the check to require.
 */
export const CHECK_NAME = 'dba review'

/** What a report is made of. */
export interface Reporting {
  readonly lookups: Lookups
  readonly templates: Templates
}

/** What came of publishing. */
export interface Published {
  /** Whether a check run bears the remarks on lines. */
  readonly check: boolean
  /** What was not published, and why, as sentences. */
  readonly left: readonly string[]
}

/**
 * Publishes a review as the App does: a check run, one comment, remarks on lines. What the token may not do, and what GitHub does not
 * take, is left out and said; it is never a failure of the step.
 */
export async function publish(
  api: Api | null,
  { review, settings, files }: Looked,
  payload: CheckRunPayload,
  { lookups, templates }: Reporting,
  now: Date,
): Promise<Published> {
  if (api === null)
    return { check: false, left: ['Without the input github-token nothing is written to the pull request.'] }
  const { pull } = review
  const { head, number } = pull
  const left: string[] = []
  const attempt = async (what: string, permission: string, work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work()
      return true
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error
      const remedy = failedWith(error, 'forbidden', 'not-found')
        ? ` It takes ${permission}, which a fork never has.`
        : ''
      left.push(`${what} not written: ${error.message}.${remedy}`)
      return false
    }
  }
  const run = { sha: head, maker: { name: CHECK_NAME }, externalId: `action:${head}`, startedAt: now }
  const check = await attempt(`The check run ${CHECK_NAME} was`, 'checks: write', () =>
    makeCheck(api, { ...run, replaced: announce(templates, 'replaced') }, payload),
  )
  if (number === null || settings.comment === 'never') return { check, left }
  const wanted = hasNews(review) || (settings.comment === 'always' && review.migrations.length > 0)
  const commented = await attempt('The comment was', 'pull-requests: write', async () => {
    const body = commentOf(review, NO_EXTRAS, lookups, templates)
    const writer = await viewerOf(api)
    const whenMissing = wanted ? ('create' as const) : ('skip' as const)
    await stickComment(api, { pull: number, writer, known: null, body, whenMissing })
  })
  if (!commented) return { check, left }
  await attempt('The remarks on lines were', 'pull-requests: write', () => {
    const diff = headDiffOf(fileSet(files.base), fileSet(files.head))
    const wanted = inlineOf(review, diff, lookups, templates)
    return keepReview(api, { pull: number, head, wanted, words: templates.render('remarks', {}).trim(), begun: true })
  })
  return { check, left }
}
