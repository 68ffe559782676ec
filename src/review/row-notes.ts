import type { DataDependent, Rehearsal, Violation } from '../model/evidence.js'
import type { Note } from '../model/note.js'
import { startOf } from '../source/span.js'

/** What depends on the rows that production has, and how to look at them. */
export function rowNotes({ revision, dataDependent, violations }: Rehearsal): readonly Note[] {
  const open = violations.filter(({ since }) => since === 'up')

  const at = startOf(revision.path)
  return [
    ...(dataDependent === null
      ? []
      : [{ message: depends(dataDependent), at: dataDependent.at, bearing: 'informs' as const }]),
    ...open.map((violation): Note => ({
      message: `${breaks(violation)}; the rows were generated`,
      at,
      bearing: 'informs',
    })),
  ]
}

/** A failure that only some rows bring about. */
export function depends({ message, query }: DataDependent): string {
  const check = query === null ? 'look at the rows in production first' : `look in production first: ${query}`
  return `up fails on rows that production may have (${message}); ${check}`
}

/** Rows that break a rule. */
export function breaks({ table, rows, constraint, query }: Violation): string {
  const what = rows === 1 ? `1 row of ${table} breaks` : `${rows} rows of ${table} break`
  return `${what} ${constraint}; to find such: ${query}`
}
