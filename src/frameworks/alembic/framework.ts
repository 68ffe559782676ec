import type { History, Revision, Script, Stray } from '../../model/migration.js'
import type { Note } from '../../model/note.js'
import type { FileSet } from '../../model/pull-request.js'
import { startOf } from '../../source/span.js'
import { nameOf } from '../folders.js'
import type { MigrationFramework } from '../framework.js'
import { alembicAt, alembicProjects, versionFiles } from './detect.js'
import { headsOf, ordered, type Node } from './graph.js'
import { moduleOf, revisionFile } from './revision-file.js'
import { repositoryFrom } from './repository.js'
import { readRevision } from './script.js'

/** Alembic: revisions in Python, each naming its parents. The Python is read, never run. */
export const alembic: MigrationFramework = {
  id: 'alembic',
  title: 'Alembic',
  detect: alembicProjects,
  at: alembicAt,
  sources: ({ root }, index) => versionFiles(root, index),
  history(project, files): History {
    const nodes: Node[] = []
    const strays: Stray[] = []
    const notes: Note[] = []
    const withhold = (path: string, message: string): void => {
      notes.push({ message, at: startOf(path), bearing: 'withholds' })
    }
    for (const path of versionFiles(project.root, files)) {
      const source = files.read(path)
      if (source === undefined) {
        // Its place is not known, but it is a revision for all that its name says.
        const id = nameOf(path).replace(/(_.*)?\.py$/, '')
        nodes.push({ path, id, parents: [], dependsOn: [], labels: [], title: nameOf(path), unknown: [] })
        withhold(path, `${nameOf(path)} cannot be read, so its place in the history is not known`)
        continue
      }
      const file = revisionFile(source)
      const { id, unknown } = file
      if (unknown.length > 0)
        withhold(path, `${unknown.join(' and ')} of ${nameOf(path)} cannot be told without running it`)
      if (id !== null) nodes.push({ ...file, id })
      else if (!unknown.includes('revision')) strays.push({ path, reason: 'it has no `revision`' })
    }
    const order = ordered(nodes)
    for (const { path, id } of order.circle)
      withhold(path, `revision ${id} is its own ancestor, or follows one that is`)
    const all = [...order.nodes, ...order.circle]
    return { project, revisions: all.map(revisionOf), heads: headsOf(all), strays, notes }
  },
  migration(_, revision, files, reading) {
    const source = files.read(revision.path)
    if (source === undefined)
      return { revision, up: unreadable(revision.path, files), down: unreadable(revision.path, files) }
    const module = moduleOf(source)
    const repository = repositoryFrom(files, revision.path)
    return { revision, ...readRevision({ source, module, repository }, reading) }
  },
}

function revisionOf({ id, parents, path, title }: Node): Revision {
  return { id, parents, path, downPath: null, title, repeatable: false }
}

function unreadable(path: string, files: FileSet): Script {
  const { reason, line } = files.refusal(path) ?? { reason: 'the file was not loaded', line: 1 }
  const start = { line, column: 1 }
  return { kind: 'refused', cause: 'refused', reason, at: { path, start, end: start } }
}
