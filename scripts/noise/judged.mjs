import { lint } from '../../dist/lint/lint.js'
import { pathsOf } from '../../dist/model/migration.js'
import { rules } from '../../dist/rules/index.js'
import { historiesIn } from '../histories.mjs'

/** Rules on the history ask what a pull request does to it, which a merged history no longer tells. */
const asked = rules.filter(({ check }) => check.history === undefined)

/**
 * Judges each revision of a tree as the one new migration of a pull request, with those before it applied. Returns
 * `{ path, read, findings }` for each; `read` is whether all of up and down was understood. `entering` is told each path.
 */
export async function judged(tree, settings, today, entering = () => {}) {
  const all = []
  for (const { project, files, revisions, migration } of await historiesIn(tree, settings.postgres)) {
    const applied = revisions.map((revision) => ({ role: 'applied', migration: migration(revision) }))
    const history = (until) => ({ project, revisions: revisions.slice(0, until), heads: [], notes: [] })
    for (const [index, revision] of revisions.entries()) {
      entering(revision.path)
      const mine = migration(revision)
      const changes = {
        project,
        base: history(index),
        head: history(index + 1),
        changes: [{ kind: 'added', head: revision }],
        drifts: [],
      }
      const { findings } = lint({
        projects: [{ changes, edits: [], sequence: [...applied.slice(0, index), { role: 'added', migration: mine }] }],
        rules: asked,
        settings,
        mode: 'pull',
        today,
        changedPaths: pathsOf(revision),
        changed: new Map(pathsOf(revision).map((path) => [path, [{ start: 1, length: 1_000_000 }]])),
        excerpt: ({ path, start }) => files.read(path)?.line(start.line) ?? '',
      })
      all.push({
        path: revision.path,
        read: isRead(mine),
        findings: findings.filter(({ allowed }) => allowed === null),
      })
    }
  }
  return all
}

function isRead({ up, down }) {
  return [up, down].every(
    (script) =>
      script.kind !== 'refused' &&
      (script.kind !== 'script' || script.gaps.every(({ bearing }) => bearing === 'informs')),
  )
}
