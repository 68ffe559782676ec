import type { Api } from '../github/api.js'
import { endCheck, startCheck } from '../github/checks.js'
import { readPull } from '../github/pulls.js'
import { externalIdOf } from './publishing.js'
import type { Hold } from './worker.js'
import type { Workshop } from './workshop.js'

/** Tells GitHub that a review came to nothing: a completed check run that fails, with a button to try again. */
export async function tellGivenUp(api: Api, hold: Hold, head: string, shop: Workshop): Promise<void> {
  const { lease } = hold
  const title = 'The review could not be made'
  const summary = [
    'It was tried several times, and failed each time because of an error that is not in your migrations.',
    'Press **Re-run** to try again, or write `/dba rerun`. Whoever runs the App finds the reason in its log, under',
    `\`${lease.subject}\` of repository ${lease.repository}.`,
  ].join('\n')
  const run = await startCheck(api, {
    sha: head,
    appId: shop.appId,
    externalId: externalIdOf(hold, head),
    startedAt: shop.now(),
    title,
    summary,
  })
  await endCheck(api, run, { conclusion: 'failure', title, summary }, { completedAt: shop.now() })
}

/** The head of a subject as it is now. */
export async function headOf(api: Api, subject: string): Promise<string> {
  const [kind, name = ''] = subject.split('/')
  return kind === 'group' ? name : (await readPull(api, Number(name))).head.sha
}
