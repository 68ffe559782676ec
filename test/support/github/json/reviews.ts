import { commentable } from '../git/changes.js'
import type { Json } from '../http/answer.js'
import type { FakePull } from '../state/pull.js'
import { currentLine } from '../state/review-lines.js'
import type { Review, ReviewComment } from '../state/reviews.js'
import type { World } from '../state/world.js'
import { accountJson, associationOf, HTML, nodeId, repositoryUrl } from './names.js'
import { reactionsJson } from './issues.js'

export function reviewJson(world: World, pull: FakePull, review: Review): Json {
  const url = `${repositoryUrl(world, pull.repository)}/pulls/${pull.number}`
  const html = `${HTML}/${pull.repository.fullName}/pull/${pull.number}#pullrequestreview-${review.id}`
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: accountJson(world, review.author),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: url,
    author_association: associationOf(pull.repository, review.author),
    _links: { html: { href: html }, pull_request: { href: url } },
    ...(review.state === 'PENDING' ? {} : { submitted_at: review.submittedAt }),
    commit_id: review.commit,
  }
}

/** A comment on a line. Once its line is no longer in the diff it is outdated: `line` and `position` are null. */
export function reviewCommentJson(world: World, pull: FakePull, comment: ReviewComment): Json {
  const base = repositoryUrl(world, pull.repository)
  const url = `${base}/pulls/comments/${comment.id}`
  const pullUrl = `${base}/pulls/${pull.number}`
  const html = `${HTML}/${pull.repository.fullName}/pull/${pull.number}#discussion_r${comment.id}`
  const line = currentLine(pull, comment, comment.line)
  const startLine = comment.startLine === null ? null : currentLine(pull, comment, comment.startLine)
  return {
    url,
    pull_request_review_id: comment.review.id,
    id: comment.id,
    node_id: nodeId('PRRC', comment.id),
    diff_hunk: comment.diffHunk,
    path: comment.path,
    position: line === null ? null : positionOf(pull, comment, line),
    original_position: comment.originalPosition,
    commit_id: line === null ? comment.commit : pull.head.sha,
    original_commit_id: comment.commit,
    user: accountJson(world, comment.author),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: html,
    pull_request_url: pullUrl,
    author_association: associationOf(pull.repository, comment.author),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pullUrl } },
    ...(comment.inReplyTo === null ? {} : { in_reply_to_id: comment.inReplyTo }),
    reactions: reactionsJson(url, comment.reactions),
    start_line: line === null ? null : startLine,
    original_start_line: comment.startLine,
    start_side: comment.startSide,
    line,
    original_line: comment.line,
    side: comment.side,
    subject_type: 'line',
  }
}

function positionOf(pull: FakePull, comment: ReviewComment, line: number): number | null {
  const change = pull.changes().find(({ path }) => path === comment.path)
  if (!change) return null
  const position = [...commentable(change, comment.side).keys()].indexOf(line)
  return position < 0 ? null : position + 1
}
