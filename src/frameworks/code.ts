const LANGUAGES: Readonly<Record<string, string>> = {
  go: 'Go',
  js: 'JavaScript',
  cjs: 'JavaScript',
  mjs: 'JavaScript',
  ts: 'TypeScript',
  cts: 'TypeScript',
  mts: 'TypeScript',
}

/** The programming language of a migration that is code, by its name; null for any other file. */
export function codeOf(path: string): string | null {
  const extension = /\.([a-z]{2,3})$/.exec(path)?.[1]
  return extension === undefined ? null : (LANGUAGES[extension] ?? null)
}
