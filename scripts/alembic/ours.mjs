import { detectProjects, frameworkOf } from '../../dist/frameworks/index.js'

/**
 * The Alembic histories of a tree as we read them: `{ root, revisions }` with the scripts of each revision. With labels, only
 * those histories that hold a labelled revision.
 */
export async function historiesOf(tree, labels, postgres) {
  const histories = []
  for (const detected of detectProjects(tree)) {
    const framework = frameworkOf(detected)
    if (framework.id !== 'alembic') continue
    const sources = framework.sources(detected, tree)
    if (labels !== null && !sources.some((path) => labels.has(path))) continue
    const files = await tree.load(sources)
    const { project, revisions } = framework.history(detected, files)
    const reading = { postgres, thorough: true }
    const read = revisions.map((revision) => framework.migration(project, revision, files, reading))
    if (read.length > 0) histories.push({ root: project.root, project, revisions: read })
  }
  return histories
}
