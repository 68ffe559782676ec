import { claims } from '../model/clash.js'
import { idAt } from '../model/lineage.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'duplicate-migration-version',
    code: 'A8',
    family: 'history',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'Two migrations claim the same version',
    why:
      'Most runners refuse the whole folder before they run anything, so every deployment stops; the others run one of the two and ' +
      'take the other for done. It happens when two pull requests take the next number at the same time: the file names differ, so ' +
      'Git sees no conflict. A clash that is already on the base branch is not held against this pull request.',
    instead: 'Give the migration that is not on the base branch yet the next free version.',
    messages: {
      clash: 'Version {{id}} of {{path}} is already taken by {{other}}: {{reaction}}',
    },
  },
  check: {
    history(changes, { conventions }) {
      const before = claims(changes.base)
      return [...claims(changes.head)].flatMap(([id, claimants]) => {
        if (claimants.length < 2 || claimants.length <= (before.get(id)?.length ?? 0)) return []
        const old = new Set(before.get(id)?.map(({ path }) => path))
        // Where one file holds several, the file does not tell the newcomer: it is one that comes later.
        const elsewhere = claimants.filter(({ path }) => !old.has(path))
        const newcomers = elsewhere.length > 0 ? elsewhere : claimants.slice(before.get(id)?.length ?? 0)
        return newcomers.slice(newcomers.length === claimants.length ? 1 : 0).map((newcomer) => {
          const other = claimants.find((each) => each !== newcomer) ?? newcomer
          return {
            message: 'clash' as const,
            at: idAt(newcomer),
            related: [idAt(other)],
            data: { id, path: newcomer.path, other: other.path, reaction: conventions.reactions.duplicate },
          }
        })
      })
    },
  },
})
