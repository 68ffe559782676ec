import { firstChangeIn } from '../model/migration.js'
import { listed } from '../model/listing.js'
import { startOf } from '../source/span.js'
import { rule } from './rule.js'

/** These say of a down as a whole that it does nothing. */
const SAY_ALL: ReadonlySet<string> = new Set(['empty-down', 'missing-down'])
/** These name what they see in the text. */
const NAME_SOME: ReadonlySet<string> = new Set(['down-does-not-cover-up', 'down-touches-unrelated'])

export default rule({
  meta: {
    id: 'up-down-leaves-trace',
    code: 'E8',
    family: 'rollback',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    proven: true,
    summary: 'After up and down the schema was not what it was before',
    why:
      'The rehearsal reads the whole schema before up and after down and compares: tables, columns, types, defaults, indexes, ' +
      'constraints, enums, functions, triggers, views, policies, sequences, grants, comments. What is left over fails the next up ' +
      'on what exists already, and what is missing fails whatever used it.',
    instead: 'Undo every change of up in down, in the reverse order, what functions and blocks did included.',
    messages: { remains: 'After down the schema is not what it was before up: {{residue}}' },
  },
  check: {
    evidence({ verdict, residue }, { migration, findings }) {
      if (verdict !== 'leaves-residue' || findings.some(({ rule: id }) => SAY_ALL.has(id))) return
      const said = findings.filter(({ rule: id }) => NAME_SOME.has(id)).map(({ message }) => message)
      const rest = residue.filter((line) => !said.some((message) => speaksOf(message, line)))
      if (rest.length === 0) return
      const { revision, down } = migration
      const at = firstChangeIn(down.script, startOf(revision.downPath ?? revision.path))
      return { message: 'remains', at, data: { residue: listed(rest) } }
    },
  },
})

/** Whether a message names the object of a line; one that does not name all may mean it. */
function speaksOf(message: string, line: string): boolean {
  if (/; and \d+ more$/.test(message)) return true
  const name = /^(.*?) (?:remains|is missing|differs|remain)\b/.exec(line)?.[1]?.split(' ').at(-1)
  if (name === undefined) return false
  const bare = name.replace(/^public\./, '')
  return message.split(/[\s;]+/).includes(bare)
}
