import { isWrong } from './attribute.mjs'

const COLUMNS = ['repository', 'revisions', 'whole', '%', 'gaps', 'refused', 'wrong', 'not compared', '(of whole)']

/** One line a repository, numbers to the right, the totals last. */
export function tableOf(rows) {
  const cells = [COLUMNS, ...rows.map(({ name, figures }) => cellsOf(name, figures))]
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((row) => row[column].length)))
  return cells.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '),
  )
}

function cellsOf(name, { revisions, whole, gaps, refused, wrong, notCompared, wholeNotCompared }) {
  const percent = revisions === 0 ? '–' : ((100 * whole) / revisions).toFixed(1)
  return [name, revisions, whole, percent, gaps, refused, wrong, notCompared, wholeNotCompared].map(String)
}

/** The most causes that are shown under one heading, and the most of a statement. */
const MOST = { causes: 15, text: 300 }

/** Causes by frequency, each wrong one with an example of both texts. */
export function detailsOf({ facts, figures: { compared, statements, fails, causes } }) {
  const counted = (title, found) =>
    found.length === 0
      ? []
      : [title, ...shown(found).map(({ count, cause }) => `  ${count} × ${cause}`), ...more(found)]
  return [
    conventionOf(facts),
    `compared ${compared} directions, in which we send ${statements} statements`,
    ...counted('gaps (each):', causes.gaps),
    ...counted('refused (directions):', causes.refused),
    ...counted('not compared, since real Alembic could not be asked (directions):', causes.notCompared),
    ...(fails.length === 0 ? [] : ['understood whole, although Alembic fails at it:']),
    ...fails.map(({ path, name, reason }) => `  ${path} ${name}(): ${short(reason)}`),
    ...(causes.wrong.length === 0 ? [] : ['wrong (directions):']),
    ...causes.wrong.flatMap(({ cause, count, example }) => [`  ${count} × ${cause}`, ...exampleOf(cause, example)]),
  ]
}

function conventionOf({ alembic, sqlalchemy, convention, conventions }) {
  const names =
    convention !== null
      ? 'with the naming convention that the repository has'
      : conventions === 0
        ? 'without a naming convention'
        : `without a naming convention, since there are ${conventions} to choose from`
  return `asked Alembic ${alembic} with SQLAlchemy ${sqlalchemy}, ${names}`
}

function exampleOf(cause, { path, name, differences }) {
  const found = differences.find((each) => each.cause === cause)
  return [
    `    ${path} ${name}()`,
    ...(found === undefined ? [] : [`      ours: ${short(found.ours)}`, `      real: ${short(found.real)}`]),
  ]
}

function short(text) {
  return text === null ? 'nothing' : text.replace(/\s+/g, ' ').slice(0, MOST.text)
}

function shown(found) {
  return found.slice(0, MOST.causes)
}

function more(found) {
  return found.length > MOST.causes ? [`  and ${found.length - MOST.causes} other reasons`] : []
}

/** What became of one whole history on both sides. */
export function schemaLinesOf(name, { root, failed, ...seen }) {
  const title = `${name} (${root})`
  if (failed !== undefined) return [`${title}: not compared, ${failed}`]
  const { facts, reordered, revisions, applied, left, holes, objects, differences, alone } = seen
  const unordered = facts.unordered === null ? '' : `, in our order since ${facts.unordered}`
  return [
    applied === 0
      ? `${title}: not compared, Alembic could run none of ${revisions} revisions`
      : `${title}: ${verdictOf(differences)} of ${objects} objects, after ${applied} of ${revisions} revisions`,
    `  ${conventionOf(facts)}${unordered}${reordered ? ', in another order than ours' : ''}`,
    ...(applied === 0 ? [] : [`  ${stepsOf(alone, applied)}`]),
    ...(left.length === 0 ? [] : ['  left out on both sides, since Alembic could not run them:']),
    ...leftLinesOf(left),
    ...(holes.length === 0 ? [] : [`  ${holes.length} places in which we sent nothing, or what we sent failed:`]),
    ...counts(holes, ({ reason }) => short(withoutPlace(reason)))
      .slice(0, MOST.causes)
      .map(([cause, count]) => `    ${count} × ${cause}`),
    ...causesOf(differences),
    ...wrongLinesOf(alone.filter(isWrong)),
  ]
}

