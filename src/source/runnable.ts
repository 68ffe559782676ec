import { fileURLToPath } from 'node:url'

/**
 * Where the built JavaScript of a sibling module is, for code that is started as a process or thread of its own and so
 * never passes through a test runner's transform: next to a built module, or in `dist` for one that runs from `src`.
 */
export function runnable(importMetaUrl: string, sibling: string): URL {
  const url = new URL(sibling, importMetaUrl)
  if (!new URL(importMetaUrl).pathname.endsWith('.ts')) return url
  const at = url.pathname.lastIndexOf('/src/')
  if (at < 0) throw new Error(`${fileURLToPath(importMetaUrl)} is TypeScript outside a src folder`)
  return new URL(`${url.pathname.slice(0, at)}/dist/${url.pathname.slice(at + '/src/'.length)}`, url)
}
