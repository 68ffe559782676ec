import { openRepository, sameFiles } from '../git/repository.js'
import type { Settings } from '../model/settings.js'
import { toolsFor } from '../native/tools.js'
import { analyseApart } from '../review/analyst.js'
import type { ReviewMeans, Tools } from '../review/review.js'
import { withheld } from '../review/without.js'
import { providerOf, surroundingsIn, type Surroundings } from '../sandbox/choose.js'
import { roomFor } from '../sandbox/roomy.js'
import type { Subject } from './event.js'
import type { Inputs } from './inputs.js'
import { isProblem, type Runner } from './runner.js'

/** Where to analyse and to rehearse: on the service container that was named, else as the policy and the runner allow. */
export async function meansOf(
  settings: Settings,
  { databaseUrl, native }: Pick<Inputs, 'databaseUrl' | 'native'>,
  { head }: Pick<Subject, 'head'>,
  { environment, say, signal }: Pick<Runner, 'environment' | 'say' | 'signal'>,
): Promise<ReviewMeans> {
  const { sandbox } = settings.rehearsal
  const surroundings: Surroundings = { ...surroundingsIn(environment, databaseUrl ?? undefined), onProgress: say }
  const room = native ? await roomFor(sandbox, surroundings) : null
  const means = { analyse: analyseApart, sandbox: providerOf(room ?? sandbox, surroundings), signal, progress: say }
  if (!native) return means
  if (room === null) return { ...means, tools: async () => without(NO_ROOM) }
  return { ...means, tools: (analysis) => toolsIn(environment, head, settings, analysis, signal) }
}

const NO_ROOM =
  'it needs a server that lets another program in: name a service container as database-url, or install PostgreSQL on the runner'

/** Asked for and not run is no pass. */
function without(reason: string): Tools {
  return { native: () => undefined, notes: [withheld(`native was asked for, and nothing was run: ${reason}`)] }
}

async function toolsIn(
  environment: Runner['environment'],
  head: string,
  { commands }: Settings,
  analysis: Parameters<NonNullable<ReviewMeans['tools']>>[0],
  signal: AbortSignal,
): Promise<Tools> {
  const { GITHUB_WORKSPACE: workspace = '.', PATH, HOME } = environment
  const repository = await openRepository(workspace, { PATH, HOME })
  if (isProblem(repository)) return without(repository.problem)
  if (!(await sameFiles(repository, 'HEAD', head))) return without(OTHER_FILES)
  const asked = { top: repository.root, environment: withoutRunner(environment), command: null, commands }
  const tools = await toolsFor(analysis, asked, signal)
  return 'missing' in tools ? without(tools.missing) : tools
}

const OTHER_FILES =
  'what is checked out is not the commit that is reviewed: give actions/checkout `ref: ${{ github.event.pull_request.head.sha }}`'

/** The tool runs code of the pull request: what the runner takes orders from, and what is a secret of this step, is not for it. */
function withoutRunner(environment: Runner['environment']): Runner['environment'] {
  const ours =
    /^(?:INPUT_|ACTIONS_|DBA_)|^(?:GITHUB_(?:ENV|OUTPUT|PATH|STATE|STEP_SUMMARY|TOKEN)|GH_TOKEN|NODE_OPTIONS)$/
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ours.test(name)))
}
