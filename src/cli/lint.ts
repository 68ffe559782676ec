import type { FileEntries } from '../model/file-set.js'
import { pathsOf } from '../model/migration.js'
import type { Note } from '../model/note.js'
import type { ReviewedMigration } from '../model/review.js'
import { analyseApart } from '../review/analyst.js'
import { conclude } from '../review/conclude.js'
import { startOf } from '../source/span.js'
import { EXIT, isProblem, type Io, type Problem } from './io.js'
import { loadAround, neighbourhood } from './neighbourhood.js'
import type { ReportOptions } from './options.js'
import { settingsOf } from './prepare.js'
import { write } from './write.js'

export type LintOptions = ReportOptions & { readonly config?: string }

/** `dba lint FILE…`: files on their own, without git and without running them. */
export async function lintVerb(names: readonly string[], options: LintOptions, io: Io): Promise<number | Problem> {
  const around = await neighbourhood(io.cwd, names)
  if (isProblem(around)) return around
  const policy = await settingsOf(options.config, null, io)
  if (isProblem(policy)) return policy
  const settings = { ...policy, rehearsal: { ...policy.rehearsal, required: false } }
  const head = await loadAround(around, settings)
  const named = new Set(around.named)
  const base: FileEntries = new Map([...head].filter(([path]) => !named.has(path)))
  const input = { base, head, settings, today: io.today, mode: 'files' } as const
  const { projects, migrations, findings, notes } = await analyseApart(input, io.signal)
  const all = [...notes, ...unread(around.explicit, migrations)]
  const pull = { repository: '', number: null, base: '', head: '' }
  const review = conclude({ pull, projects, migrations, findings, notes: all, rehearsals: [] }, settings)
  await write(review, options, { base, head }, io)
  return review.verdict === 'pass' ? EXIT.pass : EXIT.stop
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
