import { gathered, clued } from '../dist/frameworks/gather.js'
import { detectProjects, frameworkOf } from '../dist/frameworks/index.js'
import { replayed } from '../dist/lint/replayed.js'

/**
 * The histories of a tree as a review reads them: `{ project, files, history, revisions, migration(revision, thorough) }`, each migration
 * with the schema before it at hand.
 */
export async function historiesIn(tree, postgres) {
  const histories = []
  const clues = await clued(tree)
  for (const detected of detectProjects(clues)) {
    const files = await gathered(tree, clues, [detected], [])
    const history = frameworkOf(detected).history(detected, files)
    const { project, revisions } = history
    const known = new Map()
    const migration = (revision, thorough = true) => {
      const read = () =>
        frameworkOf(project).migration(project, revision, files, { postgres, thorough, schema: () => before(revision) })
      if (!known.has(revision)) known.set(revision, read())
      return known.get(revision)
    }
    const { bookkeeping } = project.conventions
    const before = replayed({ revisions, bookkeeping, complete: true, migration: (each) => migration(each, false) })
    histories.push({ project, files, history, revisions, migration })
  }
  return histories
}
