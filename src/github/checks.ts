import { type Announcement, type Annotation, BUTTONS, type CheckRunPayload, type Ending } from '../report/check-run.js'
import type { Api } from './api.js'
import type { GitHubError } from './errors.js'
import { failedWith, mayHaveBeenDone } from './errors.js'
import { listPages } from './pages.js'
import { type Shape, shapeOf } from './shape.js'

/** The name that a branch's protection asks for. */
export const CHECK_NAME = 'dba'

/**
 * Whose check runs are meant: those of an App, by its number, which bear `CHECK_NAME` and buttons; or those of whoever has the token,
 * told by a name of their own, on which nothing can be pressed, for nobody would hear of it.
 */
export type Maker = number | { readonly name: string }

/** A check run of ours. */
export interface CheckRun {
  readonly id: number
  readonly sha: string
  /** What it was made for, as `startCheck` was told. */
  readonly externalId: string
  readonly status: string
  readonly conclusion: string | null
  readonly annotations: number
}

const LIST = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs'
const CREATE = 'POST /repos/{owner}/{repo}/check-runs'
const READ = 'GET /repos/{owner}/{repo}/check-runs/{check_run_id}'
const UPDATE = 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}'
const ANNOTATIONS = 'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations'

/** The newest run of our name that its maker made on a commit; what other Apps made under the name is passed over. */
export async function findCheck(api: Api, sha: string, maker: Maker): Promise<CheckRun | null> {
  const { name: wanted, app: appId } = told(maker)
  const { items } = await listPages(api, {
    route: LIST,
    parameters: { ref: sha, check_name: wanted, filter: 'all', ...(appId === null ? {} : { app_id: appId }) },
    member: 'check_runs',
    read: (value, shape) => runOf(value, shape),
    key: ({ id }) => id,
  })
  const ours = items.filter(({ app, name }) => (appId === null || app === appId) && name === wanted)
  return ours.reduce<CheckRun | null>((newest, run) => (newest === null || run.id > newest.id ? run : newest), null)
}

function told(maker: Maker): { readonly name: string; readonly app: number | null; readonly buttons: object } {
  return typeof maker === 'number'
    ? { name: CHECK_NAME, app: maker, buttons: { actions: BUTTONS } }
    : { name: maker.name, app: null, buttons: {} }
}

/**
 * A run in progress on a commit: the newest of ours where it is not completed, else a new one, for the newest is what counts
 * and what was once concluded is not rewritten. Made once, also when GitHub makes it and then answers with an error.
 */
export async function startCheck(
  api: Api,
  asked: {
    readonly sha: string
    readonly maker: Maker
    readonly externalId: string
    readonly startedAt: Date
    readonly detailsUrl?: string
    /** What is seen until the review is there. */
    readonly title: string
    readonly summary: string
  },
): Promise<CheckRun> {
  const { sha, maker, externalId } = asked
  const found = await findCheck(api, sha, maker)
  if (found !== null && found.status !== 'completed') {
    const isStarted = found.status === 'in_progress' && found.externalId === externalId
    return isStarted ? found : update(api, found, { status: 'in_progress', external_id: externalId }, true)
  }
  return create(api, asked, found?.id ?? 0)
}

/**
 * A completed run on a commit, for a review that took no time: the run in progress where there is one, else a new one that is
 * completed from the start. Made once, as `startCheck` does.
 */
export async function makeCheck(
  api: Api,
  asked: Omit<Parameters<typeof startCheck>[1], 'title' | 'summary'> & { readonly replaced: Announcement },
  payload: CheckRunPayload,
): Promise<CheckRun> {
  const { sha, maker, startedAt, replaced } = asked
  const { title, summary, text, conclusion, annotations } = payload
  const found = await findCheck(api, sha, maker)
  const begun = { ...asked, title, summary }
  if ((found !== null && found.status !== 'completed') || annotations.length > BATCH) {
    return completeCheck(api, await startCheck(api, begun), payload, { maker, completedAt: startedAt, replaced })
  }
  return create(api, begun, found?.id ?? 0, {
    status: 'completed',
    conclusion,
    completed_at: startedAt.toISOString(),
    ...told(maker).buttons,
    output: { title, summary, ...(text === '' ? {} : { text }), annotations: annotations.map(annotationBody) },
  })
}

/** Makes a run newer than `after`. */
async function create(
  api: Api,
  asked: Parameters<typeof startCheck>[1],
  after: number,
  more: object = {},
): Promise<CheckRun> {
  const { sha, maker, externalId, startedAt, detailsUrl, title, summary } = asked
  const body = {
    name: told(maker).name,
    head_sha: sha,
    external_id: externalId,
    status: 'in_progress',
    started_at: startedAt.toISOString(),
    output: { title, summary },
    ...(detailsUrl === undefined ? {} : { details_url: detailsUrl }),
    ...more,
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return runOf((await api.request(CREATE, body)).data, shapeOf(CREATE))
    } catch (error) {
      if (!mayHaveBeenDone(error)) throw error
      const made = await findCheck(api, sha, maker)
      if (made !== null && made.id > after) return made
      if (attempt === WRITE_ATTEMPTS) throw error
    }
  }
}

const WRITE_ATTEMPTS = 2
/** GitHub takes no more in one request (https://docs.github.com/rest/checks/runs#update-a-check-run). */
const BATCH = 50

/**
 * Completes a run with a review's payload. Annotations can only be added, never taken away: they go in batches, each counted
 * before the next, and where an earlier attempt left others a new run takes the place of this one.
 */
