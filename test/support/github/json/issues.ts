import type { Json } from '../http/answer.js'
import { REACTIONS, type Issue, type IssueComment, type Reaction } from '../state/conversation.js'
import type { FakeRepository } from '../state/repository.js'
import type { World } from '../state/world.js'
import { accountJson, appJson, associationOf, HTML, nodeId, repositoryUrl } from './names.js'

export function issueJson(world: World, repository: FakeRepository, issue: Issue): Json {
  const url = `${repositoryUrl(world, repository)}/issues/${issue.number}`
  const html = `${HTML}/${repository.fullName}/${issue.isPull ? 'pull' : 'issues'}/${issue.number}`
  const pull = repository.pulls.get(issue.number)
  return {
    url,
    repository_url: repositoryUrl(world, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    id: issue.id,
    node_id: nodeId('I', issue.id),
    number: issue.number,
    title: issue.title,
    user: accountJson(world, issue.author),
    labels: [],
    state: issue.state,
    locked: issue.locked,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: repository.comments(issue).length,
    created_at: issue.createdAt,
    updated_at: pull?.updatedAt ?? issue.createdAt,
    closed_at: pull?.closedAt ?? null,
    author_association: associationOf(repository, issue.author),
    active_lock_reason: null,
    body: issue.body,
    reactions: reactionsJson(url, []),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: null,
    ...(pull
      ? {
          draft: pull.draft,
          pull_request: {
            url: `${repositoryUrl(world, repository)}/pulls/${issue.number}`,
            html_url: html,
            diff_url: `${html}.diff`,
            patch_url: `${html}.patch`,
            merged_at: pull.merged ? pull.closedAt : null,
          },
        }
      : {}),
  }
}

export function issueCommentJson(world: World, repository: FakeRepository, comment: IssueComment): Json {
  const issue = repository.conversation.issues.get(comment.number)
  const url = `${repositoryUrl(world, repository)}/issues/comments/${comment.id}`
  const kind = issue?.isPull ? 'pull' : 'issues'
  return {
    url,
    html_url: `${HTML}/${repository.fullName}/${kind}/${comment.number}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(world, repository)}/issues/${comment.number}`,
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    user: accountJson(world, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(repository, comment.author),
    body: comment.body,
    reactions: reactionsJson(url, comment.reactions),
    performed_via_github_app: comment.app ? appJson(world, comment.app) : null,
  }
}

export function reactionJson(world: World, reaction: Reaction): Json {
  return {
    id: reaction.id,
    node_id: nodeId('REA', reaction.id),
    user: accountJson(world, reaction.author),
    content: reaction.content,
    created_at: reaction.createdAt,
  }
}

export function reactionsJson(url: string, reactions: readonly Reaction[]): Json {
  const count = (content: string): number => reactions.filter((reaction) => reaction.content === content).length
  return {
    url: `${url}/reactions`,
    total_count: reactions.length,
    ...Object.fromEntries(REACTIONS.map((content) => [content, count(content)])),
  }
}
