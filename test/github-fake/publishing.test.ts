import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Octokit } from '@octokit/rest'
import type { FakeGitHub } from '../support/github/fake.js'
import type { FakePull } from '../support/github/state/pull.js'
import type { FakeRepository } from '../support/github/state/repository.js'
import { asInstallation, refusal, startFake } from './world.js'

const LINES = Array.from({ length: 30 }, (_, index) => `select ${index + 1};`)
const at = { owner: 'acme', repo: 'shop' }

let github: FakeGitHub
let repository: FakeRepository
let pull: FakePull
let octokit: Octokit

beforeEach(async () => {
  github = await startFake()
  repository = github.repository('acme/shop', { files: { 'a.sql': `${LINES.join('\n')}\n` } })
  pull = repository.openPull({ files: { 'a.sql': changed({ 20: 'select 200;' }), 'b.sql': 'select 1;\nselect 2;\n' } })
  octokit = await asInstallation(github, repository)
})

afterEach(async () => {
  const { mistakes } = github
  await github.stop()
  expect(mistakes).toEqual([])
})

const changed = (lines: Readonly<Record<number, string>>): string =>
  `${LINES.map((line, index) => lines[index + 1] ?? line).join('\n')}\n`

const annotation = (line: number) => ({
  path: 'a.sql',
  start_line: line,
  end_line: line,
  annotation_level: 'warning' as const,
  message: `about ${line}`,
})

const annotations = (count: number) => Array.from({ length: count }, (_, index) => annotation(index + 1))

describe('check runs', () => {
  const create = (more: object = {}) =>
    octokit.rest.checks.create({ ...at, name: 'dba', head_sha: pull.sha, status: 'in_progress', ...more })
  const output = (more: object = {}) => ({ title: 'A title', summary: 'A summary', ...more })

  test('from start to end: annotations are appended, and the newest decides', async () => {
    const { data: run } = await create({ external_id: '1:2' })
    expect([run.status, run.conclusion, repository.mergeable(pull)]).toEqual(['in_progress', null, false])
    const end = { ...at, check_run_id: run.id }
    await octokit.rest.checks.update({ ...end, output: output({ annotations: annotations(50) }) })
    const { data: done } = await octokit.rest.checks.update({
      ...end,
      conclusion: 'success',
      output: output({ annotations: annotations(7) }),
      actions: [{ label: 'Re-run', description: 'Review again', identifier: 'rerun' }],
    })
    expect([done.status, done.output.annotations_count, repository.mergeable(pull)]).toEqual(['completed', 57, true])
    const listed = await octokit.paginate(octokit.rest.checks.listAnnotations, { ...end, per_page: 50 })
    expect(listed).toHaveLength(57)
    await create()
    expect(repository.mergeable(pull)).toBe(false)
    const latest = await octokit.rest.checks.listForRef({ ...at, ref: pull.sha, check_name: 'dba' })
    const all = await octokit.rest.checks.listForRef({ ...at, ref: pull.sha, check_name: 'dba', filter: 'all' })
    expect([latest.data.total_count, all.data.total_count]).toEqual([1, 2])
    expect(repository.checkRuns(pull.sha)[0]?.history.map(({ status, conclusion }) => [status, conclusion])).toEqual([
      ['in_progress', null],
      ['in_progress', null],
      ['completed', 'success'],
    ])
    expect(github.violations).toEqual([])
  })

  test.each([
    ['51 annotations', { output: output({ annotations: annotations(51) }) }],
    ['a long summary', { output: output({ summary: 'x'.repeat(65_536) }) }],
    ['a long text', { output: output({ text: 'x'.repeat(65_536) }) }],
    ['four buttons', { actions: Array(4).fill({ label: 'a', description: 'b', identifier: 'c' }) }],
    ['a long label', { actions: [{ label: 'x'.repeat(21), description: 'b', identifier: 'c' }] }],
    ['a conclusion that does not exist', { conclusion: 'fine' }],
    ['a field that does not exist', { annotations: [] }],
  ])('%s: refused, and noted', async (_, fields) => {
    expect(await refusal(create(fields))).toMatchObject({ status: 422 })
    expect(github.violations.map(({ kind }) => kind)).toContain('schema')
    expect(repository.checkRuns(pull.sha)).toEqual([])
  })

  test.each([
    ['completed without a conclusion', { status: 'completed' }],
    ['a conclusion that only GitHub gives', { conclusion: 'stale' }],
    [
      'columns over several lines',
      { output: output({ annotations: [{ ...annotation(1), end_line: 2, start_column: 1 }] }) },
    ],
    ['an end before its start', { output: output({ annotations: [{ ...annotation(5), end_line: 2 }] }) }],
    ['a commit that does not exist', { head_sha: 'f'.repeat(40) }],
  ])('%s: refused', async (_, fields) => {
    expect(await refusal(create(fields))).toMatchObject({ status: 422 })
    expect(repository.checkRuns(pull.sha)).toEqual([])
  })

  test('that of another App is not to be changed', async () => {
    const foreign = repository.foreignCheckRun('builder', pull.sha, 'dba', { conclusion: 'success' })
    expect(repository.mergeable(pull)).toBe(false)
    const change = octokit.rest.checks.update({ ...at, check_run_id: foreign.id, conclusion: 'failure' })
    expect(await refusal(change)).toMatchObject({ status: 403 })
  })
})

