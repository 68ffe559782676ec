import { frameworks } from '../frameworks/index.js'
import { analyseApart } from '../review/analyst.js'
import { review } from '../review/review.js'
import type { Review } from '../model/review.js'
import type { Settings } from '../model/settings.js'
import { providerOf, surroundingsIn } from '../sandbox/choose.js'
import type { SandboxProvider } from '../sandbox/sandbox.js'
import { EXIT, isProblem, type Io, type Problem } from './io.js'
import type { ReportOptions, RepositoryOptions, SandboxOptions } from './options.js'
import { prepare, type PreparedCheckout } from './prepare.js'
import { write } from './write.js'

export type ReviewOptions = RepositoryOptions & ReportOptions & SandboxOptions

/** `dba review`: this branch against the commit at which it left the base. */
export async function reviewVerb(options: ReviewOptions, io: Io): Promise<number | Problem> {
  io.progress('Reading the repository')
  const prepared = await prepare(options, io)
  if (isProblem(prepared)) return prepared
  const reviewed = await reviewOf(prepared, options, io)
  if (reviewed.projects.length === 0 && reviewed.notes.length === 0) return noMigrations(prepared)
  await write(reviewed, options, { ...prepared }, io)
  return reviewed.verdict === 'pass' ? EXIT.pass : EXIT.stop
}

/** Reviews what was prepared, in the sandbox that options or policy choose. */
export function reviewOf(prepared: PreparedCheckout, options: SandboxOptions, io: Io): Promise<Review> {
  const settings: Settings = withSandbox(prepared.settings, options)
  const { signal, progress } = io
  const sandbox = sandboxOf(settings, options, io)
  return review({ ...prepared, settings, today: io.today }, { analyse: analyseApart, sandbox, signal, progress })
}

/** The sandbox that options or policy choose, with what the environment knows of it. */
export function sandboxOf({ rehearsal }: Settings, { databaseUrl }: SandboxOptions, io: Io): SandboxProvider | null {
  return providerOf(rehearsal.sandbox, { ...surroundingsIn(io.environment, databaseUrl), onProgress: io.progress })
}

/** The policy with the sandbox that was asked for on the command line. */
export function withSandbox(settings: Settings, { sandbox }: SandboxOptions): Settings {
  return sandbox === undefined ? settings : { ...settings, rehearsal: { ...settings.rehearsal, sandbox } }
}

/** What to say of a repository in which no framework recognises anything. */
export function noMigrations({ pull }: Pick<PreparedCheckout, 'pull'>): Problem {
  const tools = frameworks
    .filter(({ id }) => id !== 'sql')
    .map(({ title }) => title)
    .toSorted((a, b) => a.localeCompare(b, 'en'))
  return {
    problem: `No migrations were found in ${pull.repository}. Known: ${tools.join(', ')}, and numbered SQL files. Name the folder under \`migrations:\` in .github/dba.yml when it has an unusual place.`,
  }
}
