import { checkRunJson, checkSuiteJson } from '../json/checks.js'
import type { FakeRepository } from './repository.js'
import { timestamp, type App, type World } from './world.js'
import type { Account } from './people.js'

export type CheckStatus = 'queued' | 'in_progress' | 'completed'

export interface Annotation {
  readonly path: string
  readonly start_line: number
  readonly end_line: number
  readonly start_column?: number
  readonly end_column?: number
  readonly annotation_level: 'notice' | 'warning' | 'failure'
  readonly message: string
  readonly title?: string
  readonly raw_details?: string
}

export interface Action {
  readonly label: string
  readonly description: string
  readonly identifier: string
}

export interface CheckOutput {
  title: string | null
  summary: string | null
  text: string | null
  readonly annotations: Annotation[]
}

export interface CheckRun {
  readonly id: number
  readonly app: App
  readonly headSha: string
  readonly suite: CheckSuite
  name: string
  status: CheckStatus
  conclusion: string | null
  startedAt: string | null
  completedAt: string | null
  externalId: string
  detailsUrl: string | null
  actions: readonly Action[]
  readonly output: CheckOutput
  /** Each state that it was ever in, with the time: what a test asks to know that it was never green in between. */
  readonly history: { readonly status: CheckStatus; readonly conclusion: string | null; readonly at: number }[]
}

export interface CheckSuite {
  readonly id: number
  readonly app: App
  readonly headSha: string
  readonly headBranch: string | null
  readonly createdAt: string
}

/** What a request says of a check run; absent means as it was. */
export interface CheckRunFields {
  readonly name?: string
  readonly status?: CheckStatus
  readonly conclusion?: string
  readonly started_at?: string
  readonly completed_at?: string
  readonly external_id?: string
  readonly details_url?: string
  readonly actions?: readonly Action[]
  readonly output?: {
    readonly title?: string
    readonly summary: string
    readonly text?: string
    readonly annotations?: readonly Annotation[]
  }
}

/** The check runs and suites of a repository. */
export class Checks {
  readonly runs: CheckRun[] = []
  readonly suites: CheckSuite[] = []
  readonly #world: World
  readonly #repository: FakeRepository

  constructor(world: World, repository: FakeRepository) {
    this.#world = world
    this.#repository = repository
  }

  /** The suite of an App on a commit: GitHub makes one at each push. */
  suite(app: App, headSha: string, headBranch: string | null): CheckSuite {
    const found = this.suites.find((suite) => suite.app === app && suite.headSha === headSha)
    if (found) return found
    const suite = { id: this.#world.nextId(), app, headSha, headBranch, createdAt: timestamp(this.#world.now()) }
    this.suites.push(suite)
    return suite
  }

  create(app: App, headSha: string, name: string, fields: CheckRunFields): CheckRun {
    const run: CheckRun = {
      id: this.#world.nextId(),
      app,
      headSha,
      suite: this.suite(app, headSha, this.#repository.branchAt(headSha)),
      name,
      status: 'queued',
      conclusion: null,
      startedAt: timestamp(this.#world.now()),
      completedAt: null,
      externalId: '',
      detailsUrl: null,
      actions: [],
      output: { title: null, summary: null, text: null, annotations: [] },
      history: [],
    }
    this.runs.push(run)
    this.#apply(run, fields)
    this.#tell('created', run, app.bot)
    if (run.status === 'completed') this.#tell('completed', run, app.bot)
    return run
  }

  update(run: CheckRun, fields: CheckRunFields): void {
    const before = run.status
    this.#apply(run, fields)
    if (before !== 'completed' && run.status === 'completed') this.#tell('completed', run, run.app.bot)
  }

  /** Somebody presses a button of a run. */
  press(run: CheckRun, identifier: string, by: Account): void {
    this.#tell('requested_action', run, by, { requested_action: { identifier } })
  }

  /** Somebody presses Re-run. The run itself stays as it is: what to do is up to its App. */
  rerequest(run: CheckRun, by: Account): void {
    this.#tell('rerequested', run, by)
  }

  rerequestSuite(suite: CheckSuite, by: Account): void {
    this.#tellSuite('rerequested', suite, by)
  }

  /** After a push: the App that may write checks has a suite, and hears of it. */
  requested(headSha: string, branch: string, by: Account): void {
    if (this.#world.installationAt(this.#repository.owner)?.permissions.checks === undefined) return
    this.#tellSuite('requested', this.suite(this.#world.app, headSha, branch), by)
  }

  #apply(run: CheckRun, fields: CheckRunFields): void {
    run.name = fields.name ?? run.name
    run.externalId = fields.external_id ?? run.externalId
    run.detailsUrl = fields.details_url ?? run.detailsUrl
    run.startedAt = fields.started_at ?? run.startedAt
    run.actions = fields.actions ?? run.actions
    const status = fields.conclusion !== undefined ? 'completed' : (fields.status ?? run.status)
    run.conclusion = status === 'completed' ? (fields.conclusion ?? run.conclusion) : null
    run.completedAt =
      status === 'completed' ? (fields.completed_at ?? run.completedAt ?? timestamp(this.#world.now())) : null
    run.status = status
    if (fields.output) {
      run.output.title = fields.output.title ?? run.output.title
      run.output.summary = fields.output.summary
      run.output.text = fields.output.text ?? run.output.text
      run.output.annotations.push(...(fields.output.annotations ?? []))
    }
    run.history.push({ status: run.status, conclusion: run.conclusion, at: this.#world.now() })
  }

  #tell(action: string, run: CheckRun, sender: Account, more: object = {}): void {
    if (run.app !== this.#world.app) return
    const parts = { check_run: checkRunJson(this.#world, this.#repository, run, 'webhook'), ...more }
    this.#world.tell({ event: 'check_run', action, repository: this.#repository, parts, sender })
  }

  #tellSuite(action: string, suite: CheckSuite, sender: Account): void {
    const parts = { check_suite: checkSuiteJson(this.#world, this.#repository, suite) }
    this.#world.tell({ event: 'check_suite', action, repository: this.#repository, parts, sender })
  }
}
