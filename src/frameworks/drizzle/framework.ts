import type { Project } from '../../model/migration.js'
import { databaseOfBooks, isJournal, journalOf } from '../books.js'
import { foldersOf, isBelow, nameOf, parentOf } from '../folders.js'
import type { FileIndex, MigrationFramework } from '../framework.js'
import { historyOfNames } from '../sql/history.js'
import { readDirection } from '../sql/read.js'
import { byFolders } from './by-folders.js'
import { historyByJournal } from './by-journal.js'
import { BY_FOLDERS, BY_JOURNAL } from './conventions.js'

/** Drizzle: SQL that drizzle-kit makes and the migrators of drizzle-orm run, with a journal or, from 1.0 on, a folder for each. */
export const drizzle: MigrationFramework = {
  id: 'drizzle',
  title: 'Drizzle',
  clues: ({ paths }) => paths.filter(isJournal),
  detect: (index) => [...journals(index), ...folders(index)],
  at: (root, index) => {
    const isHere = (project: Project): boolean => project.root === root
    return [...journals(index), ...folders(index)].find(isHere) ?? null
  },
  sources: ({ root, config }, { paths }) =>
    paths.filter((path) => {
      if (!isBelow(root, path)) return false
      if (config['layout'] === 'folders') return byFolders.wants.test(below(root, path))
      return path === journalOf(root) || (parentOf(path) === root && /\.sql$/i.test(path))
    }),
  history: (project, files) =>
    project.config['layout'] === 'folders'
      ? historyOfNames(project, byFolders, files.paths)
      : historyByJournal(project, files),
  migration: (_, revision, files, reading) => ({
    revision,
    up: readDirection(byFolders, 'up', revision.path, files, reading),
    down: { kind: 'absent' },
  }),
}

function journals(index: FileIndex): readonly Project[] {
  const { names } = foldersOf(index)
  return [...names].flatMap(([folder, files]) => {
    if (nameOf(folder) !== 'meta' || !files.has('_journal.json')) return []
    const root = parentOf(folder)
    return databaseOfBooks(root, index) === null ? [project(root, 'journal')] : []
  })
}

/** A folder of folders that each hold a migration and the snapshot after it. */
function folders(index: FileIndex): readonly Project[] {
  const { names } = foldersOf(index)
  const roots = [...names].flatMap(([folder, files]) =>
    files.has('migration.sql') && files.has('snapshot.json') ? [parentOf(folder)] : [],
  )
  const old = new Set(journals(index).map(({ root }) => root))
  return [...new Set(roots)].filter((root) => !old.has(root)).map((root) => project(root, 'folders'))
}

function project(root: string, layout: 'journal' | 'folders'): Project {
  return {
    framework: 'drizzle',
    root,
    config: { layout },
    conventions: layout === 'folders' ? BY_FOLDERS : BY_JOURNAL,
  }
}

function below(root: string, path: string): string {
  return path.slice(root === '' ? 0 : root.length + 1)
}
