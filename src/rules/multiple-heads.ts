import type { History } from '../model/migration.js'
import { startOf } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'multiple-heads',
    code: 'A11',
    family: 'history',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'The history gets more than one head',
    why:
      'The runner looks for its one target before it applies anything. With two heads it finds none and stops: no revision runs, old ' +
      'or new. It happens when two branches add a revision after the same parent. Heads that the base branch already has are not held ' +
      'against this pull request, as long as it does not add to them.',
    instead: 'Rebase the new revision onto the other head, or add a revision that merges the heads.',
    messages: {
      heads:
        'Revision {{id}} adds a head beside {{others}}: {{tool}} has {{count}} heads to choose from and applies nothing',
    },
  },
  check: {
    history({ base, head, changes }, { conventions }) {
      const heads = rootedHeads(head)
      if (heads.length <= Math.max(1, rootedHeads(base).length)) return
      const fresh = heads.filter((id) => !base.heads.includes(id))
      const touched = new Set(changes.flatMap((change) => (change.kind === 'removed' ? [] : [change.head.id])))
      const id = fresh.findLast((candidate) => touched.has(candidate)) ?? fresh.at(-1)
      const revision = head.revisions.find((candidate) => candidate.id === id)
      if (revision === undefined) return
      const others = heads.filter((other) => other !== id)
      return {
        message: 'heads',
        at: startOf(revision.path),
        related: head.revisions.filter((other) => others.includes(other.id)).map(({ path }) => startOf(path)),
        data: { id: revision.id, others: others.join(', '), count: heads.length, tool: conventions.tool },
      }
    },
  },
})

/** Heads whose line goes back to a first revision: where a parent is missing, the rule about that speaks. */
function rootedHeads({ heads, revisions }: History): readonly string[] {
  const parentsOf = new Map(revisions.map(({ id, parents }) => [id, parents]))
  return heads.filter((head) => {
    const line = new Set([head])
    // A set hands out what is added to it while it is being walked.
    for (const id of line) for (const parent of parentsOf.get(id) ?? []) line.add(parent)
    return [...line].every((id) => parentsOf.has(id))
  })
}
