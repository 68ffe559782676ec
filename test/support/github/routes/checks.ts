import { notFound, Refusal, invalid, type Answer } from '../http/answer.js'
import type { Call, Routes } from '../http/call.js'
import { annotationJson, checkRunJson, checkSuiteJson } from '../json/checks.js'
import type { Annotation, CheckRun, CheckRunFields, CheckSuite } from '../state/checks.js'
import { commitAt, noCommit } from './git.js'

const REPO = '/repos/{owner}/{repo}'
/** The largest text of an annotation, in bytes. */
const LARGEST = 65_536

/** Check runs and suites. An App changes its own only. */
export const checks: Routes = {
  [`POST ${REPO}/check-runs`]: { needs: ['checks:write'], handle: create },
  [`GET ${REPO}/check-runs/{check_run_id}`]: {
    needs: ['checks:read'],
    handle: (call) => ({ status: 200, body: checkRunJson(call.world, call.repository, runOf(call)) }),
  },
  [`PATCH ${REPO}/check-runs/{check_run_id}`]: { needs: ['checks:write'], handle: update },
  [`GET ${REPO}/check-runs/{check_run_id}/annotations`]: {
    needs: ['checks:read'],
    handle: (call) => {
      const run = runOf(call)
      return call.page(run.output.annotations, (annotation) => annotationJson(call.repository, run, annotation))
    },
  },
  [`POST ${REPO}/check-runs/{check_run_id}/rerequest`]: {
    needs: ['checks:write'],
    handle: (call) => {
      call.repository.checks.rerequest(runOf(call), call.author)
      return { status: 201, body: {} }
    },
  },
  [`GET ${REPO}/commits/{ref}/check-runs`]: {
    needs: ['checks:read'],
    handle: (call) => {
      const { sha } = commitAt(call, call.param('ref'))
      return runs(
        call,
        call.repository.checks.runs.filter(({ headSha }) => headSha === sha),
      )
    },
  },
  [`GET ${REPO}/commits/{ref}/check-suites`]: {
    needs: ['checks:read'],
    handle: (call) => {
      const { sha } = commitAt(call, call.param('ref'))
      const { app_id: app } = call.query
      const suites = call.repository.checks.suites.filter(
        (suite) => suite.headSha === sha && (app === undefined || String(suite.app.id) === app),
      )
      return call.page(
        suites,
        (suite) => checkSuiteJson(call.world, call.repository, suite),
        (check_suites, total_count) => ({ total_count, check_suites }),
      )
    },
  },
  [`GET ${REPO}/check-suites/{check_suite_id}`]: {
    needs: ['checks:read'],
    handle: (call) => ({ status: 200, body: checkSuiteJson(call.world, call.repository, suiteOf(call)) }),
  },
  [`GET ${REPO}/check-suites/{check_suite_id}/check-runs`]: {
    needs: ['checks:read'],
    handle: (call) => {
      const suite = suiteOf(call)
      return runs(
        call,
        call.repository.checks.runs.filter((run) => run.suite === suite),
      )
    },
  },
  [`POST ${REPO}/check-suites/{check_suite_id}/rerequest`]: {
    needs: ['checks:write'],
    handle: (call) => {
      call.repository.checks.rerequestSuite(suiteOf(call), call.author)
      return { status: 201, body: {} }
    },
  },
}

function create(call: Call): Answer {
  const fields = call.body as CheckRunFields & { readonly name: string; readonly head_sha: string }
  if (!call.repository.objects.commit(fields.head_sha)) throw noCommit(fields.head_sha)
  refuseWrong(fields, 'queued')
  const run = call.repository.checks.create(call.app, fields.head_sha, fields.name, fields)
  return { status: 201, body: checkRunJson(call.world, call.repository, run) }
}

function update(call: Call): Answer {
  const run = runOf(call)
  if (run.app !== call.app)
    throw new Refusal(
      403,
      'Invalid app_id `' + call.app.id + '` - check run can only be modified by the GitHub App that created it.',
    )
  const fields = call.body as CheckRunFields
  refuseWrong(fields, run.status)
  call.repository.checks.update(run, fields)
  return { status: 200, body: checkRunJson(call.world, call.repository, run) }
}

/** What the description cannot say. */
function refuseWrong(fields: CheckRunFields, before: string): void {
  const { status, conclusion, completed_at, output } = fields
  if (conclusion === 'stale') throw invalid('CheckRun', 'conclusion', 'invalid')
  const completes = status === 'completed' || (completed_at !== undefined && before !== 'completed')
  if (completes && conclusion === undefined) {
    throw invalid('CheckRun', 'conclusion', 'missing_field', 'conclusion is required when status is completed')
  }
  if (fields.name === '') throw invalid('CheckRun', 'name', 'missing_field')
  output?.annotations?.forEach((annotation, index) => {
    const problem = problemOf(annotation)
    if (problem) throw invalid('CheckAnnotation', `annotations/${index}`, 'invalid', problem)
  })
}

function problemOf(annotation: Annotation): string | null {
  const { start_line, end_line, start_column, end_column, message, title, raw_details, path } = annotation
  if (path === '') return 'path is empty'
  if (start_line < 1 || end_line < start_line) return 'lines start at 1, and the end is not before the start'
  const columns = start_column !== undefined || end_column !== undefined
  if (columns && start_line !== end_line) return 'columns are for annotations of one line'
  if ((start_column ?? 1) < 1 || (end_column ?? Infinity) < (start_column ?? 1)) return 'columns start at 1'
  if (message === '') return 'message is empty'
  if (Buffer.byteLength(message) > LARGEST) return 'message is longer than 64 KB'
  if (Buffer.byteLength(raw_details ?? '') > LARGEST) return 'raw_details is longer than 64 KB'
  if ((title ?? '').length > 255) return 'title is longer than 255 characters'
  return null
}

/** A list of check runs as asked for; `latest` is the newest of each name of each App, and what is given by default. */
function runs(call: Call, all: readonly CheckRun[]): Answer {
  const { check_name, status, app_id, filter = 'latest' } = call.query
  const latest = (run: CheckRun): boolean =>
    !all.some((other) => other.id > run.id && other.name === run.name && other.suite === run.suite)
  const wanted = all
    .filter((run) => check_name === undefined || run.name === check_name)
    .filter((run) => status === undefined || run.status === status)
    .filter((run) => app_id === undefined || String(run.app.id) === app_id)
    .filter((run) => filter === 'all' || latest(run))
    .reverse()
  return call.page(
    wanted,
    (run) => checkRunJson(call.world, call.repository, run),
    (check_runs, total_count) => ({ total_count, check_runs }),
  )
}

function runOf(call: Call): CheckRun {
  const run = call.repository.checks.runs.find(({ id }) => id === call.number('check_run_id'))
  if (!run) throw notFound()
  return run
}

function suiteOf(call: Call): CheckSuite {
  const suite = call.repository.checks.suites.find(({ id }) => id === call.number('check_suite_id'))
  if (!suite) throw notFound()
  return suite
}
