import type picocolors from 'picocolors'
import type { Lookups } from './lookups.js'
import { wrap } from './width.js'
import { count } from './wording.js'

export type Paint = ReturnType<typeof picocolors.createColors>

/** How a section is written to a terminal. */
export interface Pen {
  readonly paint: Paint
  readonly width: number
  readonly lookups: Lookups
}

/** A text behind a dash, its further lines below the first. */
export function bullet(text: string, width: number, lead = '  - '): readonly string[] {
  const [first = '', ...rest] = wrap(text, width - lead.length)
  return [`${lead}${first}`, ...indented(rest, ' '.repeat(lead.length))]
}

/** Lines moved to the right. */
export function indented(lines: readonly string[], indent: string): readonly string[] {
  return lines.map((line) => `${indent}${line}`)
}

/** How many of a list are not shown, when some are not. */
export function rest(length: number, shown: number, noun: string, paint: Paint): readonly string[] {
  return length > shown ? [paint.dim(`  … and ${count(length - shown, `more ${noun}`)}`)] : []
}
