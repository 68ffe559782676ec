import { differing } from '../alembic/attribute.mjs'

/**
 * How a history came out. `left out`: the same, although our replay could not run some statements that the tool ran. `both stop`:
 * over the same statement, and the same until there.
 */
export function verdictOf({ failed, stopped, fails, differences = [], rows = [], downs = [] }) {
  const isSame = differences.length + rows.length === 0 && downs.every(({ verdict }) => verdict !== 'wrong')
  if (failed !== undefined || !isSame || (stopped !== null && !fails?.isSame)) return 'different'
  if (stopped !== null) return 'both stop'
  return fails === null ? 'equal' : 'left out'
}

/** Both undo it and come to the same, or neither can: where it has no down, a tool may say so or do nothing. */
export function downVerdict({ revision, down }, its, mine) {
  const { id } = revision
  if (mine === undefined) return { id, verdict: 'not compared' }
  const isNone = down.kind === 'absent' || down.kind === 'irreversible'
  const said = { its: its.done ? null : lastWords(its.said), ours: isNone ? 'there is no down' : mine.said }
  const differences = differing(mine.schema, its.schema)
  if (differences.length > 0 || (its.done !== mine.done && !isNone))
    return { id, verdict: 'wrong', ...said, differences }
  return { id, verdict: its.done && !isNone ? 'equal' : 'neither can', ...said }
}

/** Whether a tool stops over the same, whatever quotes it puts around PostgreSQL's words. */
export function isSaid(said, reason) {
  const [text, part] = [said, reason].map((each) => each.replace(/["'\\\s]+/g, ' '))
  return text.includes(part)
}

/** The end of what a tool said, on one line. */
export function lastWords(said) {
  return said.trim().split('\n').slice(-12).join(' | ').slice(-800)
}
