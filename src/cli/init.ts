import { onOneLine, visible } from '../report/untrusted.js'
import { drafts, majorOf, type Draft } from './init/files.js'
import { look, type Seen } from './init/look.js'
import { outcomeOf, place, type Outcome } from './init/place.js'
import { EXIT, isProblem, type Io, type Problem } from './io.js'

export interface InitOptions {
  readonly repo?: string
  readonly base?: string
  readonly native?: boolean
  readonly force?: boolean
  readonly dryRun?: boolean
}

/** `dba init`: policy and workflow for what the clone holds. What is there already stays as it is, unless it is to be replaced. */
export async function initVerb(options: InitOptions, io: Io): Promise<number | Problem> {
  io.progress('Reading the repository')
  const seen = await look(options, io)
  if (isProblem(seen)) return seen
  const native = options.native === true
  if (native && seen.python === null) return cannotRunNatively(seen)
  io.progress('')
  const say = (line: string): void => io.out(`${visible(onOneLine(line))}\n`)
  for (const line of seenLines(seen)) say(line)
  const files = drafts(seen, native)
  if (options.dryRun === true) {
    for (const { path, text } of files) io.out(`\n--- ${path}\n${text}`)
    return EXIT.pass
  }
  const wanted = files.filter(({ path }) => !isReviewedElsewhere(path, seen))
  const outcomes: Outcome[] = []
  for (const draft of wanted) {
    const outcome = await put(seen.top, draft, options.force === true)
    if (isProblem(outcome)) return outcome
    outcomes.push(outcome)
    say(`${WORDS[outcome]} ${draft.path}`)
  }
  if (outcomes.every((outcome) => outcome === 'kept')) {
    return {
      problem:
        'Nothing was written: the files are there, and say something else. --force replaces them, --dry-run shows what with.',
    }
  }
  for (const line of nextSteps(seen, native)) say(line)
  return EXIT.pass
}

const WORDS: Readonly<Record<Outcome, string>> = {
  written: 'Wrote',
  replaced: 'Replaced',
  same: 'Nothing to change in',
  kept: 'Left as it is (--force replaces it):',
}

async function put(top: string, draft: Draft, force: boolean): Promise<Outcome | Problem> {
  const outcome = await outcomeOf(top, draft, force)
  if (outcome === 'same' || outcome === 'kept') return outcome
  return (await place(top, draft)) ?? outcome
}

/** A second workflow would report the same check a second time. */
function isReviewedElsewhere(path: string, { reviewing }: Seen): boolean {
  return path.startsWith('.github/workflows/') && reviewing.length > 0 && !reviewing.includes(path)
}

function seenLines(seen: Seen): readonly string[] {
  const major = majorOf(seen)
  const places = [...new Set(seen.postgres.map(({ path, major: each }) => `${each} in ${path}`))].join(', ')
  return [
    ...seen.projects.map(
      ({ project: { conventions, root }, revisions }) =>
        `Found ${conventions.tool} in ${root === '' ? '.' : root}, ${revisions} ${revisions === 1 ? 'revision' : 'revisions'}`,
    ),
    ...(places === '' ? ['Found no PostgreSQL in compose files and workflows'] : [`Found PostgreSQL ${places}`]),
    ...(places !== '' && major === null ? ['They differ: say under `postgres:` which one you deploy'] : []),
    ...seen.dumps.map(({ path, kind }) => `Found a dump of the schema, ${path}${DUMPS[kind]}`),
    ...seen.reviewing.map((path) => `Found a workflow that reviews already, ${path}`),
  ]
}

const DUMPS = {
  current: '',
  undated: ': it names no applied migration, so it is not used unless you say so',
  strange: ': it names migrations that are not here, so it is not used',
} as const

function nextSteps({ branch, projects }: Seen, native: boolean): readonly string[] {
  const alembic = projects.some(({ project }) => project.framework === 'alembic')
  return [
    '',
    'Next:',
    '1. dba doctor: whether all is in order here',
    '2. Commit the files on a branch, and open a pull request: it gets the job `migrations`',
    `3. When that has run, require \`migrations\` for ${branch}: Settings, Rules, Rulesets, with GitHub Actions as its source`,
    '4. Let CODEOWNERS name who has to look at changes of .github/workflows and .github/dba.yml',
    ...(alembic && !native
      ? ['`dba init --native --force` lets Alembic itself run as well, which executes your env.py and migrations']
      : []),
  ]
}

function cannotRunNatively({ projects }: Seen): Problem {
  const alembic = projects.some(({ project }) => project.framework === 'alembic')
  return {
    problem: alembic
      ? 'How the Python of this repository is installed was not seen: there is no uv.lock, poetry.lock, requirements.txt or pyproject.toml at or above the migrations. Write the workflow without --native, and add the steps.'
      : 'Only Alembic can be run itself, and there is none here.',
  }
}
