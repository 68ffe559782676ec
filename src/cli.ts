import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { baselineVerb, type BaselineOptions } from './cli/baseline.js'
import { completionVerb, SHELLS, type Shell } from './cli/completion.js'
import { describeVerb, type DescribeOptions } from './cli/describe.js'
import type { DoctorOptions, Line } from './cli/doctor.js'
import { explainVerb } from './cli/explain.js'
import { initVerb, type InitOptions } from './cli/init.js'
import { EXIT, isProblem, type Io, type Problem } from './cli/io.js'
import { lintVerb, type LintOptions } from './cli/lint.js'
import { FORMATS, SANDBOXES } from './cli/options.js'
import { rehearseVerb, type RehearseOptions } from './cli/rehearse.js'
import { reviewVerb, type ReviewOptions } from './cli/review.js'
import { rulesVerb } from './cli/rules.js'
import { statsVerb, type StatsOptions } from './cli/stats.js'
import { statusVerb } from './cli/status.js'
import { programVersion } from './source/program-version.js'
import type { RepositoryOptions } from './cli/options.js'

const CLEAR_LINE = '\r\u001b[K'

/** Runs the command line and returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort(new Error('interrupted')))
  process.once('SIGTERM', () => stop.abort(new Error('terminated')))
  const io = ioOf(stop.signal)
  let code: number = EXIT.pass
  const verb = async (work: Promise<number | Problem> | number): Promise<void> => {
    const result = await work
    io.progress('')
    if (isProblem(result)) io.err(`dba: ${result.problem}\n`)
    code = isProblem(result) ? EXIT.unable : result
  }
  try {
    await program(io, verb).parseAsync([...args], { from: 'user' })
    return code
  } catch (error) {
    io.progress('')
    // Help and version are not failures; commander has said the rest.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.pass : EXIT.unable
    const reason = error instanceof Error ? error.message : String(error)
    io.err(`dba: ${reason}\n`)
    if (io.environment['DBA_DEBUG'] && error instanceof Error) io.err(`${error.stack ?? ''}\n`)
    else io.err('This is not a verdict about your migrations. DBA_DEBUG=1 shows where it happened.\n')
    return EXIT.unable
  }
}

function ioOf(signal: AbortSignal): Io {
  const { stdout, stderr, env } = process
  // Who reads the output may have seen enough of it, as `head` has.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  const colorWanted = env['FORCE_COLOR'] ? env['FORCE_COLOR'] !== '0' : stdout.isTTY === true && env['TERM'] !== 'dumb'
  return {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    progress: (message) => {
      if (stderr.isTTY === true) stderr.write(message === '' ? CLEAR_LINE : `${CLEAR_LINE}${message} …`)
    },
    // https://no-color.org: any value but the empty one.
    color: !env['NO_COLOR'] && colorWanted,
    width: stdout.columns ?? 100,
    cwd: process.cwd(),
    environment: env,
    today: new Date().toISOString().slice(0, 10),
    signal,
  }
}

type Verb = (work: Promise<number | Problem> | number) => Promise<void>

function program(io: Io, verb: Verb): Command {
  const dba = new Command('dba')
    .description('Reviews PostgreSQL migrations the way a careful senior DBA would.')
    .version(programVersion())
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError('Run `dba --help` to see what there is.')
    .addHelpText('after', HELP)

  reporting(
    repository(dba.command('review').description('review this branch against the commit at which it left its base')),
  )
    .addOption(sandbox())
    .addOption(databaseUrl())
    .addHelpText('after', REVIEW_HELP)
    .action((options: ReviewOptions) => verb(reviewVerb(options, io)))

  reporting(dba.command('lint').description('judge files on their own: no git, nothing is run').argument('<file...>'))
    .option('--config <file>', 'policy file (default: built-in policy)')
    .option('--baseline <file>', 'file of known findings, as `dba baseline` writes it')
    .option(
      '--fix',
      'put right what can be put right one statement for one, in files that the base branch does not have',
    )
    .option('--dry-run', 'with --fix: print the differences and write nothing')
    .option('--base <ref>', 'with --fix: the branch whose files stay as they are (default: the default branch)')
    .action((files: string[], options: LintOptions) => verb(lintVerb(files, options, io)))

  repository(
    dba.command('baseline').description('write down the findings that merged migrations have, so that they are known'),
  )
    .argument(
      '[file...]',
      'files that are judged as `dba lint` does (default: every migration, each after those before it)',
    )
    .option('--reason <text>', 'why they may stay', notEmptyReason, 'known when the baseline was written')
    .option('--output <file>', 'the file that is written (default: .github/dba-baseline.json)', notEmpty)
    .addHelpText('after', BASELINE_HELP)
    .action((files: string[], options: BaselineOptions) => verb(baselineVerb(files, options, io)))

  reporting(repository(dba.command('rehearse').description('run up, down and up again on a throw-away PostgreSQL')))
    .argument('[revision]', 'revision id or path (default: all that this branch adds)')
    .addOption(sandbox())
    .addOption(databaseUrl())
    .option('--native', "also run the team's own tool (Alembic) on the sandbox; this runs the code of the checkout")
    .option('--native-command <command>', 'how the tool is started, such as "poetry run alembic"', notEmptyCommand)
    .addHelpText('after', REHEARSE_HELP)
    .action((revision: string | undefined, options: RehearseOptions) => verb(rehearseVerb(revision, options, io)))

  dba
    .command('explain')
    .description('say why a rule exists, or what the statements of a file do')
    .argument('<subject>', 'RULE, FILE or FILE:LINE')
    .action((subject: string) => verb(explainVerb(subject, io)))

  dba
    .command('rules')
    .description('list the rules')
    .addOption(new Option('--format <format>').choices(['terminal', 'json']).default('terminal'))
    .action((options: { format: 'terminal' | 'json' }) => verb(rulesVerb(options, io)))

  repository(
    dba
      .command('describe')
      .description(
        'show a table as the migrations make it: columns, keys, indexes, ties, and which revision wrote what',
      ),
  )
    .argument('<table>', 'its name, with the schema where that is not public', notEmptyTable)
    .addOption(new Option('--format <format>').choices(['terminal', 'json']).default('terminal'))
    .option('--output <file>', 'write the description to a file', notEmpty)
    .addOption(sandbox())
    .addOption(databaseUrl())
    .addHelpText('after', DESCRIBE_HELP)
    .action((table: string, options: DescribeOptions) => verb(describeVerb(table, options, io)))

  repository(dba.command('status').description('show the head revisions and what this branch adds')).action(
    (options: RepositoryOptions) => verb(statusVerb(options, io)),
  )

  dba
    .command('init')
    .description('look at this clone, and write the policy and the workflow for it')
    .option('--repo <folder>', 'the clone (default: this folder)')
    .option('--base <ref>', 'branch that pull requests go to (default: the default branch)')
    .option('--native', 'let Alembic itself run as well; this runs the code of pull requests, as their tests do')
    .option('--force', 'replace files that are there')
    .option('--dry-run', 'print the files, and write nothing')
    .action((options: InitOptions) => verb(initVerb(options, io)))

  dba
    .command('stats')
    .description('print the query that measures how large tables are; with a URL, run it and write the file')
    .addOption(
      new Option('--database-url <url>', 'the database on which the migrations will run; it is only read').env(
        'DBA_STATS_URL',
      ),
    )
    .option('--output <file>', 'the file that is written', notEmpty, 'db/stats.json')
    .action((options: StatsOptions) => verb(statsVerb(options, io)))

  dba
    .command('doctor')
    .description('say what is set up and what is amiss: in this clone, or of the GitHub App')
    .option('--app [owner/name]', 'the App, and how it stands with a repository')
    .addHelpText('after', DOCTOR_HELP)
    .action((options: DoctorOptions) => verb(doctor(options, io)))

  dba
    .command('completion')
    .description('print the script by which a shell completes commands, options and rules')
    .addArgument(new Argument('<shell>', 'whose script').choices(SHELLS))
    .addHelpText('after', COMPLETION_HELP)
    .action((shell: Shell) => verb(completionVerb(shell, dba, io)))
  return dba
}

/** Loaded when it is wanted: the client for GitHub takes longer to load than most verbs take. */
async function doctor(options: DoctorOptions, io: Io): Promise<number | Problem> {
  const { doctorVerb } = await import('./cli/doctor.js')
  return doctorVerb(options, io, LINE)
}