export async function completeCheck(
  api: Api,
  run: CheckRun,
  payload: CheckRunPayload,
  asked: {
    readonly maker: Maker
    readonly completedAt: Date
    /** What is said of the run whose place is taken. */
    readonly replaced: Announcement
  },
): Promise<CheckRun> {
  const { annotations } = payload
  let current = run
  if (current.annotations > 0 && !(await holdsFirst(api, current, annotations))) {
    current = await replace(api, current, payload, asked)
  }
  const { title, summary, text } = payload
  const output = { title, summary, ...(text === '' ? {} : { text }) }
  while (annotations.length - current.annotations > BATCH) {
    current = await annotate(api, current, { output }, annotations, current.annotations + BATCH)
  }
  const ending = {
    status: 'completed',
    conclusion: payload.conclusion,
    completed_at: asked.completedAt.toISOString(),
    ...told(asked.maker).buttons,
    output,
  }
  return annotate(api, current, ending, annotations, annotations.length)
}

/** Ends a run without a review: `cancelled` for a head that was superseded, `failure` for a review that came to nothing. */
export async function endCheck(
  api: Api,
  run: CheckRun,
  ending: Ending,
  asked: { readonly completedAt: Date },
): Promise<CheckRun> {
  const { conclusion, title, summary } = ending
  const completed_at = asked.completedAt.toISOString()
  return update(
    api,
    run,
    { status: 'completed', conclusion, completed_at, actions: BUTTONS, output: { title, summary } },
    true,
  )
}

/** Sends the annotations from those that are there up to `until`, once each. */
async function annotate(
  api: Api,
  run: CheckRun,
  changes: { readonly output: object; readonly status?: string },
  annotations: readonly Annotation[],
  until: number,
): Promise<CheckRun> {
  const more = annotations.slice(run.annotations, until).map(annotationBody)
  const body = { ...changes, output: { ...changes.output, ...(more.length === 0 ? {} : { annotations: more }) } }
  for (let attempt = 1; ; attempt++) {
    try {
      return { ...(await update(api, run, body, more.length === 0)), annotations: until }
    } catch (error) {
      if (!mayHaveBeenDone(error)) throw error
      const now = await read(api, run.id)
      const isDone = changes.status === undefined || now.status === changes.status
      if (now.annotations === until && isDone) return now
      // Some arrived and others did not: what is there decides, in a later attempt.
      if (now.annotations !== run.annotations || attempt === WRITE_ATTEMPTS) throw error
    }
  }
}

async function replace(
  api: Api,
  run: CheckRun,
  { title, summary }: CheckRunPayload,
  { maker, completedAt, replaced }: Parameters<typeof completeCheck>[3],
): Promise<CheckRun> {
  const { sha, externalId } = run
  const fresh = await create(api, { sha, externalId, maker, startedAt: completedAt, title, summary }, run.id)
  await endCheck(api, run, { conclusion: 'cancelled', ...replaced }, { completedAt })
  return fresh
}

/** Whether the annotations that are there are the first of these. */
async function holdsFirst(api: Api, run: CheckRun, annotations: readonly Annotation[]): Promise<boolean> {
  if (run.annotations > annotations.length) return false
  const { items } = await listPages(api, {
    route: ANNOTATIONS,
    parameters: { check_run_id: run.id },
    read: (value, shape) => {
      const found = shape.members(value)
      return JSON.stringify([found['path'], found['start_line'], found['message']])
    },
    // Two annotations may be alike, so their order is part of what is compared.
    key: (() => {
      let count = 0
      return () => count++
    })(),
  })
  const planned = annotations
    .slice(0, run.annotations)
    .map((one) => JSON.stringify([one.path, one.startLine, api.shown(one.message)]))
  return items.length === planned.length && items.every((item, i) => item === planned[i])
}

function annotationBody({
  path,
  startLine,
  endLine,
  startColumn,
  endColumn,
  level,
  title,
  message,
}: Annotation): object {
  return {
    path,
    start_line: startLine,
    end_line: endLine,
    annotation_level: level,
    title,
    message,
    ...(startColumn === null ? {} : { start_column: startColumn, end_column: endColumn }),
  }
}

async function read(api: Api, id: number): Promise<CheckRun> {
  return runOf((await api.request(READ, { check_run_id: id }, { exists: true })).data, shapeOf(READ))
}

async function update(api: Api, run: CheckRun, changes: object, repeatable: boolean): Promise<CheckRun> {
  const { data } = await api.request(UPDATE, { check_run_id: run.id, ...changes }, { repeatable })
  return runOf(data, shapeOf(UPDATE))
}

function runOf(value: unknown, shape: Shape): CheckRun & { readonly app: number; readonly name: string } {
  const run = shape.members(value)
  return {
    id: shape.number(run['id']),
    sha: shape.object(run['head_sha']),
    externalId: shape.textOrNull(run['external_id']) ?? '',
    status: shape.text(run['status']),
    conclusion: shape.textOrNull(run['conclusion']),
    annotations: shape.number(shape.members(run['output'])['annotations_count']),
    name: shape.text(run['name']),
    app: run['app'] === null ? 0 : shape.number(shape.members(run['app'])['id']),
  }
}

/** Whether the commit of a check run is no more, after a force push or with its fork: nothing can be said about it. */
export function isVanished(error: unknown): error is GitHubError {
  if (failedWith(error, 'unprocessable')) return /no commit found/i.test(error.message)
  return failedWith(error, 'not-found') && error.message.startsWith(LIST)
}
