// What `npm run bench:rehearsal` rehearses: a made-up history and the migration after it, as a plan and as bare statements.
import { sourceText } from '../dist/source/source-text.js'
import { readScript } from '../dist/sql/script.js'
import { history } from './generate-history.mjs'

/** A plan that replays `count` migrations and rehearses the next. */
export function planOf(count) {
  const files = [...history(count + 1)]
  return Array.from({ length: count + 1 }, (_, index) => {
    const [[path, up], [downPath, down]] = files.slice(index * 2, index * 2 + 2)
    const isNew = index === count
    return {
      revision: { id: String(index + 1), parents: [], path, downPath, title: path, repeatable: false },
      role: isNew ? 'rehearse' : 'replay',
      up: scriptOf(path, up),
      down: isNew ? scriptOf(downPath, down) : { kind: 'absent' },
      bookkeeping: [],
    }
  })
}

/** The statements of a plan in the transactions that a tool would open: the history, then up, down and up again. */
export function sentOf(plan) {
  const last = plan.at(-1)
  return [...plan.map(({ up }) => up), last.down, last.up].flatMap(({ transaction, statements }) => {
    const texts = statements.map(({ sql }) => sql)
    return transaction === 'one' ? ['BEGIN', ...texts, 'COMMIT'] : texts
  })
}

function scriptOf(path, text) {
  const transaction = /CONCURRENTLY/.test(text) ? 'none' : 'one'
  return readScript(sourceText(path, text), { postgres: 18, thorough: false }, { transaction })
}
