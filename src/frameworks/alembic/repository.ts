import type { FileSet } from '../../model/pull-request.js'
import { enumOfClass } from './enum-class.js'
import { attributeOfLibrary, ofLibrary } from './libraries.js'
import { createMachine } from './python/interpreter.js'
import type { Host, Machine } from './python/machine.js'
import { ALONE, followModule, parseModule } from './python/module.js'
import type { Names, Value } from './python/value.js'

/** The Python files beside the migrations, by the dotted names under which they are imported. */
export interface Repository {
  /** What a dotted name is: a name of a module that is here; null when it is none. */
  resolve(path: string): Value | null
  /** The names of a module that is here; null when it is not. */
  names(path: string): Names | null
}

/** The paths at which a module may be, for imports from the folder of a file: nearest folders first, the repository's top last. */
export function pathsOfModule(module: string, from: string): readonly string[] {
  // A file's own folder is no place where Python looks.
  const folders = from.split('/').slice(0, -2)
  const roots = folders.map((_, index) => folders.slice(0, folders.length - index).join('/'))
  const file = module.replaceAll('.', '/')
  return [...roots.map((root) => `${root}/`), ''].flatMap((root) => [`${root}${file}.py`, `${root}${file}/__init__.py`])
}

/** What the modules of a file set say, by path. Each is followed once. */
const known = new WeakMap<FileSet, Map<string, Names | null>>()

/** The repository as a file at `home` sees it. */
export function repositoryFrom(files: FileSet, home: string): Repository {
  const modules = known.get(files) ?? new Map<string, Names | null>()
  known.set(files, modules)

  const places = new Map<string, string | null>()
  function placeOf(module: string): string | null {
    const before = places.get(module)
    if (before !== undefined) return before
    const path = pathsOfModule(module, home).find((candidate) => files.read(candidate) !== undefined) ?? null
    places.set(module, path)
    return path
  }

  function names(module: string): Names | null {
    const path = placeOf(module)
    if (path === null) return null
    const before = modules.get(path)
    if (before !== undefined) return before
    // While it is read, it is not there: modules may import each other.
    modules.set(path, null)
    const { block, file } = parseModule(files.read(path)?.text ?? '')
    if (file.mistake !== null) return null
    const { names: others, ...there } = repositoryFrom(files, path)
    const host: Host = {
      ...ALONE,
      call: (value) => enumOfClass(value, machine),
      names: others,
      attribute: attributeOfLibrary,
      resolve: (path: string) => ofLibrary(path) ?? there.resolve(path),
    }
    const machine: Machine = createMachine(host, path)
    const found = followModule(block, path, machine).names
    modules.set(path, found)
    return found
  }

  function resolve(path: string): Value | null {
    const at = path.lastIndexOf('.')
    if (at < 0) return null
    return names(path.slice(0, at))?.get(path.slice(at + 1)) ?? null
  }

  return { resolve, names }
}
