import type { FileEntries } from '../model/file-set.js'
import { detectProjects, frameworkOf } from '../frameworks/index.js'
import { analyseApart } from '../review/analyst.js'
import { conclude } from '../review/conclude.js'
import { EXIT, isProblem, type Io, type Problem } from './io.js'
import { neighbourhood, type Neighbourhood } from './neighbourhood.js'
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
  const head = await load(around)
  const named = new Set(around.named)
  const base: FileEntries = new Map([...head].filter(([path]) => !named.has(path)))
  const input = { base, head, settings, today: io.today, mode: 'files' } as const
  const { projects, migrations, findings, notes } = await analyseApart(input, io.signal)
  const pull = { repository: '', number: null, base: '', head: '' }
  const review = conclude({ pull, projects, migrations, findings, notes, rehearsals: [] }, settings)
  await write(review, options, { base, head }, io)
  return review.verdict === 'pass' ? EXIT.pass : EXIT.stop
}

async function load(around: Neighbourhood): Promise<FileEntries> {
  const wanted = new Set(around.named)
  for (const project of detectProjects(around, [])) {
    for (const path of frameworkOf(project).sources(project, around)) wanted.add(path)
  }
  const entries = await Promise.all(
    around.paths.map(async (path) => [path, wanted.has(path) ? await around.read(path) : null] as const),
  )
  return new Map(entries)
}
