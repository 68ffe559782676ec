import type { Between, Rehearsal, RowCount } from '../model/evidence.js'
import { diagnosisLines } from './diagnosis.js'
import { count } from './wording.js'

/** What became of rows on the way up and down, beside what was lost: what down restored, and rows written in between. */
export function rowLines({ changed, between }: Pick<Rehearsal, 'changed' | 'between'>): readonly string[] {
  return [
    ...(changed.length === 0 ? [] : [`up changed and down restored ${listed(changed)}`]),
    ...(between === null ? [] : betweenLines(between)),
  ]
}

function betweenLines({ rows, outcome, reason, failure, lost, gone }: Between): readonly string[] {
  const written = `${count(rows, 'row')} written between up and down`
  const went = gone.length === 0 ? [] : [`with what up had added went ${listed(gone)} written between up and down`]
  switch (outcome) {
    case 'kept':
      return went
    case 'lost':
      return [`of ${written}, down and up again lost ${listed(lost)}`, ...went]
    case 'down-fails':
      return [`with ${written}, down fails: ${reason ?? ''}`, ...diagnosisLines(failure?.diagnosis ?? null)]
    case 'reapply-fails':
      return [`with ${written}, up fails after down: ${reason ?? ''}`, ...diagnosisLines(failure?.diagnosis ?? null)]
    case 'not-run':
      return [`what becomes of rows written between up and down was not seen: ${reason ?? ''}`]
  }
}

function listed(counts: readonly RowCount[]): string {
  return counts
    .map(({ table, column, rows }) =>
      column === null ? `${count(rows, 'row')} of ${table}` : `${count(rows, 'value')} of ${table}.${column}`,
    )
    .join(', ')
}