/** The way to GitHub. */
const LINE: Line = {
  fetch: (url, options) => fetch(url, options),
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
}

function repository(command: Command): Command {
  return command
    .option('--repo <folder>', 'the clone (default: this folder)')
    .option('--base <ref>', 'branch to compare with (default: the default branch)')
    .option('--head <ref>', 'what to review (default: the working tree, uncommitted files included)')
    .option('--config <file>', 'policy file (default: .github/dba.yml on the base)')
}

function reporting(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'how the report is written').choices(FORMATS).default('terminal'))
    .option('--output <file>', 'write the report to a file', notEmpty)
}

function sandbox(): Option {
  return new Option(
    '--sandbox <kind>',
    'where to rehearse; `none` never gives a pass while policy requires a rehearsal',
  ).choices(SANDBOXES)
}

function databaseUrl(): Option {
  return new Option(
    '--database-url <url>',
    'a PostgreSQL to rehearse on, marked as one to throw away by ?dba=disposable or DBA_DISPOSABLE=1',
  ).env('DBA_DATABASE_URL')
}

function notEmptyCommand(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('name a command')
  return value
}

function notEmptyReason(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('give a reason')
  return value
}

function notEmptyTable(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('name a table')
  return value
}

function notEmpty(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('name a file')
  return value
}

