import { commentable } from '../git/changes.js'
import { invalid, notFound, Refusal, type Answer } from '../http/answer.js'
import type { Call, Routes } from '../http/call.js'
import { nodeId } from '../json/names.js'
import { reviewCommentJson, reviewJson } from '../json/reviews.js'
import type { FakePull } from '../state/pull.js'
import { changeAt, type Place } from '../state/review-lines.js'
import type { Review, ReviewComment, ReviewState, Side, Thread } from '../state/reviews.js'
import { timestamp } from '../state/world.js'
import { LONGEST_COMMENT } from './issues.js'

const REPO = '/repos/{owner}/{repo}'
const PULL = `${REPO}/pulls/{pull_number}`

/** Reviews of pull requests and their comments on lines. */
export const reviews: Routes = {
  [`GET ${PULL}/reviews`]: {
    needs: ['pull_requests:read'],
    handle: (call) => call.page(call.pull.reviews, (review) => reviewJson(call.world, call.pull, review)),
  },
  [`POST ${PULL}/reviews`]: { needs: ['pull_requests:write'], handle: create },
  [`GET ${PULL}/reviews/{review_id}`]: {
    needs: ['pull_requests:read'],
    handle: (call) => answer(call, reviewOf(call)),
  },
  [`PUT ${PULL}/reviews/{review_id}`]: {
    needs: ['pull_requests:write'],
    handle: (call) => {
      const review = reviewOf(call)
      review.body = (call.body as { body: string }).body
      return answer(call, review)
    },
  },
  [`PUT ${PULL}/reviews/{review_id}/dismissals`]: {
    needs: ['pull_requests:write'],
    handle: (call) => {
      const review = reviewOf(call)
      if (!['APPROVED', 'CHANGES_REQUESTED'].includes(review.state)) {
        throw new Refusal(422, 'Unprocessable Entity', ['Can not dismiss a commented pull request review'])
      }
      review.state = 'DISMISSED'
      return answer(call, review)
    },
  },
  [`GET ${PULL}/reviews/{review_id}/comments`]: {
    needs: ['pull_requests:read'],
    handle: (call) => {
      const review = reviewOf(call)
      const comments = call.pull.reviewComments.filter((comment) => comment.review === review)
      return call.page(comments, (comment) => withoutLines(reviewCommentJson(call.world, call.pull, comment)))
    },
  },
  [`GET ${PULL}/comments`]: {
    needs: ['pull_requests:read'],
    handle: (call) =>
      call.page(call.pull.reviewComments, (comment) => reviewCommentJson(call.world, call.pull, comment)),
  },
  [`POST ${PULL}/comments`]: { needs: ['pull_requests:write'], handle: createOne },
  [`GET ${REPO}/pulls/comments/{comment_id}`]: {
    needs: ['pull_requests:read'],
    handle: (call) => {
      const { pull, comment } = commentOf(call)
      return { status: 200, body: reviewCommentJson(call.world, pull, comment) }
    },
  },
  [`PATCH ${REPO}/pulls/comments/{comment_id}`]: {
    needs: ['pull_requests:write'],
    handle: (call) => {
      const { pull, comment } = commentOf(call)
      comment.body = checkedBody((call.body as { body: string }).body)
      comment.updatedAt = timestamp(call.world.now())
      return { status: 200, body: reviewCommentJson(call.world, pull, comment) }
    },
  },
  [`DELETE ${REPO}/pulls/comments/{comment_id}`]: {
    needs: ['pull_requests:write'],
    handle: (call) => {
      const { pull, comment } = commentOf(call)
      pull.reviewComments.splice(pull.reviewComments.indexOf(comment), 1)
      comment.thread.comments.splice(comment.thread.comments.indexOf(comment), 1)
      if (comment.thread.comments.length === 0) pull.threads.splice(pull.threads.indexOf(comment.thread), 1)
      return { status: 204 }
    },
  },
}

interface Draft {
  readonly path: string
  readonly body: string
  readonly position?: number
  readonly line?: number
  readonly side?: Side
  readonly start_line?: number
  readonly start_side?: Side
}

const STATES: Readonly<Record<string, ReviewState>> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
}

function create(call: Call): Answer {
  const { pull } = call
  const asked = call.body as { commit_id?: string; body?: string; event?: string; comments?: readonly Draft[] }
  const body = asked.body ?? ''
  const drafts = asked.comments ?? []
  const needsBody = asked.event === 'REQUEST_CHANGES' || (asked.event === 'COMMENT' && drafts.length === 0)
  if (needsBody && body.trim() === '') throw new Refusal(422, 'Unprocessable Entity', ['Body can’t be blank'])
  if (body !== '') checkedBody(body)
  const commit = commitOf(pull, asked.commit_id)
  // All are looked at before one is written: GitHub makes the whole review or none of it.
  const placed = drafts.map((draft) => ({ draft, place: placeOf(pull, draft, commit) }))
  placed.forEach(({ draft, place }) => {
    changeAt(pull, place, commit)
    checkedBody(draft.body)
  })
  const review = open(call, pull, { body, commit, state: STATES[asked.event ?? ''] ?? 'PENDING' })
  for (const { draft, place } of placed) add(call, pull, review, place, draft.body)
  return answer(call, review)
}

