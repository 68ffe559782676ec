import type { Conventions, History, Surrounding } from '../../model/migration.js'
import type { Note } from '../../model/note.js'
import type { FileSet } from '../../model/pull-request.js'
import { readHcl, type HclBody, type HclValue } from '../../source/hcl.js'
import { isBelow, join, nameOf, parentOf } from '../folders.js'
import type { FileIndex } from '../framework.js'

// https://atlasgo.io/atlas-schema/projects, and https://github.com/ariga/atlas/blob/v1.2.3/cmd/atlas/internal/cmdapi/project.go

const NAME = 'atlas.hcl'
/** Files called so that are read; more than a few are examples. */
const MOST = 20

/** What one environment of a configuration says of a folder of migrations. */
interface Environment {
  readonly file: string
  readonly name: string
  readonly line: number
  readonly order: string | null
  readonly format: string | null
  /** The databases that its URLs name. */
  readonly databases: readonly string[]
}

/** The configurations that may name a folder of migrations. */
export function configurations({ paths }: FileIndex): readonly string[] {
  return paths.filter((path) => nameOf(path) === NAME).slice(0, MOST)
}

/** The history with what the configuration tells of how its folder is run, as far as that is literal and undisputed. */
export function withConfiguration(history: History, files: FileSet): History {
  const { project } = history
  const notes: Note[] = []
  const environments: Environment[] = []
  for (const path of configurations(files)) {
    const text = files.read(path)?.text
    if (text === undefined) continue
    const body = readHcl(text)
    if ('problem' in body) {
      const governs = isBelow(parentOf(path), project.root)
      if (governs) notes.push(note(path, body.line, `${path} is not read: ${body.problem}`))
    } else environments.push(...environmentsOf(path, body, project.root))
  }
  const [first] = environments
  if (first === undefined) return notes.length === 0 ? history : { ...history, notes: [...history.notes, ...notes] }
  const foreign = environments.find(({ format }) => format !== null && format !== 'atlas')
  if (foreign !== undefined) {
    const { file, line, format } = foreign
    notes.push(
      note(file, line, `${file} says that files in ${project.root} are ${format}’s; they are read as Atlas’s own`),
    )
  }
  const orders = new Set(environments.map(({ order }) => order))
  if (orders.size > 1 || orders.has(null)) {
    const message = `${first.file} tells no one order of execution for ${project.root}, so it is taken for linear, as Atlas does by itself`
    notes.push({ ...note(first.file, first.line, message), bearing: 'informs' })
  }
  const [order] = orders
  const told = orders.size === 1 ? LATE[order ?? ''] : undefined
  const conventions =
    told === undefined
      ? project.conventions
      : {
          ...project.conventions,
          lateVersion: told.version,
          reactions: { ...project.conventions.reactions, late: told.reaction },
        }
  return {
    ...history,
    project: { ...project, conventions },
    surroundings: [...(history.surroundings ?? []), configures(environments)],
    notes: [...history.notes, ...notes],
  }
}

const LATE: Readonly<
  Record<string, { readonly version: Conventions['lateVersion']; readonly reaction: string } | undefined>
> = {
  'linear-skip': {
    version: 'skipped',
    reaction:
      'Atlas, whose configuration says exec_order = LINEAR_SKIP, leaves it out without a word on every database that is past it',
  },
  'non-linear': {
    version: 'applied',
    reaction:
      'Atlas, whose configuration says exec_order = NON_LINEAR, runs it after those that were applied before; one that sorts before ' +
      'the first that ran there is left out without a word',
  },
}

/** Databases of which Atlas knows that are not PostgreSQL, as its URLs begin. */
const OTHERS =
  /^(mysql|maria|mariadb|tidb|sqlite|libsql|sqlserver|azuresql|clickhouse|snowflake|databricks|spanner|oracle)$/

const known = new WeakMap<FileIndex, Map<string, string | null>>()

/** The database other than PostgreSQL that all URLs of the environments that name a folder are of; null where none or another is. */
export function databaseOfConfiguration(root: string, index: FileIndex): string | null {
  const answers = known.get(index) ?? new Map<string, string | null>()
  known.set(index, answers)
  const answer = answers.get(root)
  if (answer !== undefined) return answer
  const found = databaseIn(configurations(index), root, index)
  answers.set(root, found)
  return found
}

function databaseIn(paths: readonly string[], root: string, index: FileIndex): string | null {
  const databases = paths.flatMap((path) => {
    const text = index.read?.(path)?.text
    const body = text === undefined ? null : readHcl(text)
    if (body === null || 'problem' in body) return []
    return environmentsOf(path, body, root).flatMap((environment) => environment.databases)
  })
  return databases.every((database) => OTHERS.test(database)) ? (databases[0] ?? null) : null
}

/** What a URL is of: `postgres://…`, or `docker://postgres/16/dev` and `docker+postgres://…` of one that Atlas starts for itself. */
function databaseOf(value: HclValue | undefined): readonly string[] {
  const [, scheme = '', image] =
    /^(\w+)(?:\+\w+)*:\/\/(?:([a-z]+))?/.exec(value?.text?.replace(/^docker\+/, '') ?? '') ?? []
  const name = scheme === 'docker' ? image : scheme
  return name === undefined || name === '' ? [] : [name]
}

/** The environments that name a folder; one whose folder is computed names none. */
function environmentsOf(file: string, { blocks }: HclBody, root: string): readonly Environment[] {
  return blocks
    .filter(({ type }) => type === 'env')
    .flatMap(({ labels, blocks, attributes: own }) =>
      blocks
        .filter(({ type }) => type === 'migration')
        .flatMap(({ attributes, line }) => {
          const [place = '', query = ''] = attributes.get('dir')?.text?.split('?', 2) ?? []
          if (!place.startsWith('file://') || folderOf(parentOf(file), place.slice('file://'.length)) !== root)
            return []
          const format = attributes.has('format')
            ? (attributes.get('format')?.text ?? null)
            : (new URLSearchParams(query).get('format') ?? 'atlas')
          const databases = [...databaseOf(own.get('url')), ...databaseOf(own.get('dev'))]
          return [
            { file, line, name: labels[0] ?? '', order: orderOf(attributes.get('exec_order')), format, databases },
          ]
        }),
    )
}

/** An order as the command line calls it; null where it is computed. */
function orderOf(value: HclValue | undefined): string | null {
  return value === undefined ? 'linear' : (value.text?.toLowerCase().replaceAll('_', '-') ?? null)
}

/** A folder below the one of its configuration, which Atlas is run in. */
function folderOf(home: string, path: string): string | null {
  if (path.startsWith('/')) return null
  const segments = home === '' ? [] : home.split('/')
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') segments.push(segment)
    else if (segments.pop() === undefined) return null
  }
  return segments.reduce(join, '')
}

function configures(environments: readonly Environment[]): Surrounding {
  const meaning = environments
    .filter(({ order, format }) => order !== 'linear' || format !== 'atlas')
    .map(({ name, order, format }) => `${name}: ${order ?? '?'}, ${format ?? '?'}`)
    .sort()
  return { path: environments[0]?.file ?? NAME, role: 'configures', meaning: meaning.join('; ') }
}

function note(path: string, line: number, message: string): Note {
  const start = { line, column: 1 }
  return { message, at: { path, start, end: start }, bearing: 'withholds' }
}
