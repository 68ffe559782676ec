import { detectProjects, frameworkOf } from '../frameworks/index.js'
import { fileSet, type FileEntries } from '../model/file-set.js'
import { pathsOf, type Revision } from '../model/migration.js'
import { analyseApart } from '../review/analyst.js'
import { conclude } from '../review/conclude.js'
import { withEvidence } from '../review/evidence.js'
import { rehearseAll } from '../review/review.js'
import { nearest } from '../source/nearest.js'
import { EXIT, isProblem, type Io, type Problem } from './io.js'
import { nativeTools } from './native.js'
import type { NativeOptions, ReportOptions, RepositoryOptions, SandboxOptions } from './options.js'
import { prepare, type PreparedCheckout } from './prepare.js'
import { noMigrations, withSandbox } from './review.js'
import { write } from './write.js'

export type RehearseOptions = RepositoryOptions & ReportOptions & SandboxOptions & NativeOptions

/** `dba rehearse [REVISION]`: up, down and up again of one revision of the head, or of all that this branch adds. */
export async function rehearseVerb(
  revision: string | undefined,
  options: RehearseOptions,
  io: Io,
): Promise<number | Problem> {
  const prepared = await prepare(options, io)
  if (isProblem(prepared)) return prepared
  const subject = revision === undefined ? prepared : upTo(prepared, revision)
  if (isProblem(subject)) return subject
  const settings = withSandbox(
    { ...prepared.settings, rehearsal: { ...prepared.settings.rehearsal, required: true } },
    options,
  )
  const { base, head, pull } = subject
  io.progress('Reading migrations')
  const analysis = await analyseApart({ base, head, settings, today: io.today, mode: 'pull' }, io.signal)
  if (analysis.projects.length === 0) return noMigrations(prepared)
  if (analysis.plans.length === 0) {
    io.out('This branch adds no migration; name a revision to rehearse it.\n')
    return EXIT.pass
  }
  const { signal, progress } = io
  const means = await nativeTools(prepared, analysis, settings, options, io)
  if (isProblem(means)) return means
  const { sandbox, native, notes } = means
  const rehearsals = await rehearseAll(analysis.plans, settings, { sandbox, native, signal, progress })
  // What the text alone tells is for `dba review` to say.
  const judged = withEvidence({ ...analysis, findings: [] }, rehearsals, { base, head }, settings)
  const all = [...judged.notes, ...notes]
  const review = conclude({ ...analysis, pull, findings: judged.findings, rehearsals, notes: all }, settings)
  await write(review, options, { base, head }, io)
  return review.verdict === 'pass' ? EXIT.pass : EXIT.stop
}

/** The same repository as it was when the revision was the newest, compared with how it was just before. */
function upTo(prepared: PreparedCheckout, wanted: string): PreparedCheckout | Problem {
  const files = fileSet(prepared.head)
  const known: string[] = []
  for (const project of detectProjects(files, prepared.settings.migrations)) {
    const { revisions } = frameworkOf(project).history(project, files)
    const index = revisions.findIndex(({ id, path }) => id === wanted || path === wanted)
    if (index >= 0) {
      const later = revisions.slice(index + 1)
      const head = without(prepared.head, later)
      return { ...prepared, head, base: without(head, revisions.slice(index, index + 1)) }
    }
    known.push(...revisions.map(({ id }) => id))
  }
  const near = nearest(wanted, known)
  const meant = near.length === 0 ? '`dba status` shows the head revision.' : `Did you mean ${near.join(' or ')}?`
  return { problem: `There is no revision ${wanted}. ${meant}` }
}

function without(entries: FileEntries, revisions: readonly Revision[]): FileEntries {
  const gone = new Set(revisions.flatMap(pathsOf))
  return new Map([...entries].filter(([path]) => !gone.has(path)))
}
