import { invalid, notFound, Refusal, type Answer } from '../http/answer.js'
import type { Call, Routes } from '../http/call.js'
import { issueCommentJson, issueJson, reactionJson } from '../json/issues.js'
import type { Issue, IssueComment } from '../state/conversation.js'

const REPO = '/repos/{owner}/{repo}'
/** The longest comment, in characters. */
export const LONGEST_COMMENT = 65_536

const READ = ['issues:read', 'pull_requests:read']
const WRITE = ['issues:write', 'pull_requests:write']

/** Issues, what is said in them and in pull requests, and reactions to that. */
export const issues: Routes = {
  [`GET ${REPO}/issues/{issue_number}`]: {
    needs: READ,
    handle: (call) => ({ status: 200, body: issueJson(call.world, call.repository, issueOf(call)) }),
  },
  [`GET ${REPO}/issues/{issue_number}/comments`]: {
    needs: READ,
    handle: (call) => comments(call, call.repository.comments(issueOf(call))),
  },
  [`GET ${REPO}/issues/comments`]: {
    needs: READ,
    handle: (call) => {
      const sorted = [...call.repository.conversation.comments]
      if (call.query.sort === 'updated') sorted.sort((one, other) => (one.updatedAt < other.updatedAt ? -1 : 1))
      return comments(call, call.query.direction === 'desc' ? sorted.reverse() : sorted)
    },
  },
  [`POST ${REPO}/issues/{issue_number}/comments`]: {
    needs: WRITE,
    handle: (call) => {
      const issue = issueOf(call)
      if (issue.locked && !mayWriteLocked(call))
        throw new Refusal(403, 'Unable to create comment because issue is locked.')
      const comment = call.repository.conversation.comment(issue, call.author, bodyOf(call), call.app)
      return { status: 201, body: issueCommentJson(call.world, call.repository, comment) }
    },
  },
  [`GET ${REPO}/issues/comments/{comment_id}`]: {
    needs: READ,
    handle: (call) => ({ status: 200, body: issueCommentJson(call.world, call.repository, commentOf(call)) }),
  },
  [`PATCH ${REPO}/issues/comments/{comment_id}`]: {
    needs: WRITE,
    handle: (call) => {
      const comment = commentOf(call)
      call.repository.conversation.edit(comment, bodyOf(call), call.author)
      return { status: 200, body: issueCommentJson(call.world, call.repository, comment) }
    },
  },
  [`DELETE ${REPO}/issues/comments/{comment_id}`]: {
    needs: WRITE,
    handle: (call) => {
      call.repository.conversation.delete(commentOf(call), call.author)
      return { status: 204 }
    },
  },
  [`GET ${REPO}/issues/comments/{comment_id}/reactions`]: {
    needs: READ,
    handle: (call) => {
      const wanted = commentOf(call).reactions.filter(
        ({ content }) => call.query.content === undefined || content === call.query.content,
      )
      return call.page(wanted, (reaction) => reactionJson(call.world, reaction))
    },
  },
  [`POST ${REPO}/issues/comments/{comment_id}/reactions`]: {
    needs: WRITE,
    handle: (call) => {
      const { content } = call.body as { content: string }
      const { reactions } = commentOf(call)
      const { reaction, created } = call.repository.conversation.react(reactions, call.author, content)
      return { status: created ? 201 : 200, body: reactionJson(call.world, reaction) }
    },
  },
  [`DELETE ${REPO}/issues/comments/{comment_id}/reactions/{reaction_id}`]: {
    needs: WRITE,
    handle: (call) => {
      const { reactions } = commentOf(call)
      const index = reactions.findIndex(({ id }) => id === call.number('reaction_id'))
      if (index < 0) throw notFound()
      reactions.splice(index, 1)
      return { status: 204 }
    },
  },
}

function comments(call: Call, all: readonly IssueComment[]): Answer {
  const since = call.query.since === undefined ? -Infinity : Date.parse(call.query.since)
  const wanted = all.filter(({ updatedAt }) => Date.parse(updatedAt) >= since)
  return call.page(wanted, (comment) => issueCommentJson(call.world, call.repository, comment))
}

/** An App with write access may comment on what is locked. */
const mayWriteLocked = ({ token }: Call): boolean =>
  ['issues', 'pull_requests'].some((name) => token.permissions[name] === 'write')

function bodyOf(call: Call): string {
  const { body } = call.body as { body: string }
  if (body.trim() === '') throw invalid('IssueComment', 'data', 'unprocessable', 'Body cannot be blank')
  if ([...body].length > LONGEST_COMMENT) {
    const message = `Body is too long (maximum is ${LONGEST_COMMENT} characters)`
    throw invalid('IssueComment', 'data', 'unprocessable', message)
  }
  return body
}

function issueOf(call: Call): Issue {
  const issue = call.repository.conversation.issues.get(call.number('issue_number'))
  if (!issue) throw notFound()
  return issue
}

function commentOf(call: Call): IssueComment {
  const comment = call.repository.conversation.comments.find(({ id }) => id === call.number('comment_id'))
  if (!comment) throw notFound()
  return comment
}