describe('comments', () => {
  test('are written, changed, reacted to and deleted', async () => {
    const asked = pull.comment('ann', '/dba help')
    const eyes = { ...at, comment_id: asked.id, content: 'eyes' as const }
    const first = await octokit.rest.reactions.createForIssueComment(eyes)
    const again = await octokit.rest.reactions.createForIssueComment(eyes)
    expect([first.status, again.status, asked.reactions.length]).toEqual([201, 200, 1])
    await octokit.rest.reactions.deleteForIssueComment({ ...at, comment_id: asked.id, reaction_id: first.data.id })
    expect(asked.reactions).toEqual([])
    const { data } = await octokit.rest.issues.createComment({ ...at, issue_number: 1, body: 'Hello' })
    expect([data.user?.login, data.user?.type, data.performed_via_github_app?.slug]).toEqual([
      'dba-bot[bot]',
      'Bot',
      'dba-bot',
    ])
    await octokit.rest.issues.updateComment({ ...at, comment_id: data.id, body: 'Hello again' })
    expect(repository.comments(pull).map(({ bodies }) => bodies)).toEqual([['/dba help'], ['Hello', 'Hello again']])
    await octokit.rest.issues.deleteComment({ ...at, comment_id: data.id })
    expect(repository.comments(pull)).toHaveLength(1)
    expect(github.violations).toEqual([])
  })

  test.each([
    ['an empty one', '  '],
    ['one that is too long', 'x'.repeat(65_537)],
  ])('%s is refused', async (_, body) => {
    expect(await refusal(octokit.rest.issues.createComment({ ...at, issue_number: 1, body }))).toMatchObject({
      status: 422,
    })
  })

  test('all pages are reached by their links', async () => {
    for (let index = 0; index < 25; index++) pull.comment('ann', `comment ${index}`)
    const all = await octokit.paginate(octokit.rest.issues.listComments, { ...at, issue_number: 1, per_page: 10 })
    expect(all.map(({ body }) => body)).toEqual(Array.from({ length: 25 }, (_, index) => `comment ${index}`))
    expect(github.violations).toEqual([])
  })
})