const HELP = `
Exit codes: 0 pass, 1 blocked or needs approval, 2 the review could not be made.

Start with \`dba review\` on a branch that adds a migration.
Allow a finding with a comment on or above its line, with a reason:
  -- dba:allow RULE because …`

const REVIEW_HELP = `
Examples:
  dba review                                  this branch and uncommitted files, against the default branch
  dba review --base origin/main --head HEAD   committed changes only
  dba review --format json --output review.json`

const DESCRIBE_HELP = `
All migrations of the checkout run on a throw-away PostgreSQL, uncommitted files included, and the table is read there: no
database of yours is looked at. What could not run is said at the end, since the table may be another in truth.
Exit codes: 0 the table was seen, 2 there is no such table or it could not be looked at.

Examples:
  dba describe orders                         the table orders of the schema public
  dba describe billing.invoices --head main   as the branch main has it
  dba describe '"Order"' --format json        a name that PostgreSQL quotes`

const COMPLETION_HELP = `
  bash   source <(dba completion bash)        in ~/.bashrc
  zsh    source <(dba completion zsh)         in ~/.zshrc, after compinit
  fish   dba completion fish | source         in ~/.config/fish/config.fish`

const BASELINE_HELP = `
Reviews read the file from the base branch: findings that it holds are marked as allowed, and counted. Those about the
history, those that a rehearsal has seen and what could not be read are never known, and in a pull request what needs a
named person needs one. Entries that stay keep their reason and their day; those that match nothing any more go.`

const DOCTOR_HELP = `
With --app, run where the .env of the App is, or with APP_ID and PRIVATE_KEY or PRIVATE_KEY_PATH (and GITHUB_API_URL) in the
environment. Nothing is changed.

Exit codes: 0 all is right, 1 something is wrong, 2 something could not be looked at.`

const REHEARSE_HELP = `
With --native the migration tool itself goes up, down and up again on a sandbox of its own (--sandbox local or service),
and the schemas must be those of the rehearsal. That executes env.py and the migrations of the checkout. What keeps them
away from your databases:
  - nothing is upgraded before \`alembic current\` was seen to read the sandbox
  - sqlalchemy.url, DATABASE_URL, PG* and every variable that names a PostgreSQL, in the environment or in a .env file,
    name the sandbox
  - on Linux, where unshare(1) may, the tool has no network; the report says so where it could not be
Code that takes a URL from anywhere else (a file, a vault, a literal in a migration) is not held back by the first two.`
