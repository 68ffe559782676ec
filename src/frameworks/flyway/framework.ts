import type { History, Project } from '../../model/migration.js'
import type { FileSet } from '../../model/pull-request.js'
import type { MigrationFramework } from '../framework.js'
import { configurationFiles } from './configuration/files.js'
import { profileFiles } from './configuration/profiles.js'
import { flywayAt, flywayProjects } from './detect.js'
import { flywayHistory } from './history.js'
import { factsOf, membersOf } from './project.js'
import { readDirection } from './script.js'

/** Flyway: SQL files whose names carry versions, in folders that its configuration or their names tell. */
export const flyway: MigrationFramework = {
  id: 'flyway',
  title: 'Flyway',
  clues: (index) => [...configurationFiles(index), ...profileFiles(index)],
  detect: flywayProjects,
  at: flywayAt,
  sources(project, index) {
    const facts = factsOf(project)
    const members = membersOf(project.root, facts, index.paths).map(({ path }) => path)
    const beside = new Set(members.map((path) => `${path}.conf`))
    return [
      ...members,
      ...index.paths.filter((path) => beside.has(path)),
      ...configurationFiles(index),
      ...profileFiles(index),
    ]
  },
  history: historyOf,
  migration(project, revision, files, reading) {
    const { revisions } = historyOf(project, files)
    const first = revisions.findLast(({ baseline }) => baseline === true) ?? revisions[0]
    const opens = first?.path === revision.path
    const { path, downPath } = revision
    return {
      revision,
      up: readDirection(project, { path, direction: 'up', opens }, files, reading),
      down:
        downPath === null
          ? { kind: 'absent' }
          : readDirection(project, { path: downPath, direction: 'down', opens: false }, files, reading),
    }
  },
}

const read = new WeakMap<FileSet, Map<string, History>>()

/** A file set is asked for the history of a project once for every migration. */
function historyOf(project: Project, files: FileSet): History {
  const known = read.get(files) ?? new Map<string, History>()
  read.set(files, known)
  const key = JSON.stringify([project.root, project.config])
  const history = known.get(key) ?? flywayHistory(project, files)
  known.set(key, history)
  return history
}