describe('reviews', () => {
  const review = (...comments: readonly object[]) =>
    octokit.rest.pulls.createReview({
      ...at,
      pull_number: 1,
      event: 'COMMENT',
      body: 'See below.',
      commit_id: pull.sha,
      comments: comments.map((comment) => ({ path: 'a.sql', body: 'Hm.', ...comment })),
    })

  test('a comment stands on a line of the diff, follows it, and is outdated once the line has changed', async () => {
    await review({ line: 20, side: 'RIGHT' }, { line: 20, side: 'LEFT' }, { line: 23, start_line: 19, side: 'RIGHT' })
    const lines = async () =>
      (await octokit.rest.pulls.listReviewComments({ ...at, pull_number: 1 })).data.map(({ line, original_line }) => [
        line,
        original_line,
      ])
    expect(await lines()).toEqual([[20, 20], [20, 20], [23, 23]]) // prettier-ignore
    pull.push({ 'a.sql': `-- one more\n${changed({ 20: 'select 200;' })}` })
    expect(await lines()).toEqual([[21, 20], [20, 20], [24, 23]]) // prettier-ignore
    pull.push({ 'a.sql': changed({ 20: 'select 201;' }) })
    expect(await lines()).toEqual([[null, 20], [20, 20], [23, 23]]) // prettier-ignore
    expect(github.violations).toEqual([])
  })

  test.each([
    ['a line outside of the diff', [{ line: 5 }]],
    ['a line that does not exist', [{ line: 500 }]],
    ['a new line of the left side', [{ path: 'b.sql', line: 1, side: 'LEFT' }]],
    ['a file that is not in the diff', [{ path: 'c.sql', line: 1 }]],
    ['a range that starts outside of the diff', [{ line: 20, start_line: 3 }]],
    ['a range that ends before it starts', [{ line: 19, start_line: 21 }]],
    ['one good and one bad', [{ line: 20 }, { line: 5 }]],
  ])('%s: refused as a whole', async (_, comments) => {
    expect(await refusal(review(...comments))).toMatchObject({ status: 422 })
    expect([pull.reviews, pull.reviewComments]).toEqual([[], []])
  })

  test('threads are read and resolved by GraphQL, and nothing else is', async () => {
    await review({ line: 20 }, { path: 'b.sql', line: 1 })
    const ask = `query ($owner: String!, $name: String!, $number: Int!, $after: String) {
      repository(owner: $owner, name: $name) { pullRequest(number: $number) {
        reviewThreads(first: 1, after: $after) {
          pageInfo { hasNextPage endCursor }
          nodes { id isResolved isOutdated comments(first: 1) { nodes { databaseId author { login } body } } }
        } } } }`
    interface Asked {
      repository: { pullRequest: { reviewThreads: { pageInfo: { endCursor: string }; nodes: { id: string }[] } } }
    }
    const threads = async (after: string | null) =>
      (await octokit.graphql<Asked>(ask, { owner: 'acme', name: 'shop', number: 1, after })).repository.pullRequest
        .reviewThreads
    const first = await threads(null)
    const second = await threads(first.pageInfo.endCursor)
    expect(second).toMatchObject({
      pageInfo: { hasNextPage: false },
      nodes: [{ isResolved: false, isOutdated: false, comments: { nodes: [{ author: { login: 'dba-bot' } }] } }],
    })
    const blob =
      'query ($oid: GitObjectID!) { repository(owner: "acme", name: "shop") { object(oid: $oid) { ... on Blob { text } } } }'
    const resolve = 'mutation ($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { isResolved } } }'
    await octokit.graphql(resolve, { id: second.nodes[0]?.id })
    expect(pull.threads.map(({ resolvedBy }) => resolvedBy?.login ?? null)).toEqual([null, 'dba-bot[bot]'])
    expect(github.violations).toEqual([])
    const narrow = await asInstallation(github, repository, { pull_requests: 'read' })
    await expect(narrow.graphql(resolve, { id: first.nodes[0]?.id })).rejects.toThrow(/not accessible/)
    await expect(narrow.graphql(blob, { oid: '0'.repeat(40) })).rejects.toThrow(/not accessible/)
    expect(github.violations.map(({ kind }) => kind)).toEqual(['permission', 'permission'])
    await expect(octokit.graphql('{ rateLimit { cost } }')).rejects.toThrow(/rateLimit/)
    expect(github.violations).toHaveLength(3)
  })
})
