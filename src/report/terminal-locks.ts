import { bullet, type Pen, rest } from './terminal-lines.js'
import { table } from './terminal-table.js'
import type { LockView, ReviewView } from './view.js'
import { fit, fitPath, widthOf } from './width.js'

/** Beyond so many a list is cut and the rest counted; other formats have all of it. */
const MOST = 50

/** The locks, below the statements that take them: what was foreseen beside what was seen. */
export function locks({ locks }: ReviewView, { paint, width }: Pen): readonly string[] {
  if (locks.length === 0) return []
  const shown = locks.slice(0, MOST)
  const [head = '', ...rows] = table(
    ['table', 'predicted', 'observed', 'blocks', 'rewrite'],
    shown.map((lock) => [
      `  ${lock.table}`,
      dash(lock.predicted),
      observed(lock),
      dash(lock.blocks),
      lock.rewrite ? 'yes' : 'no',
    ]),
    [0],
    { paint, width },
  )
  // Where the columns do not fit, each lock is a sentence.
  const fits = rows.length === shown.length
  return [
    paint.bold('Locks'),
    ...(fits ? [head] : []),
    ...shown.flatMap((lock, at) => [
      ...(isNew(lock, shown[at - 1]) ? [statement(lock, width)] : []),
      ...(fits ? rows.slice(at, at + 1) : bullet(sentence(lock), width, '    ')),
    ]),
    ...rest(locks.length, MOST, 'lock', paint),
    ...(shown.some(({ differs }) => differs) ? bullet(DIFFERS, width, '  ≠ ') : []),
  ]
}

const DIFFERS = 'another lock was seen than was predicted: believe what was seen, and report the difference'

function isNew(lock: LockView, before: LockView | undefined): boolean {
  return lock.where !== before?.where || lock.statement !== before.statement
}

function statement({ where, statement }: LockView, width: number): string {
  const place = fitPath(where, Math.floor(width / 2) - 4)
  return `  ${place}  ${fit(statement, width - widthOf(place) - 4)}`
}

function observed({ predicted, observed, differs }: LockView): string {
  if (observed === '') return 'not seen'
  if (observed === predicted) return 'the same'
  return differs ? `≠ ${observed}` : observed
}

function sentence(lock: LockView): string {
  const predicted = lock.predicted === '' ? 'nothing predicted' : `${lock.predicted} predicted`
  const seen = observed(lock)
  const blocks = lock.blocks === '' ? 'blocks nobody' : `blocks ${lock.blocks}`
  return `${lock.table}: ${predicted}, ${seen === 'not seen' ? seen : `${seen} observed`}; ${blocks}; ${lock.rewrite ? 'rewrites the table' : 'no rewrite'}`
}

function dash(text: string): string {
  return text === '' ? '–' : text
}
