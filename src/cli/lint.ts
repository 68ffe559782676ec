import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { readKnownFindings } from '../config/known-findings.js'
import type { FileEntries } from '../model/file-set.js'
import { pathsOf } from '../model/migration.js'
import type { Note } from '../model/note.js'
import type { ReviewedMigration } from '../model/review.js'
import type { Settings } from '../model/settings.js'
import { analyseApart } from '../review/analyst.js'
import type { AnalysisInput } from '../review/analyse.js'
import { conclude } from '../review/conclude.js'
import { staleNotes, withKnown } from '../review/known.js'
import { startOf } from '../source/span.js'
import { fixFiles, type FixOptions } from './fix.js'
import { EXIT, isProblem, type Io, type Problem } from './io.js'
import { loadAround, neighbourhood } from './neighbourhood.js'
import type { ReportOptions } from './options.js'
import { onDisk, settingsOf } from './prepare.js'
import { write } from './write.js'

export type LintOptions = ReportOptions & FixOptions & { readonly config?: string; readonly baseline?: string }

/** `dba lint FILE…`: files on their own, without git and without running them. */
export async function lintVerb(names: readonly string[], options: LintOptions, io: Io): Promise<number | Problem> {
  const files = await namedFiles(names, options, io)
  if (isProblem(files)) return files
  const fixes = options.fix === true || options.dryRun === true ? await fixFiles(files, options, io) : null
  if (isProblem(fixes)) return fixes
  const { settings, base } = files
  const { head, analysis } = fixes ?? { head: files.head, analysis: await analyseApart(files.input, io.signal) }
  const { projects, migrations, findings: found, notes } = analysis
  const findings = withKnown(found, settings.known, 'files')
  const stale = staleNotes(settings.known, findings, migrations, (path) => existsSync(resolve(io.cwd, path)))
  const all = [...notes, ...unread(files.explicit, migrations), ...stale]
  const pull = { repository: '', number: null, base: '', head: '' }
  const review = conclude({ pull, projects, migrations, findings, notes: all, rehearsals: [] }, settings)
  // The differences are what was asked for; a report of files that are not there would stand beside them.
  if (options.dryRun !== true) await write(review, options, { base, head }, io)
  return review.verdict === 'pass' ? EXIT.pass : EXIT.stop
}

/** Named files as they are judged: the others around them are what may have gone before. */
export interface NamedFiles {
  readonly settings: Settings
  readonly base: FileEntries
  readonly head: FileEntries
  readonly input: AnalysisInput
  /** Those that were named themselves, not by their folder. */
  readonly explicit: readonly string[]
}

/** Reads named files with what lies around them, and the policy that they are held to. */
export async function namedFiles(
  names: readonly string[],
  { config, baseline }: Pick<LintOptions, 'config' | 'baseline'>,
  io: Io,
): Promise<NamedFiles | Problem> {
  const around = await neighbourhood(io.cwd, names)
  if (isProblem(around)) return around
  const policy = await settingsOf(config, null, io)
  if (isProblem(policy)) return policy
  const known = baseline === undefined ? [] : await knownIn(baseline, io)
  if (isProblem(known)) return known
  const settings = { ...policy, known, rehearsal: { ...policy.rehearsal, required: false } }
  const head = await loadAround(around, settings)
  const named = new Set(around.named)
  const base: FileEntries = new Map([...head].filter(([path]) => !named.has(path)))
  const input = { base, head, settings, today: io.today, mode: 'files' } as const
  return { settings, base, head, input, explicit: around.explicit }
}

async function knownIn(path: string, io: Io): Promise<Settings['known'] | Problem> {
  const text = await onDisk(io, path)
  const known = text === undefined ? { problem: 'there is no such file' } : readKnownFindings(text)
  return isProblem(known) ? { problem: `The known findings in ${path} cannot be used: ${known.problem}.` } : known
}

/** A file that was named and that nobody read is no pass. */
function unread(explicit: readonly string[], migrations: readonly ReviewedMigration[]): readonly Note[] {
  const read = new Set(migrations.flatMap(({ revision }) => pathsOf(revision)))
  return explicit
    .filter((path) => !read.has(path))
    .map((path) => ({
      message: `${path} is not read: it is no SQL file, and no migration of a tool that is known`,
      at: startOf(path),
      bearing: 'withholds',
    }))
}
