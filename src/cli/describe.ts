import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Project } from '../model/migration.js'
import type { SeenTable } from '../model/description.js'
import { sizeOf } from '../model/settings.js'
import { describe } from '../rehearsal/description/describe.js'
import type { PlanItem } from '../rehearsal/plan.js'
import { descriptionJson, type ProjectTable } from '../report/description.js'
import { bare, unquoted } from '../report/schema-name.js'
import { descriptionText } from '../report/terminal-description.js'
import { onOneLine, visible } from '../report/untrusted.js'
import { analyseApart } from '../review/analyst.js'
import { nearest } from '../source/nearest.js'
import { EXIT, isProblem, type Io, type Problem } from './io.js'
import type { RepositoryOptions, SandboxOptions } from './options.js'
import { prepare } from './prepare.js'
import { noMigrations, sandboxOf, withSandbox } from './review.js'

/** What `dba describe` takes. */
export interface DescribeOptions extends RepositoryOptions, SandboxOptions {
  readonly format: 'terminal' | 'json'
  readonly output?: string
}

/**
 * `dba describe TABLE`: a table as the migrations of this checkout make it, which is seen by running all of them on a
 * throw-away PostgreSQL.
 */
export async function describeVerb(wanted: string, options: DescribeOptions, io: Io): Promise<number | Problem> {
  const prepared = await prepare(options, io)
  if (isProblem(prepared)) return prepared
  const settings = withSandbox(prepared.settings, options)
  const { head } = prepared
  io.progress('Reading migrations')
  const input = { base: head, head, settings, today: io.today, mode: 'pull', replay: true } as const
  const { projects, plans, notes } = await analyseApart(input, io.signal)
  if (projects.length === 0) return noMigrations(prepared)
  if (plans.length === 0) return { problem: 'There is no migration yet, and so no table.' }
  const provider = sandboxOf(settings, options, io)
  if (provider === null) return { problem: 'A table is seen by running the migrations; --sandbox none runs nothing.' }
  const { postgres, rehearsal } = settings
  const means = { postgres, seconds: rehearsal.seconds, signal: io.signal, onProgress: io.progress }
  const found: ProjectTable[] = []
  const known: string[] = []
  const failures: string[] = []
  const holes: SeenTable['skipped'][number][] = []
  for (const plan of plans) {
    const project = projectOf(plan, projects)
    const where = project.root === '' ? '.' : project.root
    const seen = await describe(wanted, plan, provider, means)
    if (typeof seen === 'string') {
      failures.push(plans.length === 1 ? seen : `${where}: ${seen}`)
      continue
    }
    if (seen.meant.length > 0) {
      return { problem: `${visible(wanted)} may be ${seen.meant.map(shown).join(' or ')}; name the schema.` }
    }
    known.push(...seen.names)
    holes.push(...seen.skipped)
    if (seen.table === null) continue
    const unread = notes.filter(({ bearing }) => bearing === 'withholds')
    found.push({ project, seen, table: seen.table, unread, size: sizeOf(settings, nameOf(seen.table.name)) })
  }
  if (found.length === 0) return failures.length > 0 ? unseen(failures) : unknown(wanted, known, holes)
  if (failures.length > 0) io.err(`Not looked at: ${failures.map((each) => visible(each)).join('; ')}.\n`)
  const file = options.output
  const screen = { color: io.color && file === undefined, width: io.width }
  const text = options.format === 'json' ? descriptionJson(found) : descriptionText(found, screen)
  if (file === undefined) io.out(text)
  else {
    await writeFile(resolve(io.cwd, file), text)
    io.err(`The description is in ${file}.\n`)
  }
  return EXIT.pass
}

/** The project whose history a plan is: the deepest in whose folder its files lie, which begin with a dump where policy names one. */
function projectOf(plan: readonly PlanItem[], projects: readonly Project[]): Project {
  const path = plan.at(-1)?.revision.path ?? ''
  const around = projects
    .filter(({ root }) => root === '' || path.startsWith(`${root}/`))
    .toSorted((a, b) => b.root.length - a.root.length)
  const project = around[0] ?? projects[0]
  if (project === undefined) throw new Error('a plan is of no project')
  return project
}

function unseen(failures: readonly string[]): Problem {
  return { problem: `The table could not be looked at: ${failures.map((each) => visible(each)).join('; ')}.` }
}

function unknown(wanted: string, known: readonly string[], holes: SeenTable['skipped']): Problem {
  const names = [...new Set(known.map(shown))]
  const near = nearest(wanted.replaceAll('"', ''), names)
  const meant =
    near.length > 0
      ? `Did you mean ${near.join(' or ')}?`
      : names.length === 0
        ? 'They make no table at all.'
        : `There are ${listed(names)}.`
  const incomplete = holes.length === 0 ? '' : `\n${missing(holes)}`
  return { problem: `The migrations make no table ${visible(wanted)}. ${meant}${incomplete}` }
}

/** Why it may be there in truth: what the history says and could not be brought about here. */
function missing(holes: SeenTable['skipped']): string {
  const some = holes
    .slice(0, MOST_HOLES)
    .map(({ at, reason }) => `  ${visible(`${at.path}:${at.start.line}: ${onOneLine(reason)}`)}`)
  const rest = holes.length - some.length
  const said = holes.length === 1 ? '1 statement of the history' : `${holes.length} statements of the history`
  return [
    `${said} could not run here, so it may be there in truth:`,
    ...some,
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
  ].join('\n')
}

/** More of them, and more names, nobody reads. */
const MOST_HOLES = 5
const MOST_NAMES = 12

function listed(names: readonly string[]): string {
  if (names.length <= MOST_NAMES) return names.join(', ')
  return `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`
}

function shown(name: string): string {
  return visible(unquoted(bare(name)))
}

function nameOf(qualified: string) {
  const [schema = '', name = ''] = qualified.match(/"(?:[^"]|"")*"|[^".]+/g) ?? []
  return { schema: unquoted(schema), name: unquoted(name) }
}
