import type { Json } from '../http/answer.js'
import type { Annotation, CheckRun, CheckSuite } from '../state/checks.js'
import type { FakeRepository } from '../state/repository.js'
import { timestamp, type World } from '../state/world.js'
import { simpleCommitJson } from './git.js'
import { appJson, HTML, nodeId, repositoryJson, repositoryUrl } from './names.js'
import { minimalPullJson } from './pulls.js'

/** A check run; in webhooks it carries its whole suite. */
export function checkRunJson(
  world: World,
  repository: FakeRepository,
  run: CheckRun,
  form: 'answer' | 'webhook' = 'answer',
): Json {
  const url = `${repositoryUrl(world, repository)}/check-runs/${run.id}`
  const html = `${HTML}/${repository.fullName}/runs/${run.id}`
  const pulls = pullsOf(world, repository, run.headSha)
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CR', run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.output.title,
      summary: run.output.summary,
      text: run.output.text,
      annotations_count: run.output.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: form === 'answer' ? { id: run.suite.id } : webhookSuite(world, repository, run.suite),
    app: appJson(world, run.app),
    pull_requests: pulls,
    ...(form === 'webhook' ? { actions: run.actions } : {}),
  }
}

export function checkSuiteJson(world: World, repository: FakeRepository, suite: CheckSuite): Json {
  const url = `${repositoryUrl(world, repository)}/check-suites/${suite.id}`
  const runs = repository.checks.runs.filter((run) => run.suite === suite)
  const { objects } = repository
  const commit = objects.commit(suite.headSha)
  return {
    ...webhookSuite(world, repository, suite),
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: new Set(runs.map(({ name }) => name)).size,
    check_runs_url: `${url}/check-runs`,
    head_commit: commit ? simpleCommitJson(commit) : null,
    repository: repositoryJson(world, repository),
  }
}

export function annotationJson(repository: FakeRepository, run: CheckRun, annotation: Annotation): Json {
  return {
    path: annotation.path,
    blob_href: `${HTML}/${repository.fullName}/blob/${run.headSha}/${annotation.path}`,
    start_line: annotation.start_line,
    start_column: annotation.start_column ?? null,
    end_line: annotation.end_line,
    end_column: annotation.end_column ?? null,
    annotation_level: annotation.annotation_level,
    title: annotation.title ?? null,
    message: annotation.message,
    raw_details: annotation.raw_details ?? null,
  }
}

function webhookSuite(world: World, repository: FakeRepository, suite: CheckSuite): Json {
  const runs = repository.checks.runs.filter((run) => run.suite === suite)
  const done = runs.length > 0 && runs.every(({ status }) => status === 'completed')
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: done ? 'completed' : runs.length > 0 ? 'in_progress' : 'queued',
    conclusion: done ? (runs.find(({ conclusion }) => conclusion !== 'success')?.conclusion ?? 'success') : null,
    url: `${repositoryUrl(world, repository)}/check-suites/${suite.id}`,
    before: repository.objects.commit(suite.headSha)?.parents[0] ?? null,
    after: suite.headSha,
    pull_requests: pullsOf(world, repository, suite.headSha),
    app: appJson(world, suite.app),
    created_at: suite.createdAt,
    updated_at: timestamp(world.now()),
  }
}

/** The open pull requests with this head. GitHub leaves out those from forks. */
function pullsOf(world: World, repository: FakeRepository, headSha: string): readonly Json[] {
  return [...repository.pulls.values()]
    .filter((pull) => pull.open && pull.head.sha === headSha && pull.head.repository === repository)
    .map((pull) => minimalPullJson(world, pull))
}
