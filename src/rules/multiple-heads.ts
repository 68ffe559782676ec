import { labelsOf, lineOf, parentsAt } from '../model/lineage.js'
import type { History } from '../model/migration.js'
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
      'against this pull request, as long as it does not add to them. Neither is a branch with a label of its own, where there were ' +
      'several before: then whoever deploys already names them all.',
    instead:
      'Rebase the new revision onto the other head, or add a revision that merges the heads. Where a branch of its own is meant, ' +
      'let every deployment apply all heads.',
    messages: {
      heads:
        'Revision {{id}} adds a head beside {{others}}: {{tool}} has {{count}} heads to choose from and applies nothing',
      branch:
        'Revision {{id}} begins the branch {{label}} beside {{others}}: from here on {{tool}} has {{count}} heads, and applies nothing ' +
        'when it is asked for the one head and not for all',
    },
  },
  check: {
    history({ base, head, changes }, { conventions }) {
      const heads = rootedHeads(head)
      if (heads.length <= Math.max(1, rootedHeads(base).length)) return
      const fresh = heads.filter((id) => !base.heads.includes(id))
      const apart = new Map(fresh.map((id) => [id, labelOf(head, id, heads)]))
      const stray = fresh.filter((id) => apart.get(id) === undefined)
      if (stray.length === 0 && rootedHeads(base).length > 1) return
      const touched = new Set(changes.flatMap((change) => (change.kind === 'removed' ? [] : [change.head.id])))
      const candidates = stray.length > 0 ? stray : fresh
      const id = candidates.findLast((candidate) => touched.has(candidate)) ?? candidates.at(-1)
      const revision = head.revisions.find((candidate) => candidate.id === id)
      if (revision === undefined) return
      const others = heads.filter((other) => other !== id)
      const data = { id: revision.id, others: others.join(', '), count: heads.length, tool: conventions.tool }
      const related = head.revisions.filter((other) => others.includes(other.id)).map(parentsAt)
      const at = parentsAt(revision)
      const label = apart.get(revision.id)
      return label === undefined
        ? { message: 'heads', at, related, data }
        : { message: 'branch', at, related, data: { ...data, label }, weight: 'warning' }
    },
  },
})

/** Heads whose line goes back to a first revision: where a parent is missing, the rule about that speaks. */
function rootedHeads(history: History): readonly string[] {
  const known = new Set(history.revisions.map(({ id }) => id))
  return history.heads.filter((head) => [...lineOf(history, head)].every((id) => known.has(id)))
}

/** A label that sets a head apart: no other head lies on a branch of that name. */
function labelOf(history: History, id: string, heads: readonly string[]): string | undefined {
  const taken = new Set(heads.flatMap((other) => (other === id ? [] : [...labelsOf(history, other)])))
  return [...labelsOf(history, id)].find((label) => !taken.has(label))
}
