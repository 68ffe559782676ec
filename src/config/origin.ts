import { isMap, LineCounter, parseDocument } from 'yaml'

/**
 * The keys that a valid configuration has, such as `postgres` or `approval.data`, each with its line: where a value in force
 * comes from. What is not among them is a default.
 */
export function originsOf(text: string | undefined): Readonly<Record<string, number>> {
  if (text === undefined) return {}
  const counter = new LineCounter()
  const { contents } = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    prettyErrors: false,
    lineCounter: counter,
  })
  const lines: [string, number][] = []
  const walk = (node: unknown, path: readonly string[]): void => {
    if (!isMap(node) || path.length === DEPTH) return
    for (const { key, value } of node.items) {
      const name = [...path, String(key)]
      const at = (key as { readonly range?: readonly number[] } | null)?.range?.[0] ?? 0
      lines.push([name.join('.'), counter.linePos(at).line])
      walk(value, name)
    }
  }
  walk(contents, [])
  return Object.fromEntries(lines)
}

/** Below the second level values are shown as a whole. */
const DEPTH = 2
