import type { Project } from '../../model/migration.js'
import type { FileSet } from '../../model/pull-request.js'
import { isBelow, nameOf, parentOf } from '../folders.js'
import { project as projectOf } from './detect.js'
import { markersOf } from './markers.js'

const settled = new WeakMap<FileSet, Map<Project, Project>>()

/**
 * The project with its tool known. Where detection guessed, the markers inside the files decide: a tool's markers in at least
 * half of the files that could be read make the folder that tool's. A settled project is returned as it is.
 */
export function settle(project: Project, files: FileSet): Project {
  if (project.config['dialect'] !== 'guessed') return project
  const known = settled.get(files) ?? new Map<Project, Project>()
  settled.set(files, known)
  const answer = known.get(project) ?? byMarkers(project, files)
  known.set(project, answer)
  return answer
}

/** Tools whose files need no markers: what is around the folder speaks for them. */
const BY_SURROUNDINGS = new Set(['sqlx', 'goose', 'node-pg-migrate', 'atlas'])

function byMarkers({ framework, root }: Project, files: FileSet): Project {
  const names: string[] = []
  const counts = { goose: 0, dbmate: 0, 'node-pg-migrate': 0, none: 0 }
  for (const path of files.paths) {
    if (!isBelow(root, path) || parentOf(path) !== root) continue
    names.push(nameOf(path))
    const source = /^\d.*\.sql$/i.test(nameOf(path)) ? files.read(path) : undefined
    if (source !== undefined) counts[markersOf(source) ?? 'none']++
  }
  const { goose, dbmate, 'node-pg-migrate': node, none } = counts
  if (goose > 0 && goose >= dbmate + node + none) return projectOf('goose', root, names, false)
  if (dbmate > 0 && dbmate >= goose + node + none) return projectOf('dbmate', root, names, false)
  if (node > 0 && node >= goose + dbmate + none) return projectOf('node-pg-migrate', root, names, false)
  // That a schema.sql stands nearby says little against files without dbmate's markers.
  const id = BY_SURROUNDINGS.has(framework) ? framework : 'sql'
  return projectOf(id, root, names, false)
}