function verdictOf(differences) {
  if (differences.length === 0) return 'equal in all'
  const count = (kind) => differences.filter(({ because }) => (because?.kind ?? null) === kind).length
  const parts = [
    `${count('gap')} by gaps that are said`,
    `${count('follows')} that follow`,
    `${count(null)} unexplained`,
  ]
  return `differing in ${differences.length} (${parts.join(', ')})`
}

function stepsOf(alone, applied) {
  const wrong = alone.filter(isWrong).length
  const gaps = alone.filter((step) => !isWrong(step) && step.differences.length > 0).length
  const same = `${applied - wrong - gaps} of ${applied} lead to the same`
  return `each revision alone, on what Alembic had left: ${same}, ${gaps} to less by gaps that are said, ${wrong} wrong`
}

/** The differences in the end, each kind under its heading. */
function causesOf(differences) {
  const of = (kind) => differences.filter(({ because }) => (because?.kind ?? null) === kind)
  const under = (title, kind, keyOf) =>
    of(kind).length === 0
      ? []
      : [title, ...[...grouped(of(kind), keyOf)].map(([key, all]) => `    ${key}: ${all.map(sided).join(', ')}`)]
  return [
    ...under('  explained by a gap that is said:', 'gap', ({ because: { file, reasons } }) => {
      const others = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : ''
      return `${nameOf(file)}, ${short(withoutPlace(reasons[0]))}${others}`
    }),
    ...under(
      '  following from those, since it came up where the revision alone leads to the same:',
      'follows',
      followed,
    ),
    ...(of(null).length === 0 ? [] : ['  unexplained:']),
    ...of(null).map((each) => `    ${differenceOf(each)}`),
  ]
}

function followed({ because: { file, failed } }) {
  return `${nameOf(file)}${failed.length === 0 ? '' : `, where ${short(failed[0].reason)}`}`
}

function sided({ key, before, after }) {
  return `${key} (${before === undefined ? 'only by Alembic' : after === undefined ? 'only by ours' : 'another'})`
}

function withoutPlace(reason) {
  return reason.replace(/^line \d+ of \w+\(\) is not read: /, '')
}

/** Revisions that are wrong alone, with all that tells so. */
function wrongLinesOf(steps) {
  if (steps.length === 0) return []
  return [
    '  wrong alone:',
    ...steps.flatMap(({ file, failed, differences, rows }) => [
      `    ${nameOf(file)}`,
      ...failed
        .filter(({ isExplained }) => !isExplained)
        .map(({ line, sql, reason }) => `      line ${line} fails, ${short(reason)}: ${short(sql)}`),
      ...differences.filter(({ isExplained }) => !isExplained).map((each) => `      ${differenceOf(each)}`),
      ...rows.map(({ table, ours, theirs }) => `      rows of ${table}: ours ${ours}, Alembic ${theirs}`),
    ]),
  ]
}

function grouped(all, keyOf) {
  const groups = new Map()
  for (const each of all) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each])
  return groups
}

/** In the order in which they came: the first is the reason for many others. */
function leftLinesOf(left) {
  const lines = left.map(({ file, failed: { type, message } }) => {
    return `    ${nameOf(file)}: ${type}: ${short(message.split('\n')[0])}`
  })
  return [...shown(lines), ...(lines.length > MOST.causes ? [`    and ${lines.length - MOST.causes} more`] : [])]
}

function differenceOf({ key, before, after }) {
  if (before === undefined) return `${key}: only by Alembic`
  if (after === undefined) return `${key}: only by ours`
  return `${key}: ours ${short(before)}, Alembic ${short(after)}`
}

function counts(found, keyOf) {
  const byKey = new Map()
  for (const each of found) byKey.set(keyOf(each), (byKey.get(keyOf(each)) ?? 0) + 1)
  return [...byKey].sort(([, a], [, b]) => b - a)
}

function nameOf(file) {
  return file.split('/').at(-1)
}
