import { lineOf, linksOf } from '../model/lineage.js'
import type { History, Link, Revision } from '../model/migration.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'broken-parent-link',
    code: 'A12',
    family: 'history',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A revision names a parent that does not exist, or that comes after it',
    why:
      'The runner builds the whole graph before it applies anything, and a parent that is nowhere to be found, or a revision that ' +
      'comes before itself, stops it: neither an existing nor a fresh database can migrate. Circles that the runner does not see ' +
      'are worse: Alembic then hangs, or applies a revision before what it needs. Links that are already broken on the ' +
      'base branch are left out, and so is the child of a revision that this pull request deletes: there the deletion is what has ' +
      'to be undone.',
    instead: 'Point the revision at the head of the base branch, or add the missing parent to this pull request.',
    messages: {
      missing:
        'Revision {{id}} names parent {{name}}, which is in no file: {{tool}} cannot build the graph and applies nothing',
      short:
        'Revision {{id}} names parent {{name}}, which is only {{what}}: a file has to name the whole id {{meant}}, or {{tool}} stops',
      dependency:
        'Revision {{id}} depends on {{name}}, which is in no file: {{tool}} cannot build the graph and applies nothing',
      circle:
        'Revision {{id}} comes after {{name}}, which comes after it: there is no order in which {{tool}} can apply them',
      itself: 'Revision {{id}} comes after itself: {{tool}} cannot put the history in order and applies nothing',
    },
  },
  check: {
    history({ base, head }, { conventions: { tool } }) {
      const known = new Set(
        base.revisions.flatMap((revision) => linksOf(revision).map((link) => keyOf(revision, link))),
      )
      return head.revisions.flatMap((revision) =>
        linksOf(revision).flatMap((link) => {
          const message = known.has(keyOf(revision, link)) ? null : faultOf(head, revision, link)
          if (message === null) return []
          const data = { id: revision.id, name: link.name, tool, ...(message === 'short' ? meant(head, link) : {}) }
          return [{ message, at: link.at, data }]
        }),
      )
    },
  },
})

function keyOf({ id }: Revision, { kind, name }: Link): string {
  return `${id} ${kind} ${name}`
}

function faultOf(head: History, { id }: Revision, link: Link) {
  const target = link.id ?? link.name
  if (!head.revisions.some((other) => other.id === target)) {
    if (link.kind === 'depends') return 'dependency'
    return meant(head, link) === undefined ? 'missing' : 'short'
  }
  if (target === id) return 'itself'
  return lineOf(head, target, ['follows', 'depends']).has(id) ? 'circle' : null
}

/** What a name that is no id may stand for on the command line: the beginning of an id, or the label of a branch. */
function meant({ revisions }: History, { name, kind }: Link) {
  if (kind === 'depends') return undefined
  const labelled = revisions.find(({ told }) => told?.labels.includes(name.split('@')[0] ?? name))
  if (labelled !== undefined) return { what: 'the label of a branch', meant: labelled.id }
  const [only, another] = name.length < 4 ? [] : revisions.filter(({ id }) => id.startsWith(name))
  return only !== undefined && another === undefined ? { what: 'the beginning of an id', meant: only.id } : undefined
}
