import { childrenOf, type PythonFile, type SyntaxNode } from './syntax.js'
import type { Value } from './value.js'

/** The names that an import statement brings, with the full dotted name of each. */
export function importedNames(node: SyntaxNode, { text }: PythonFile): ReadonlyMap<string, Value> {
  const at = { from: node.from, to: node.to }
  const names = new Map<string, Value>()
  const words = childrenOf(node).map(({ name, from, to }) => ({ name, word: text.slice(from, to) }))
  const start = words.findIndex(({ name }) => name === 'import')
  const module = words
    .slice(0, Math.max(0, start))
    .filter(({ name }) => name !== 'from')
    .map(({ word }) => word)
    .join('')
  let dotted = ''
  let local = ''
  let renamed = false
  const end = (): void => {
    if (dotted === '') return
    const path = module === '' ? dotted : `${module}.${dotted}`
    // `import a.b` brings `a`; `import a.b as c` brings all of it as `c`.
    const [first = ''] = dotted.split('.')
    const value = module === '' && !renamed ? first : path
    names.set(local === '' ? first : local, { at, kind: 'name', path: value })
    dotted = local = ''
    renamed = false
  }
  for (const { name, word } of words.slice(start + 1)) {
    if (name === ',') end()
    else if (name === 'as') renamed = true
    else if (name === 'VariableName' || name === '.') {
      if (renamed) local = word
      else dotted += word
    }
  }
  end()
  return names
}
