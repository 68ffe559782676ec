import { historiesIn } from '../histories.mjs'

/**
 * The Alembic histories of a tree as we read them: `{ root, project, revisions }` with the scripts of each revision. With labels,
 * only those histories that hold a labelled revision.
 */
export async function historiesOf(tree, labels, postgres) {
  const histories = await historiesIn(tree, postgres)
  return histories.flatMap(({ project, revisions, migration }) => {
    const isAsked = labels === null || revisions.some(({ path }) => labels.has(path))
    if (project.framework !== 'alembic' || !isAsked || revisions.length === 0) return []
    return [{ root: project.root, project, revisions: revisions.map((revision) => migration(revision)) }]
  })
}
