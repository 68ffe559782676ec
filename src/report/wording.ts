import type { Confidence, Severity } from '../model/finding.js'
import type { Gate, Verdict } from '../model/review.js'
import type { NativeProof, RehearsalVerdict } from '../model/evidence.js'

/** A count with its noun: `1 finding`, `2 findings`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? noun : plural(noun)}`
}

function plural(noun: string): string {
  if (noun.endsWith('sh')) return `${noun}es`
  return noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`
}

/** The verdict as a title. */
export const VERDICTS: Readonly<Record<Verdict, string>> = {
  pass: 'Pass',
  approval: 'Needs approval',
  block: 'Blocked',
}

/** Marks for Markdown; a terminal has its own. */
export const VERDICT_MARKS: Readonly<Record<Verdict, string>> = { pass: '✅', approval: '✋', block: '❌' }
export const SEVERITY_MARKS: Readonly<Record<Severity, string>> = {
  error: '❌',
  approval: '✋',
  warning: '⚠️',
  notice: 'ℹ️',
}
export const GATE_MARKS: Readonly<Record<Gate['status'], string>> = {
  pass: '✅',
  fail: '❌',
  'needs-approval': '✋',
  inconclusive: '❔',
  'not-applicable': '➖',
}

/** A gate's status as a person says it. */
export const GATE_STATUSES: Readonly<Record<Gate['status'], string>> = {
  pass: 'passes',
  fail: 'fails',
  'needs-approval': 'needs approval',
  inconclusive: 'could not be decided',
  'not-applicable': 'does not apply',
}

/** How sure a finding is, where that needs saying. */
export const CONFIDENCES: Readonly<Record<Confidence, string>> = { certain: '', likely: 'likely', possible: 'possible' }

/** What a rehearsal showed, as a person says it. */
export const REHEARSALS: Readonly<Record<RehearsalVerdict, string>> = {
  reversible: 'reversible',
  'leaves-residue': 'leaves residue',
  'loses-data': 'loses data',
  'up-fails': 'up fails',
  'down-fails': 'down fails',
  'reapply-fails': 'second up fails',
  'no-down': 'no down',
  'not-run': 'not run',
}

/** What the run of the team's own tool showed, as a person says it. */
export const NATIVE: Readonly<Record<NativeProof['verdict'], string>> = {
  equal: 'the same schemas as in the rehearsal',
  differs: 'other schemas than in the rehearsal',
  alone: 'ran on its own, with no rehearsal to hold it against',
  failed: 'failed',
  'not-run': 'not run',
}
