import { differences } from '../../dist/rehearsal/residue.js'

const ORDER = 'column order of '

/** How two readings of a schema differ, the order of columns included where the columns are the same. */
export function differing(mine, its) {
  const found = differences(mine, its)
  const orders = [...mine].flatMap(([key, before]) => {
    const after = its.get(key)
    if (!key.startsWith(ORDER) || after === undefined || before === after) return []
    const of = `column ${key.slice(ORDER.length).replace(/^\S+ /, '')}.`
    return found.some((each) => each.key.startsWith(of)) ? [] : [{ key, before, after }]
  })
  return [...found, ...orders]
}

/**
 * What one revision leads to, on what Alembic had left before it: null when nothing is to be said of it. `holes` are the
 * places where there was nothing to send, or what was sent failed.
 *
 * A gap explains a difference where ours left the object as it was, but for its name: what ours did otherwise than Alembic no
 * gap excuses. It explains a later statement that fails for what is not there, or still there, or by a check of its own. Rows
 * tell only that a revision without a gap is wrong.
 */
export function judged({ file, before, mine, its, rows, holes }) {
  const gaps = holes.filter(({ sql }) => sql === '')
  const isSaid = gaps.length > 0
  const first = Math.min(...gaps.map(({ line }) => line))
  const failed = holes
    .filter(({ sql }) => sql !== '')
    .map((hole) => ({ ...hole, isExplained: hole.line > first && (LACKS.test(hole.reason) || isOwnCheck(hole)) }))
  const left = leftIn(before, mine)
  const found = differing(mine, its).map((each) => ({ ...each, isExplained: isSaid && left(each.key) }))
  const wrongRows = isSaid ? [] : rows
  if (holes.length + found.length + wrongRows.length === 0) return null
  return { file, gaps, failed, differences: found, rows: wrongRows }
}

/** Something that is not there, or still there. */
const LACKS = /does not exist|already exists|violates foreign key constraint/

/** Whether the statement itself raises what it fails with, such as a block that looks whether what it needs is there. */
function isOwnCheck({ sql, reason }) {
  return sql.includes(`'${reason.replaceAll("'", "''")}'`)
}

/** Whether an object is as it was, or has no more than another name. */
function leftIn(before, mine) {
  const kindOf = (key) => key.slice(0, key.lastIndexOf(' '))
  const gone = new Set([...before].flatMap(([key, is]) => (mine.has(key) ? [] : [`${kindOf(key)} ${is}`])))
  return (key) => before.get(key) === mine.get(key) || (!before.has(key) && gone.has(`${kindOf(key)} ${mine.get(key)}`))
}

/** Whether a revision leads to something else than Alembic's, in a way that nothing said explains. */
export function isWrong({ failed, differences, rows }) {
  return rows.length > 0 || [...failed, ...differences].some(({ isExplained }) => !isExplained)
}

/**
 * Why the schemas differ in the end: `because` is `gap` where the object was left out by revisions that say so, with the last of
 * them; `follows` where every revision that touched it leads to the same alone, so that it came from what earlier ones with gaps
 * left out, with where it came up; and null where nothing explains it, which is also so after a revision that is wrong. `steps`
 * are in the order in which they were run, `since` says by object where a difference came up, and which step was the last then.
 */
export function attributed({ differences, steps, since }) {
  return differences.map((difference) => {
    const own = steps.filter(({ differences }) => differences.some(({ key }) => key === difference.key))
    const { file, failed, after } = since.get(difference.key) ?? { file: null, failed: [], after: 0 }
    const earlier = steps.slice(0, after)
    if ([...own, ...earlier].some(isWrong)) return { ...difference, because: null }
    const last = own.at(-1)
    if (last !== undefined)
      return { ...difference, because: { kind: 'gap', file: last.file, reasons: reasonsOf(last) } }
    if (file !== null && earlier.some(({ gaps }) => gaps.length > 0))
      return { ...difference, because: { kind: 'follows', file, failed } }
    return { ...difference, because: null }
  })
}

function reasonsOf({ gaps }) {
  return [...new Set(gaps.map(({ reason }) => reason))]
}