/** A comment alone, which is a review of its own, or an answer in a thread. */
function createOne(call: Call): Answer {
  const { pull } = call
  const asked = call.body as Draft & { commit_id: string; in_reply_to?: number; subject_type?: string }
  const body = checkedBody(asked.body)
  const first = pull.reviewComments.find(({ id }) => id === asked.in_reply_to)
  if (asked.in_reply_to !== undefined && !first) throw notFound()
  const commit = first?.commit ?? commitOf(pull, asked.commit_id)
  const place = first ?? placeOf(pull, asked, commit)
  if (!first) changeAt(pull, place, commit)
  const review = open(call, pull, { body: '', commit, state: 'COMMENTED' })
  const comment = add(call, pull, review, place, body, first)
  return { status: 201, body: reviewCommentJson(call.world, pull, comment) }
}

function open(call: Call, pull: FakePull, facts: { body: string; commit: string; state: ReviewState }): Review {
  const { world } = call
  const review = { id: world.nextId(), author: call.author, submittedAt: timestamp(world.now()), ...facts }
  pull.reviews.push(review)
  return review
}

function add(
  { world, author }: Call,
  pull: FakePull,
  review: Review,
  place: Place,
  body: string,
  first?: ReviewComment,
): ReviewComment {
  const id = world.nextId()
  const thread: Thread = first?.thread ?? { id: nodeId('PRRT', id), resolvedBy: null, comments: [] }
  if (!first) pull.threads.push(thread)
  const at = timestamp(world.now())
  const change = first ? null : changeAt(pull, place, review.commit)
  const lines = change ? [...commentable(change, place.side).keys()] : []
  const hunk = change?.hunks[commentable(change, place.side).get(place.line) ?? 0]
  const comment: ReviewComment = {
    id,
    review,
    thread,
    author,
    path: place.path,
    side: place.side,
    line: place.line,
    startLine: place.startLine,
    startSide: place.startSide,
    commit: review.commit,
    diffHunk: first?.diffHunk ?? hunk?.lines.join('\n') ?? '',
    originalPosition: first?.originalPosition ?? lines.indexOf(place.line) + 1,
    inReplyTo: first?.id ?? null,
    createdAt: at,
    updatedAt: at,
    body,
    reactions: [],
  }
  thread.comments.push(comment)
  pull.reviewComments.push(comment)
  return comment
}

function placeOf(pull: FakePull, draft: Draft, commit: string): Place {
  const { path, position, line, side = 'RIGHT', start_line: startLine, start_side: startSide } = draft
  if (line !== undefined) {
    return { path, side, line, startLine: startLine ?? null, startSide: startLine ? (startSide ?? side) : null }
  }
  // The old way: the number of lines below the first header of a part.
  const change = pull.changes(commit).find((each) => each.path === path)
  if (!change) throw new Refusal(422, 'Unprocessable Entity', ['Path could not be resolved'])
  const lines = change.hunks.flatMap((hunk, index) => {
    let [left, right] = [hunk.oldStart, hunk.newStart]
    const rows = hunk.lines.map((text) => ({
      side: text.startsWith('-') ? ('LEFT' as const) : ('RIGHT' as const),
      line: text.startsWith('-') ? left++ : text.startsWith('+') ? right++ : (left++, right++),
    }))
    return index === 0 ? rows : [null, ...rows]
  })
  const found = lines[(position ?? 0) - 1]
  if (!found) throw new Refusal(422, 'Unprocessable Entity', ['Position could not be resolved'])
  return { path, ...found, startLine: null, startSide: null }
}

function commitOf(pull: FakePull, asked: string | undefined): string {
  if (asked === undefined || asked === pull.sha) return pull.sha
  if (pull.commits().some(({ sha }) => sha === asked)) return asked
  throw new Refusal(422, 'Unprocessable Entity', ['Commit is not part of the pull request'])
}

function checkedBody(body: string): string {
  if (body.trim() === '') throw invalid('PullRequestReviewComment', 'body', 'missing_field')
  if ([...body].length > LONGEST_COMMENT) {
    throw invalid('PullRequestReviewComment', 'body', 'too_long', `maximum is ${LONGEST_COMMENT} characters`)
  }
  return body
}

const answer = (call: Call, review: Review): Answer => ({
  status: 200,
  body: reviewJson(call.world, call.pull, review),
})

function reviewOf(call: Call): Review {
  const review = call.pull.reviews.find(({ id }) => id === call.number('review_id'))
  if (!review) throw notFound()
  return review
}

function commentOf(call: Call): { pull: FakePull; comment: ReviewComment } {
  for (const pull of call.repository.pulls.values()) {
    const comment = pull.reviewComments.find(({ id }) => id === call.number('comment_id'))
    if (comment) return { pull, comment }
  }
  throw notFound()
}

/** The comments of one review are given without their lines. */
function withoutLines(comment: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const left = { ...comment }
  for (const key of ['line', 'side', 'start_line', 'start_side', 'subject_type']) delete left[key]
  return left
}
