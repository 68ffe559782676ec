import { detectProjects, frameworkOf } from '../../frameworks/index.js'
import { fileSet } from '../../model/file-set.js'
import type { History, Project } from '../../model/migration.js'
import type { Side } from '../../model/open-snapshot.js'
import { DEFAULTS } from '../../config/schema.js'
import { prepareReview } from '../../review/prepare.js'
import { isProblem, type Io, type Problem } from '../io.js'
import type { RepositoryOptions } from '../options.js'
import { openCheckout, type Checkout } from '../prepare.js'
import { noMigrations } from '../review.js'
import { dumpIn, mayBeDump, type SeenDump } from './dump.js'
import { declaresServices, postgresIn, type SeenPostgres } from './postgres.js'
import { pythonSetup, type PythonSetup } from './python.js'

/** What was seen in a clone. */
export interface Seen {
  /** Its top on disk. */
  readonly top: string
  /** The branch that pull requests go to, without its remote. */
  readonly branch: string
  readonly projects: readonly { readonly project: Project; readonly revisions: number }[]
  readonly postgres: readonly SeenPostgres[]
  readonly dumps: readonly SeenDump[]
  /** How the Python of its Alembic is installed; null where there is no Alembic, or no way was seen. */
  readonly python: PythonSetup | null
  /** The version of Python that the repository names in a file, as the path of that file. */
  readonly pythonVersion: string | null
  /** Workflows that review already. */
  readonly reviewing: readonly string[]
}

/** Looks at a clone as it lies on disk; runs nothing of it. */
export async function look(options: RepositoryOptions, io: Io): Promise<Seen | Problem> {
  const checkout = await openCheckout(options, io)
  if (isProblem(checkout)) return checkout
  const { snapshot, top, base } = checkout
  const { head: entries, pull } = await prepareReview(snapshot, DEFAULTS)
  const files = fileSet(entries)
  const histories = detectProjects(files).map((project) => frameworkOf(project).history(project, files))
  if (histories.length === 0) return noMigrations({ pull })
  const { head } = snapshot
  const alembic = histories.find(({ project }) => project.framework === 'alembic')
  return {
    top,
    branch: base.replace(/^(origin|upstream)\//, ''),
    projects: histories.map(({ project, revisions }) => ({ project, revisions: revisions.length })),
    ...(await services(head)),
    dumps: await dumps(head, histories),
    python: alembic === undefined ? null : pythonSetup(alembic.project.root, (path) => head.has(path)),
    pythonVersion: head.has('.python-version') ? '.python-version' : null,
  }
}

async function services(head: Checkout['snapshot']['head']): Promise<Pick<Seen, 'postgres' | 'reviewing'>> {
  const texts = await textsOf(head, head.paths.filter(declaresServices))
  const reviews = ({ text }: { readonly text: string }): boolean => /\buses:\s*["']?[\w.-]+\/dba-bot@/.test(text)
  return {
    // What a review rehearses on was written by us, and says nothing of what the team deploys.
    postgres: texts.filter((file) => !reviews(file)).flatMap(({ path, text }) => postgresIn(path, text)),
    reviewing: texts.filter(reviews).map(({ path }) => path),
  }
}

/** Of one history alone: a dump that names the migrations of one project says nothing of those of another. */
async function dumps(head: Side, histories: readonly History[]): Promise<readonly SeenDump[]> {
  const [history, ...others] = histories
  if (history === undefined || others.length > 0) return []
  const { project, revisions } = history
  const texts = await textsOf(head, head.paths.filter(mayBeDump))
  return texts.flatMap(({ path, text }) => dumpIn(path, text, project.conventions.bookkeeping, revisions) ?? [])
}

async function textsOf(
  head: Side,
  paths: readonly string[],
): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const files = await head.load(paths)
  return paths.flatMap((path) => {
    const text = files.read(path)?.text
    return text === undefined ? [] : [{ path, text }]
  })
}
