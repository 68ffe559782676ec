import type { Project } from '../../model/migration.js'
import type { FileIndex } from '../framework.js'
import { configFiles } from './configuration.js'
import { settled, versionFiles } from './detect.js'
import { environmentOf } from './environment.js'
import { importedPaths } from './imports.js'
import { surroundingPaths } from './surroundings.js'

/** The revisions, the modules that they import, what configures and surrounds them, and the modules in which the metadata is made. */
export function alembicSources(detected: Project, index: FileIndex): readonly string[] {
  const project = settled(detected, index)
  const here = new Set(index.paths)
  const beside = surroundingPaths(project).filter((path) => here.has(path))
  const revisions = versionFiles(project, index)
  const { modules } = environmentOf(project, index)
  return [...revisions, ...configFiles(index), ...beside, ...modules, ...importedPaths(revisions, index)]
}
