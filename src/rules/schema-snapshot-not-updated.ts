import { startOf } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'schema-snapshot-not-updated',
    code: 'A19',
    family: 'history',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'Migrations are added, but the dump of the schema beside them stays as it was',
    why:
      'A fresh environment loads the dump and takes the versions in it for applied; production runs the migrations. With a dump that ' +
      'does not know the newest one, tests and generated code see a schema that production no longer has. It is said where the ' +
      'base branch keeps the dump complete, and the head leaves a version out.',
    instead:
      'Let the tool apply the migration to a local database and write the dump, and commit it in the same pull request.',
    messages: {
      stale:
        '{{dump}} does not know version {{version}}, although it knew all before: {{tool}} was not run, or its dump not committed',
    },
  },
  check: {
    history({ base, head }, { conventions: { tool } }) {
      const { dump, dumpLacks: version } = head.project.config
      const before = base.project.config
      if (dump === undefined || version === undefined) return
      if (before['dump'] !== dump || before['dumpLacks'] !== undefined || base.revisions.length === 0) return
      const added = head.revisions.find(({ id }) => id === version)
      const related = added === undefined ? [] : [startOf(added.path)]
      return { message: 'stale', at: startOf(dump), related, data: { dump, version, tool } }
    },
  },
})
