import type { FileIndex } from '../framework.js'
import { pathsOfModule } from './repository.js'

/** More modules than migrations lean on; what is imported beyond them stays unknown. */
const MOST_MODULES = 500

/**
 * The modules of the repository that some Python files import, and those that these import in turn, as far as they were read:
 * paths of files that are there. The import statements are found by their words alone, so that a line of a text may count as one.
 */
export function importedPaths(from: readonly string[], index: FileIndex): readonly string[] {
  const there = new Set(index.paths)
  const found = new Set<string>()
  const waiting = [...from]
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const text = index.read?.(path)?.text ?? ''
    for (const module of importedModules(text, path)) {
      const at = pathsOfModule(module, path).find((candidate) => there.has(candidate))
      if (at === undefined || found.has(at)) continue
      if (found.size >= MOST_MODULES) return [...found]
      found.add(at)
      waiting.push(at)
    }
  }
  return [...found]
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
