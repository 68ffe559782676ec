import type { NativeProof } from '../model/evidence.js'
import { count, NATIVE, REHEARSALS } from './wording.js'

/** Differences beyond these are counted; JSON has all of them. */
const MOST_LINES = 5
/** What a tool prints last is where it says what went wrong; JSON has all of it. */
const MOST_OUTPUT = 3

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
  // The first difference is a line of its own.
  const said = reason === null || (verdict === 'differs' && lines.length > 0) ? '' : `: ${reason}`
  const printed = output.split('\n').filter((line) => line.trim() !== '')
  return [
    `${tool}: ${NATIVE[verdict]}${ended}${said}`,
    ...(contained ? [] : [`${tool} could not be cut off from the network on this machine`]),
    ...lines.slice(0, MOST_LINES).map((line) => `${tool}, ${line}`),
    ...(lines.length > MOST_LINES ? [`${tool}: and ${count(lines.length - MOST_LINES, 'more difference')}`] : []),
    ...printed.slice(-MOST_OUTPUT).map((line) => `${tool} printed: ${line}`),
  ]
}
