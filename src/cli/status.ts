import { analyseApart } from '../review/analyst.js'
import { detectProjects, frameworkOf } from '../frameworks/index.js'
import { fileSet } from '../model/file-set.js'
import { EXIT, isProblem, type Io, type Problem } from './io.js'
import type { RepositoryOptions } from './options.js'
import { prepare } from './prepare.js'
import { noMigrations } from './review.js'

/** `dba status`: each project's head revisions, and what this branch would add to or change in its history. */
export async function statusVerb(options: RepositoryOptions, io: Io): Promise<number | Problem> {
  const prepared = await prepare(options, io)
  if (isProblem(prepared)) return prepared
  const head = fileSet(prepared.head)
  const projects = detectProjects(head, prepared.settings.migrations)
  if (projects.length === 0) return noMigrations(prepared)
  const { base, settings } = prepared
  const analysis = await analyseApart({ base, head: prepared.head, settings, today: io.today, mode: 'pull' }, io.signal)
  for (const detected of projects) {
    const history = frameworkOf(detected).history(detected, head)
    const { project } = history
    const heads = history.heads.length === 0 ? 'none' : history.heads.join(', ')
    io.out(`${project.conventions.tool} in ${project.root === '' ? '.' : project.root}\n`)
    io.out(`  revisions  ${history.revisions.length}\n  head       ${heads}\n`)
    const within = project.root === '' ? '' : `${project.root}/`
    const changed = analysis.migrations.filter(
      ({ framework, revision }) => framework === project.framework && revision.path.startsWith(within),
    )
    for (const { change, revision } of changed) io.out(`  ${change.padEnd(9)}  ${revision.id}  ${revision.path}\n`)
    if (changed.length === 0) io.out('  pending    none on this branch\n')
    for (const { path, reason } of history.strays) io.out(`  stray      ${path}: ${reason}\n`)
  }
  return EXIT.pass
}
