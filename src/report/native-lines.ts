import type { NativeProof } from '../model/evidence.js'
import { NATIVE, REHEARSALS } from './wording.js'

/** What a tool prints last is where it says what went wrong; JSON has all of it. */
const MOST_OUTPUT = 6

/** The run of the team's own tool, a sentence each. */
export function nativeLines({
  tool,
  contained,
  verdict,
  outcome,
  reason,
  lines,
  output,
}: NativeProof): readonly string[] {
  const ended = outcome === 'not-run' ? '' : `, ${REHEARSALS[outcome]}`
  const printed = output.split('\n').filter((line) => line.trim() !== '')
  return [
    `${tool}: ${NATIVE[verdict]}${ended}${reason === null || lines.length > 0 ? '' : `: ${reason}`}`,
    ...lines.map((line) => `${tool}, ${line}`),
    ...printed.slice(-MOST_OUTPUT).map((line) => `${tool} printed: ${line}`),
    ...(contained || verdict === 'not-run' ? [] : [`${tool} could not be cut off from the network on this machine`]),
  ]
}
