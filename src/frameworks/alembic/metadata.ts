import type { Project } from '../../model/migration.js'
import type { SourceText } from '../../source/source-text.js'
import type { Span } from '../../source/span.js'
import { join, parentOf, upwards } from '../folders.js'
import type { FileIndex } from '../framework.js'
import { configurationOf } from './detect.js'
import { valueAtTop, type Call } from './env-calls.js'
import type { Fact } from './environment.js'
import { describe, type Value, type ValueOf } from './python/value.js'
import { moduleOf } from './revision-file.js'

/** How constraints are named, and the modules that were asked for it. */
export interface Followed {
  readonly naming: Fact<ReadonlyMap<string, string>>
  readonly modules: readonly string[]
}

/** A chain of names longer than this is left. */
const MOST_STEPS = 12

/** Follows the `target_metadata` of calls of `context.configure` through the repository to where the metadata is made. */
export function followMetadata(
  online: readonly Call[],
  source: SourceText,
  project: Project,
  files: FileIndex,
): Followed {
  const given = online.map(({ keywords }) => keywords.get('target_metadata')).find((value) => value !== undefined)
  if (given === undefined || given.value.kind === 'none') return { naming: { value: new Map(), at: null }, modules: [] }
  const items = given.value.kind === 'list' ? given.value.items : [given.value]
  const at = source.spanOfUnits(given.at.from, given.at.to)
  const [first, another] = items
  if (first === undefined) return { naming: { value: new Map(), at }, modules: [] }
  const search = searchIn(project, files)
  const naming = follow(first, { source, at }, search, MOST_STEPS)
  if (another === undefined) return { naming, modules: [...search.asked] }
  return { naming: { unknown: 'there is more than one target_metadata', at }, modules: [...search.asked] }
}

interface Search {
  readonly asked: Set<string>
  /** The file of a dotted name that is used in `from`, and what of the name is left in it. */
  module(dotted: string, from: string): { readonly path: string; readonly rest: readonly string[] } | null
  read(path: string): SourceText | undefined
}

function searchIn(project: Project, files: FileIndex): Search {
  const paths = new Set(files.paths)
  const above = upwards(project.root)
  const roots = [
    ...(configurationOf(project, files)?.modules ?? []),
    ...above,
    ...above.map((folder) => join(folder, 'src')),
  ]
  const asked = new Set<string>()
  return {
    asked,
    read: (path) => {
      asked.add(path)
      return files.read?.(path)
    },
    module: (dotted, from) => {
      const [, dots = '', name = ''] = /^(\.*)(.*)$/.exec(dotted) ?? []
      const parts = name.split('.')
      for (const root of dots === '' ? roots : [upwards(parentOf(from))[dots.length - 1] ?? '']) {
        for (let length = parts.length - 1; length >= (dots === '' ? 1 : 0); length--) {
          const place = join(root, parts.slice(0, length).join('/'))
          const file = length === 0 ? join(root, '__init__.py') : `${place}.py`
          const path = [file, join(place, '__init__.py')].find((candidate) => paths.has(candidate))
          if (path !== undefined) return { path, rest: parts.slice(length) }
        }
      }
      return null
    },
  }
}

type Naming = Followed['naming']

/** Where a value is written. */
interface Place {
  readonly source: SourceText
  readonly at: Span
}

function follow(value: Value, place: Place, search: Search, steps: number): Naming {
  const { source, at } = place
  if (steps <= 0) return { unknown: 'the metadata is made too far away', at }
  switch (value.kind) {
    case 'attribute':
      return follow(value.receiver, place, search, steps - 1)
    case 'call':
      return made(value, place, search, steps - 1)
    case 'class':
      return ofClass(value, place, search, steps - 1)
    case 'name': {
      const found = search.module(value.path, source.path)
      const text = found === null ? undefined : search.read(found.path)
      const [name, ...rest] = found?.rest ?? []
      if (text === undefined || name === undefined) return { unknown: `${value.path} is not in the repository`, at }
      return inModule(name, rest, text, search, steps - 1)
    }
    default:
      return { unknown: describe(value), at }
  }
}

/** What a name at the top of a module is. */
function inModule(name: string, rest: readonly string[], source: SourceText, search: Search, steps: number): Naming {
  const module = moduleOf(source)
  const made = module.block.filter((statement) =>
    statement.kind === 'assign'
      ? statement.targets.some((target) => target.kind === 'name' && target.id === name)
      : statement.kind === 'class' && statement.name === name,
  )
  const last = made.at(-1)
  const place = { source, at: source.spanOfUnits(last?.from ?? 0, last?.to ?? 0) }
  const known = module.names.get(name)
  // An attribute that is set later on leaves it the same thing.
  const again = known?.kind === 'unknown' && made.length === 1 && last?.kind === 'assign'
  const value = again ? valueAtTop(last.value, module, source.path) : known
  if (value === undefined) return { unknown: `${name} is not given a plain value in ${source.path}`, at: place.at }
  return follow(
    value.kind === 'name' ? { ...value, path: [value.path, ...rest].join('.') } : value,
    place,
    search,
    steps,
  )
}

/** What a call makes: the metadata itself, or something that carries it. */
function made({ path, keywords }: ValueOf<'call'>, place: Place, search: Search, steps: number): Naming {
  const { at } = place
  const what = path.split('.').at(-1) ?? ''
  if (what === 'MetaData') {
    const naming = keywords.get('naming_convention')
    return naming === undefined || naming.kind === 'none' ? { value: new Map(), at } : ofNames(naming, at)
  }
  if (!/^(declarative_base|SQLAlchemy|registry)$/.test(what)) return { unknown: `what ${path} makes is not known`, at }
  const inner = keywords.get('metadata') ?? keywords.get('model_class') ?? keywords.get('cls')
  return inner === undefined ? { value: new Map(), at } : follow(inner, place, search, steps)
}

/** A base class of models: it carries the metadata that it makes, or that of its own base. */
function ofClass({ members, bases }: ValueOf<'class'>, place: Place, search: Search, steps: number): Naming {
  const own = members.get('metadata')
  if (own !== undefined) return follow(own, place, search, steps)
  for (const base of bases) {
    if (base.kind === 'name' && /^(sqlalchemy|builtins)\./.test(base.path)) continue
    const followed = follow(base, place, search, steps)
    // A mixin says nothing of the metadata.
    if ('unknown' in followed || followed.value.size > 0) return followed
  }
  return { value: new Map(), at: place.at }
}

function ofNames(value: Value, at: Span): Naming {
  const entries = value.kind === 'dict' ? value.entries : null
  const names = entries?.flatMap(({ key, value: name }): (readonly [string, string])[] =>
    key.kind === 'string' && name.kind === 'string' ? [[key.text, name.text]] : [],
  )
  if (entries === null || names === undefined || names.length < entries.length)
    return { unknown: 'the naming_convention cannot be told', at }
  return { value: new Map(names), at }
}
