import type { FileIndex } from '../framework.js'
import { pathsOfModule } from './repository.js'

/** A file of SQL by its name in a text, as it is opened by. */
const NAMED_FILE = /(['"])([^'"\n{}]*?[\w-]\.sql)\1/g
/** A name that so many files bear says of none that it is meant. */
const MOST_NAMESAKES = 5

/** Files of SQL that a text names, by the end of their paths: what is opened there is not read, and changes what is sent. */
function namedFiles(text: string, files: readonly string[]): readonly string[] {
  return [...text.matchAll(NAMED_FILE)].flatMap(([, , name = '']) => {
    const end = name.replace(/^(?:\.{0,2}\/)+/, '')
    const meant = files.filter((path) => path === end || path.endsWith(`/${end}`))
    return meant.length > MOST_NAMESAKES ? [] : meant
  })
}

/** More modules than migrations lean on; what is imported beyond them stays unknown. */
const MOST_MODULES = 500

/**
 * The modules of the repository that some Python files import, and those that these import in turn, as far as they were read,
 * and the files of SQL that they name: paths of files that are there. The import statements are found by their words alone, so that a line of a text may count as one.
 */
export function importedPaths(from: readonly string[], index: FileIndex): readonly string[] {
  return [...importsFrom(from, index).found]
}

/** Which of these modules each of some Python files imports, itself or through others; files that import none are left out. */
export function importersOf(
  from: readonly string[],
  modules: ReadonlySet<string>,
  index: FileIndex,
): ReadonlyMap<string, readonly string[]> {
  const importers = new Map<string, string[]>()
  if (modules.size === 0) return importers
  const { importedBy } = importsFrom(from, index)
  const files = new Set(from)
  for (const module of modules) {
    const reached = new Set([module])
    for (const path of reached) for (const by of importedBy.get(path) ?? []) reached.add(by)
    for (const path of reached)
      if (path !== module && files.has(path)) importers.set(path, [...(importers.get(path) ?? []), module])
  }
  return importers
}

/** The modules that files lead to, and who imports each. */
function importsFrom(
  from: readonly string[],
  index: FileIndex,
): { readonly found: ReadonlySet<string>; readonly importedBy: ReadonlyMap<string, readonly string[]> } {
  const there = new Set(index.paths)
  const sql = index.paths.filter((path) => path.endsWith('.sql'))
  const found = new Set<string>()
  const importedBy = new Map<string, string[]>()
  const waiting = [...from]
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const text = index.read?.(path)?.text ?? ''
    if (!path.endsWith('.py')) continue
    const modules = importedModules(text, path).map((module) =>
      pathsOfModule(module, path).find((candidate) => there.has(candidate)),
    )
    for (const at of [...modules, ...namedFiles(text, sql)]) {
      if (at === undefined) continue
      const before = importedBy.get(at)
      if (before === undefined) importedBy.set(at, [path])
      else if (before.at(-1) !== path) before.push(path)
      if (found.has(at)) continue
      if (found.size >= MOST_MODULES) return { found, importedBy }
      found.add(at)
      waiting.push(at)
    }
  }
  return { found, importedBy }
}

const IMPORT = /^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n#]*)|import[ \t]+([^\n#]+))/gm

/** Dotted names that may be modules: what follows `from`, and each name that is imported from it. */
function importedModules(text: string, path: string): readonly string[] {
  const modules: string[] = []
  for (const [, dots = '', from, names = '', plain = ''] of text.matchAll(IMPORT)) {
    const listed = (from === undefined ? plain : names)
      .replace(/#.*/g, '')
      .replace(/[()\\]/g, ' ')
      .split(',')
      .flatMap((name) => /^\s*([\w.]+)/.exec(name)?.[1] ?? [])
    if (from === undefined) modules.push(...listed)
    else {
      const folders = dots === '' ? [] : path.split('/').slice(0, -dots.length)
      const base = [...folders, ...(from === '' ? [] : [from])].join('.')
      modules.push(...(base === '' ? [] : [base]), ...listed.map((name) => (base === '' ? name : `${base}.${name}`)))
    }
  }
  return modules
}
