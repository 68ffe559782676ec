import type { Between, DataDependent, Rehearsal, RowCount, Violation } from '../model/evidence.js'
import type { Finding } from '../model/finding.js'
import type { Note } from '../model/note.js'
import { startOf } from '../source/span.js'

/** What depends on the rows that production has, and how to look at them, where no finding says so. */
export function rowNotes(
  { revision, dataDependent, violations, between, unreadFunctions }: Rehearsal,
  findings: readonly Finding[],
): readonly Note[] {
  const open = violations.filter(({ since }) => since === 'up')
  const at = startOf(revision.path)
  const found = findings.some(
    ({ rule, migration, at: { path } }) =>
      rule === 'seeded-run-fails' && migration === revision.id && path === revision.path,
  )
  return [
    ...(dataDependent === null || found
      ? []
      : [{ message: depends(dataDependent), at: dataDependent.at, bearing: 'informs' as const }]),
    ...(between === null || between.outcome === 'kept'
      ? []
      : [{ message: meanwhile(between), at: between.failure?.at ?? at, bearing: 'informs' as const }]),
    ...(unreadFunctions.length === 0 ? [] : [{ message: unlooked(unreadFunctions), at, bearing: 'informs' as const }]),
    ...open.map((violation): Note => ({
      message: `${breaks(violation)}; the rows were generated`,
      at,
      bearing: 'informs',
    })),
  ]
}

/** Functions of which nobody knows whether they still fit. */
function unlooked(functions: readonly string[]): string {
  const named = functions.slice(0, 3).join(', ')
  const more = functions.length > 3 ? ` and ${functions.length - 3} more` : ''
  return `whether PL/pgSQL still fits the schema was not seen for ${named}${more}`
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

/** What becomes of rows that are written between up and down, and is not as one would wish. */
export function meanwhile({ outcome, reason, failure, lost, gone }: Between): string {
  const why = failure?.diagnosis?.cause ?? reason ?? ''
  const query = failure?.diagnosis?.query ?? null
  const look = query === null ? '' : `; before a rollback look: ${query}`
  switch (outcome) {
    case 'down-fails':
      return `down may fail once rows are written after up (${why})${look}; the rows were generated`
    case 'reapply-fails':
      return `up may fail when it is applied again after rows were written and down ran (${why})${look}; the rows were generated`
    case 'lost':
      return `a rollback takes along rows or values written after up: ${lost.map(share).join(', ')}; the rows were generated`
    case 'not-run':
      return `what becomes of rows written between up and down was not seen: ${why}`
    case 'kept':
      return `rows written between up and down are kept${gone.length === 0 ? '' : ', save in what up had added'}`
  }
}

function share({ table, column, rows }: RowCount): string {
  return `${rows} of ${table}${column === null ? '' : `.${column}`}`
}
