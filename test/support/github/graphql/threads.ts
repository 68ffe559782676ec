import type { Violation } from '../http/log.js'
import { HTML, nodeId } from '../json/names.js'
import { allows, covers, type Token } from '../state/installations.js'
import type { Account } from '../state/people.js'
import type { FakePull } from '../state/pull.js'
import type { FakeRepository } from '../state/repository.js'
import { currentLine } from '../state/review-lines.js'
import type { ReviewComment, Thread } from '../state/reviews.js'
import type { World } from '../state/world.js'
import { FieldProblem, type Node } from './graphql.js'

type Note = (kind: Violation['kind'], message: string) => void

/** What a query or a mutation starts from: the threads of a pull request's reviews, and the end of one. */
export function rootOf(world: World, token: Token, kind: 'query' | 'mutation', note: Note): Node {
  const may = (repository: FakeRepository): boolean => {
    const own = covers(token.installation, repository) && (token.repositories?.has(repository.id) ?? true)
    if (!own) note('tenant', `a token was used on ${repository.fullName}`)
    return own
  }
  const need = needOf(token, note)
  if (kind === 'mutation') {
    return {
      __typename: 'Mutation',
      resolveReviewThread: ({ input }: { input: { threadId: string; clientMutationId?: string } }) => {
        need('pull_requests', 'write')
        const [pull, thread] = find(world, input.threadId, may)
        thread.resolvedBy = world.app.bot
        return {
          __typename: 'ResolveReviewThreadPayload',
          clientMutationId: input.clientMutationId ?? null,
          thread: threadNode(world, pull, thread),
        }
      },
    }
  }
  return {
    __typename: 'Query',
    viewer: { __typename: 'User', databaseId: world.app.bot.id, login: world.app.bot.login },
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const repository = world.repositories.named(`${owner}/${name}`)
      if (!repository || !may(repository)) {
        throw new FieldProblem('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`)
      }
      return repositoryNode(world, repository, need)
    },
    node: ({ id }: { id: string }) => {
      need('pull_requests', 'read')
      return threadNode(world, ...find(world, id, may))
    },
  }
}

/** Refuses what a token may not read or write; what the installation may, and was not asked for, is noted. */
type Need = (name: string, access: 'read' | 'write') => void

const needOf =
  ({ permissions, installation }: Token, note: Note): Need =>
  (name, access) => {
    if (allows(permissions, name, access)) return
    if (allows(installation.permissions, name, access)) note('permission', `the token lacks ${name}:${access}`)
    throw new FieldProblem('FORBIDDEN', 'Resource not accessible by integration')
  }

