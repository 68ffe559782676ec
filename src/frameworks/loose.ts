import type { Project } from '../model/migration.js'
import { readScript } from '../sql/script.js'
import type { FileIndex, MigrationFramework } from './framework.js'

/** SQL files that no tool claims: each stands alone, has no down, and is run statement by statement. Never detected, only asked for. */
export const loose: MigrationFramework = {
  id: 'sql-file',
  title: 'SQL file',
  detect: () => [],
  sources: ({ config }) => pathsOf(config),
  history: (project, { paths }) => ({
    project,
    revisions: pathsOf(project.config)
      .filter((path) => paths.includes(path))
      .map((path) => ({
        id: path,
        parents: [],
        path,
        downPath: null,
        title: path,
        repeatable: false,
      })),
    heads: [],
    strays: [],
    notes: [],
  }),
  migration: (_, revision, files, reading) => {
    const source = files.read(revision.path)
    const { reason, line } = files.refusal(revision.path) ?? { reason: 'file cannot be read', line: 1 }
    const start = { line, column: 1 }
    return {
      revision,
      up:
        source === undefined
          ? { kind: 'refused', cause: 'refused', reason, at: { path: revision.path, start, end: start } }
          : readScript(source, reading, { transaction: 'none' }),
      down: { kind: 'absent' },
    }
  },
}

/** A project of the `.sql` files among some paths; null when there are none. */
export function looseProject({ paths }: FileIndex): Project | null {
  const files = paths.filter((path) => path.endsWith('.sql'))
  if (files.length === 0) return null
  return {
    framework: loose.id,
    root: '',
    config: { paths: JSON.stringify(files) },
    conventions: {
      tool: loose.title,
      hashesFiles: false,
      lateVersion: 'graph',
      reactions: {
        edited: 'nothing runs it again',
        deleted: 'nothing misses it',
        late: 'it has no version',
        duplicate: 'it has no version',
      },
      numbering: 'opaque',
      downs: 'none',
      bookkeeping: [],
      withoutTransaction: 'run the file without a transaction around it',
      rollback: null,
      filePattern: '*.sql',
    },
  }
}

function pathsOf(config: Project['config']): readonly string[] {
  return JSON.parse(config['paths'] ?? '[]') as readonly string[]
}
