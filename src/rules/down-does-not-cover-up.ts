import { listed } from '../model/listing.js'
import { canChange, isPlain, operationsOf } from '../model/migration.js'
import { lostByDown } from './down-touches-unrelated.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'down-does-not-cover-up',
    code: 'E4',
    family: 'rollback',
    weight: 'error',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    summary: 'Part of what up changes is still there after down',
    why:
      'A rollback that runs without an error and leaves half of the change behind is noticed when the migration is applied again ' +
      'and fails on what exists. The usual leftovers are enum types, columns of a second table, defaults and indexes. It is ' +
      'computed from the statements of both scripts; what down drops although up did not create it is another rule’s matter, and where one of them runs text that cannot be read, only a rehearsal can tell.',
    instead:
      'Undo every change of up in down, in the reverse order. The enum types that were created for the columns of a table stay when ' +
      'the table is dropped: drop them as well.',
    messages: {
      remains: 'After the down script of {{path}} the schema is not what it was before up: {{residue}}',
    },
  },
  check: {
    migration(migration, { residue, undoing, afterDown }) {
      const { revision, up, down } = migration
      if (residue.length === 0 || afterDown === null || !isPlain(up) || !isPlain(down)) return
      const lost = lostByDown(residue, undoing, migration).map(({ line }) => line)
      const left = residue.filter((line) => !lost.includes(line))
      if (left.length === 0) return
      const first = operationsOf(down).find(canChange)
      if (first === undefined) return
      return { message: 'remains', at: first.span, data: { path: revision.path, residue: listed(left) } }
    },
  },
})