function find(world: World, id: string, may: (repository: FakeRepository) => boolean): readonly [FakePull, Thread] {
  for (const repository of world.repositories.all()) {
    for (const pull of repository.pulls.values()) {
      const thread = pull.threads.find((each) => each.id === id)
      if (thread && may(repository)) return [pull, thread]
    }
  }
  throw new FieldProblem('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`)
}

const repositoryNode = (world: World, repository: FakeRepository, need: Need): Node => ({
  __typename: 'Repository',
  id: nodeId('R', repository.id),
  databaseId: repository.id,
  name: repository.name,
  nameWithOwner: repository.fullName,
  pullRequest: ({ number }: { number: number }) => {
    need('pull_requests', 'read')
    const pull = repository.pulls.get(number)
    if (!pull) {
      throw new FieldProblem('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`)
    }
    return pullNode(world, pull, need)
  },
  object: ({ oid }: { oid: string }) => {
    need('contents', 'read')
    return objectNode(repository, oid)
  },
})

/** GraphQL gives text only: what is not, or is very long, it keeps back or cuts short. */
function objectNode({ objects }: FakeRepository, oid: string): Node | null {
  const bytes = objects.blob(oid)
  if (bytes === undefined) return null
  const isBinary = bytes.includes(0)
  const isTruncated = bytes.length > LONGEST_TEXT
  const text = isBinary ? null : bytes.subarray(0, LONGEST_TEXT).toString('utf8')
  return { __typename: 'Blob', oid, byteSize: bytes.length, isBinary, isTruncated, text }
}
const LONGEST_TEXT = 512_000

const pullNode = (world: World, pull: FakePull, need: Need): Node => ({
  __typename: 'PullRequest',
  id: nodeId('PR', pull.id),
  number: pull.number,
  headRefOid: pull.sha,
  state: pull.merged ? 'MERGED' : pull.open ? 'OPEN' : 'CLOSED',
  closingIssuesReferences: (page: Page) => {
    need('issues', 'read')
    const render = (number: number): Node => ({ __typename: 'Issue', number })
    return connection('closingIssuesReferences', 'IssueConnection', closes(pull), render)(page)
  },
  reviewThreads: connection('reviewThreads', 'PullRequestReviewThreadConnection', pull.threads, (thread) =>
    threadNode(world, pull, thread),
  ),
})

/** The issues that the text of a pull request says it closes. */
function closes({ issue, repository }: FakePull): readonly number[] {
  const named = (issue.body ?? '').matchAll(/\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):? #(\d+)/gi)
  return [...named].map(([, number]) => Number(number)).filter((number) => repository.conversation.issues.has(number))
}

function threadNode(world: World, pull: FakePull, thread: Thread): Node {
  const [first] = thread.comments
  const line = first ? currentLine(pull, first, first.line) : null
  return {
    __typename: 'PullRequestReviewThread',
    id: thread.id,
    isResolved: thread.resolvedBy !== null,
    isOutdated: line === null,
    isCollapsed: thread.resolvedBy !== null || line === null,
    viewerCanResolve: thread.resolvedBy === null,
    resolvedBy: thread.resolvedBy && accountNode(world, thread.resolvedBy),
    path: first?.path ?? '',
    line,
    originalLine: first?.line ?? null,
    startLine: first?.startLine ?? null,
    diffSide: first?.side ?? 'RIGHT',
    comments: connection('comments', 'PullRequestReviewCommentConnection', thread.comments, (comment) =>
      commentNode(world, pull, comment),
    ),
  }
}

const commentNode = (world: World, pull: FakePull, comment: ReviewComment): Node => ({
  __typename: 'PullRequestReviewComment',
  id: nodeId('PRRC', comment.id),
  databaseId: comment.id,
  fullDatabaseId: String(comment.id),
  author: accountNode(world, comment.author),
  viewerDidAuthor: comment.author.id === world.app.bot.id,
  body: comment.body,
  path: comment.path,
  createdAt: comment.createdAt,
  url: `${HTML}/${pull.repository.fullName}/pull/${pull.number}#discussion_r${comment.id}`,
  pullRequestReview: {
    __typename: 'PullRequestReview',
    id: nodeId('PRR', comment.review.id),
    databaseId: comment.review.id,
  },
})

/** GraphQL gives the login of a bot without the ending that REST gives it. */
function accountNode(world: World, account: Account): Node {
  const { id, login, type } = world.people.shown(account)
  return { __typename: type, id: nodeId('U', id), databaseId: id, login: login.replace('[bot]', '') }
}

interface Page {
  readonly first?: number
  readonly after?: string | null
}

/** Some of a list from a cursor on: 100 at most, and it must be said how many. */
function connection<T>(name: string, type: string, items: readonly T[], render: (item: T) => Node) {
  return ({ first, after }: Page): Node => {
    if (first === undefined || first < 1 || first > 100) {
      throw new FieldProblem(
        'MISSING_PAGINATION_BOUNDARIES',
        `You must provide a \`first\` or \`last\` value of at most 100 to properly paginate the \`${name}\` connection.`,
      )
    }
    const from = after ? Number(Buffer.from(after, 'base64url').toString()) : 0
    const shown = items.slice(from, from + first)
    const end = from + shown.length
    return {
      __typename: type,
      totalCount: items.length,
      nodes: shown.map(render),
      pageInfo: {
        __typename: 'PageInfo',
        hasNextPage: end < items.length,
        hasPreviousPage: from > 0,
        startCursor: shown.length > 0 ? Buffer.from(String(from)).toString('base64url') : null,
        endCursor: shown.length > 0 ? Buffer.from(String(end)).toString('base64url') : null,
      },
    }
  }
}
