import { share } from './compare.mjs'

const COLUMNS = ['repository', 'n', 'agree', '%', 'precision', 'recall', 'not run', 'not understood']

/** One line a repository, numbers to the right, the totals last. */
export function tableOf(rows) {
  const cells = [COLUMNS, ...rows.map(({ name, figures }) => cellsOf(name, figures))]
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((row) => row[column].length)))
  return cells.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '),
  )
}

function cellsOf(name, { compared, agreeing, brokenSeen, brokenMissed, cleanBlamed, notRun, notUnderstood }) {
  const disagreeing = compared - agreeing
  return [
    name,
    `${compared}`,
    `${agreeing}`,
    percent(share(agreeing, disagreeing)),
    percent(share(brokenSeen, cleanBlamed)),
    percent(share(brokenSeen, brokenMissed)),
    `${notRun}`,
    `${notUnderstood}`,
  ]
}

function percent(value) {
  return value === null ? '–' : (100 * value).toFixed(1)
}

/** Why revisions were not run or not understood, and each disagreement under its cause. */
export function detailsOf({ others, figures: { partial, reasons } }) {
  const counted = (title, found) =>
    found.length === 0 ? [] : [title, ...found.map(({ cause, cases }) => `  ${cases.length} × ${cause}`)]
  return [
    ...(others === 0 ? [] : [`${others} with a label of another kind, left out`]),
    ...(partial === 0 ? [] : [`${partial} passed on a history of which something could not run here`]),
    ...counted('not run:', reasons.notRun),
    ...counted('not understood:', reasons.notUnderstood),
    ...reasons.disagreement.flatMap(({ cause, cases }) => [`${cases.length} × ${cause}`, ...cases.flatMap(linesOf)]),
  ]
}

/** The most lines of residue that are shown of one disagreement. */
const MOST = 4

function linesOf({ path, rehearsal: { reason, residue }, detail: { cause, miss = [], extra = [] } }) {
  return [
    `  ${path}`,
    `    ours:  ${reason ?? 'up, down and up again leave no trace'}`,
    ...shortened(residue).map((line) => `           ${line}`),
    ...[cause, ...shortened(miss).map((line) => `missing ${line}`), ...shortened(extra).map((line) => `left ${line}`)]
      .filter((line) => line !== undefined)
      .map((line) => `    label: ${line}`),
  ]
}

function shortened(lines) {
  return lines.length <= MOST ? lines : [...lines.slice(0, MOST), `and ${lines.length - MOST} more`]
}
