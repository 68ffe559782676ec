import type { Diagnosis, SeenRow } from '../model/evidence.js'

/** What is known of a failure beyond PostgreSQL's words, a line a thing; each text is as untrusted as where it came from. */
export function diagnosisLines(diagnosis: Diagnosis | null): readonly string[] {
  if (diagnosis === null) return []
  const { cause, remedy, query, nearest, dependents } = diagnosis
  const [rows, cleanup] = [seenRows(diagnosis), clearing(diagnosis)]
  return [
    `why: ${cause}`,
    ...(remedy === null ? [] : [`instead: ${remedy}`]),
    ...(rows === null ? [] : [`rows of the rehearsal: ${rows}`]),
    ...(query === null ? [] : [`to find such: ${query}`]),
    ...(cleanup === null ? [] : [cleanup]),
    ...(nearest.length === 0 ? [] : [`near: ${nearest.join(', ')}`]),
    ...dependents,
  ]
}

/** The rows on which up fails, and what would clear them; why it fails and how to find such is said in a note. */
export function dependenceLines(diagnosis: Diagnosis | null): readonly string[] {
  if (diagnosis === null) return []
  const [rows, cleanup] = [seenRows(diagnosis), clearing(diagnosis)]
  return [
    ...(rows === null ? [] : [`rows of the rehearsal on which up fails: ${rows}`]),
    ...(cleanup === null ? [] : [cleanup]),
  ]
}

function seenRows({ rows, total }: Diagnosis): string | null {
  if (rows.length === 0) return null
  const more = (total ?? 0) - rows.length
  return [...rows.map(rowText), ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}

function rowText(row: SeenRow): string {
  return row.map(({ column, value }) => `${column} ${value === null ? 'NULL' : `'${value}'`}`).join(', ')
}

function clearing({ cleanup }: Diagnosis): string | null {
  return cleanup === null ? null : `to clear them, as a proposal: ${cleanup}`
}
