import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Api } from '../github/api.js'
import { hiddenIn } from '../github/hiding.js'
import type { Review } from '../model/review.js'
import { checkRunOf } from '../report/check-run.js'
import { NO_EXTRAS } from '../report/extras.js'
import { json } from '../report/json.js'
import { lookupsOf } from '../report/lookups.js'
import { openTemplates } from '../report/render.js'
import { sarif } from '../report/sarif.js'
import { shorten } from '../report/untrusted.js'
import { viewOf } from '../report/view.js'
import { metaOf, rules } from '../rules/index.js'
import { programVersion } from '../source/program-version.js'
import type { Redactor } from '../report/redact.js'
import type { Looked } from './look.js'
import { writeInside } from './paths.js'
import { publish } from './publish.js'
import { remarkOnLines } from './remarks.js'
import type { Runner } from './runner.js'
import { summaryOf } from './summary.js'

/** Where the report of a review goes, and what must not stand in it. */
export interface Places {
  readonly api: Api | null
  readonly sarifFile: string | null
  readonly hide: Redactor
  /** How many reports this step makes. */
  readonly share: number
}

/** What later steps are told. */
export interface Reported {
  /** Path of the report as JSON. */
  readonly report: string
  readonly findings: number
  /** Why a file that was asked for is not there; null when all are. */
  readonly missing: string | null
}

/** Reports a review: to the pull request, to the run's page, and in the files that later steps read. */
export async function report(looked: Looked, places: Places, runner: Runner): Promise<Reported> {
  const { hide } = places
  // Here as well as where it goes out: what is cut short is not known again.
  const review = hiddenIn(looked.review, hide)
  const lookups = lookupsOf(looked.files, metaOf)
  const templates = openTemplates()
  const payload = hiddenIn(checkRunOf(review, NO_EXTRAS, lookups, templates), hide)
  const said = await publish(
    places.api,
    { ...looked, review },
    payload,
    { lookups, templates },
    new Date(runner.line.now()),
  )
  const unshown = said.check ? [] : remarkOnLines(payload.annotations, runner)
  await runner.summarize(hide(summaryOf(review, { left: said.left, unshown }, lookups, templates, places.share)))
  for (const sentence of said.left) runner.say(sentence)

  conclude(review, runner)
  return {
    report: await keep(hide(json().render(review)), runner),
    findings: review.findings.filter(({ allowed }) => allowed === null).length,
    missing: places.sarifFile === null ? null : await writeSarif(review, places.sarifFile, hide, runner),
  }
}

async function writeSarif(review: Review, path: string, hide: Redactor, runner: Runner): Promise<string | null> {
  const facts = rules.map(({ meta }) => meta)
  const text = hide(sarif(facts, programVersion()).render(review))
  return (await writeInside(runner.environment['GITHUB_WORKSPACE'] ?? '.', path, text))?.problem ?? null
}

/** The log has the report's first line, and what is to be done where it is no pass. */
function conclude(review: Review, runner: Runner): void {
  const { title, needs } = viewOf(review, { describe: metaOf })
  const line = shorten(`${title}: ${needs}`, 1_000)
  if (review.verdict === 'pass') return runner.say(line)
  const reason = review.notes.find(({ bearing }) => bearing === 'withholds')?.message
  const why = reason === undefined ? '' : ` ${shorten(reason, 1_000)}`
  const how = review.verdict === 'approval' ? ` ${NO_AGREEMENT}` : ''
  runner.remark({ level: 'failure', message: `${line}${why}${how}` })
}

const NO_AGREEMENT =
  'The Action takes no agreement, since nobody can be asked who gave it: with the GitHub App, approvers agree by `/dba approve`; without it, whoever may merge past a failed check decides.'

/** The JSON in a folder of its own, which the runner empties after the job. */
async function keep(text: string, { environment }: Pick<Runner, 'environment'>): Promise<string> {
  const folder = await mkdtemp(join(environment['RUNNER_TEMP'] || tmpdir(), 'dba-'))
  const path = join(folder, 'review.json')
  await writeFile(path, text)
  return path
}
