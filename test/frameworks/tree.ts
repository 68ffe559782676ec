import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { detectProjects, frameworkOf } from '../../src/frameworks/index.js'
import { fileSet } from '../../src/model/file-set.js'
import type { History, Migration, Script } from '../../src/model/migration.js'
import type { FileSet } from '../../src/model/pull-request.js'
import { loadParsers } from '../../src/sql/parse.js'
import { decode, isRefusal } from '../../src/source/source-text.js'

await loadParsers()

const FIXTURES = join(process.cwd(), 'fixtures/projects')

/** The names of the miniature repositories. */
export const PROJECTS: readonly string[] = readdirSync(FIXTURES).sort()

/** A miniature repository as a file set. */
export function repository(name: string): FileSet {
  const root = join(FIXTURES, name)
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  return tree(Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path))])))
}

/** A file set written down in a test. */
export function tree(files: Readonly<Record<string, string | Uint8Array>>): FileSet {
  return fileSet(
    new Map(
      Object.entries(files).map(([path, content]) => {
        if (typeof content === 'string') return [path, { text: content }]
        const decoded = decode(path, content)
        return [path, isRefusal(decoded) ? decoded : { text: decoded.text }]
      }),
    ),
  )
}

export interface Read {
  readonly history: History
  readonly migrations: readonly Migration[]
}

/** Everything that the frameworks say of a tree. */
export function readAll(files: FileSet): readonly Read[] {
  return detectProjects(files).map((detected) => {
    const history = frameworkOf(detected).history(detected, files)
    const framework = frameworkOf(history.project)
    const reading = { postgres: 16, thorough: false }
    const migrations = history.revisions.map((revision) =>
      framework.migration(history.project, revision, files, reading),
    )
    return { history, migrations }
  })
}

/** A script in one line: `one: CREATE TABLE a (…) | DROP TABLE b`, with its gaps; or why there is none. */
export function sketch(script: Script): string {
  switch (script.kind) {
    case 'script':
      return [
        `${script.transaction}: ${script.statements.map(({ sql }) => sql.replace(/\s+/g, ' ')).join(' | ')}`,
        ...script.gaps.map(({ message }) => `gap: ${message}`),
      ].join('\n')
    case 'absent':
      return 'absent'
    case 'irreversible':
      return `irreversible: ${script.reason}`
    case 'refused':
      return `${script.cause} in line ${script.at.start.line}: ${script.reason}`
  }
}
