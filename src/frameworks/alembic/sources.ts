import type { Project } from '../../model/migration.js'
import { join } from '../folders.js'
import type { FileIndex } from '../framework.js'
import { configFiles } from './configuration.js'
import { environmentOf } from './environment.js'
import { locationsOf, settled, versionFiles } from './detect.js'

/** The revisions, what configures and surrounds them, and the modules in which the metadata is made. */
export function alembicSources(detected: Project, index: FileIndex): readonly string[] {
  const project = settled(detected, index)
  const here = new Set(index.paths)
  const beside = surroundings(project).filter((path) => here.has(path))
  return [...versionFiles(project, index), ...configFiles(index), ...beside, ...environmentOf(project, index).modules]
}

/** Files of a project that Alembic runs or reads besides the revisions, whether they are there or not. */
export function surroundings(project: Project): readonly string[] {
  const { root, config } = project
  const packages = [root, ...locationsOf(project).folders].map((folder) => join(folder, '__init__.py'))
  const configuration = config['file'] === undefined ? [] : [config['file']]
  return [...configuration, join(root, 'env.py'), join(root, 'script.py.mako'), ...packages]
}
