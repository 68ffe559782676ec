import type { NativeProof, RehearsalVerdict } from '../model/evidence.js'
import type { SchemaDump } from '../sandbox/sandbox.js'
import { differences, residue, type Difference } from './residue.js'

/** The schema at the turning points of a rehearsal, as far as it got. */
export interface Dumps {
  readonly before?: SchemaDump
  readonly up?: SchemaDump
  readonly down?: SchemaDump
  readonly again?: SchemaDump
}

/** How the tool's own run ended: a command that failed, or was stopped, carries what it said. */
export type Ending =
  | { readonly outcome: RehearsalVerdict; readonly kind: 'done' }
  | {
      readonly outcome: RehearsalVerdict
      readonly kind: 'failed' | 'stopped'
      readonly reason: string
      readonly output: string
    }

const PHASES: readonly (readonly [keyof Dumps, string])[] = [
  ['before', 'before up'],
  ['up', 'after up'],
  ['down', 'after down'],
  ['again', 'after up again'],
]

/** What a tool's own run proves, held against the rehearsal of its statements. */
export function nativeProof(
  { name, contained }: { readonly name: string; readonly contained: boolean },
  rehearsed: RehearsalVerdict,
  { ours, theirs }: { readonly ours: Dumps; readonly theirs: Dumps },
  ending: Ending,
): NativeProof {
  const lines = apart(ours, theirs)
  const output = ending.kind === 'done' ? '' : ending.output
  const proof = (verdict: NativeProof['verdict'], outcome: RehearsalVerdict, reason: string | null): NativeProof => {
    return { tool: name, contained, verdict, outcome, reason, lines, output }
  }
  if (ending.kind === 'stopped') return proof('not-run', 'not-run', ending.reason)
  const { outcome } = ending
  if (ending.kind === 'failed') return proof('failed', outcome, ending.reason)
  const [first] = lines
  if (first !== undefined) {
    const more = lines.length > 1 ? ` (and ${lines.length - 1} more)` : ''
    return proof('differs', outcome, `${first}${more}`)
  }
  if (rehearsed === 'not-run') return proof('alone', outcome, remains(outcome, theirs))
  const expected = rehearsed === 'loses-data' ? 'reversible' : rehearsed
  if (expected === outcome) return proof('equal', outcome, remains(outcome, theirs))
  return proof(
    'differs',
    outcome,
    `the rehearsal ends with ${expected}, the tool's own run on empty tables with ${outcome}`,
  )
}

/** Where the schemas of the two runs differ; what differs already before is said once. */
function apart(ours: Dumps, theirs: Dumps): readonly string[] {
  const said = new Set<string>()
  return PHASES.flatMap(([phase, when]) => {
    const [mine, its] = [ours[phase], theirs[phase]]
    if (mine === undefined || its === undefined) return []
    const found = differences(mine, its).map(sentence)
    const fresh = found.filter((each) => !said.has(each))
    for (const each of found) said.add(each)
    return fresh.map((each) => `${when}: ${each}`)
  })
}

function sentence({ key, before, after }: Difference): string {
  if (before === undefined) return `${key} comes of the tool alone`
  if (after === undefined) return `${key} does not come of the tool`
  return `${key} differs${[before, after].some(isLong) ? '' : `: ${after} by the tool, ${before} by the rehearsal`}`
}

/** Too long to be quoted in full. */
function isLong(definition: string): boolean {
  return definition.length > 160 || /[\r\n]/.test(definition)
}

/** What the tool's own run left, in its own eyes. */
function remains(outcome: RehearsalVerdict, { before, up, down, again }: Dumps): string | null {
  const lines =
    outcome === 'leaves-residue' && before !== undefined && down !== undefined
      ? residue(before, down)
      : outcome === 'reapply-fails' && up !== undefined && again !== undefined
        ? residue(up, again)
        : []
  return lines.length === 0 ? null : lines.join('; ')
}
