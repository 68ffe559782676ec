import { parse } from '../../dist/sql/parse.js'

/**
 * Statements of texts that are sent one after the other: each with its text, a form in which white space, quotes that a name
 * does not need and the spelling of types make no difference, and whether it runs in the tool's transaction. BEGIN and
 * COMMIT are told by that alone. `texts` are strings or `{ sql, checked, again }`: whether it is sent only after a look at
 * the database, and what was sent in its place another time.
 */
export function statementsOf(texts, inTransaction) {
  const found = []
  let inside = inTransaction
  for (const given of texts) {
    const { sql, checked = false, again } = typeof given === 'string' ? { sql: given } : given
    const others = again === undefined ? [] : parsed(again)
    for (const [at, statement] of parsed(sql).entries()) {
      const kind = statement.node?.TransactionStmt?.kind
      if (kind === 'TRANS_STMT_BEGIN' || kind === 'TRANS_STMT_START') inside = true
      else if (kind === 'TRANS_STMT_COMMIT') inside = false
      else found.push({ ...statement, checked, inside, again: others[at]?.node })
    }
  }
  return found
}

function parsed(sql) {
  const outcome = parse(sql)
  if (outcome.kind !== 'parsed') return [{ text: sql, node: { Unparsed: sql.trim().replace(/;$/, '') } }]
  const bytes = Buffer.from(sql, 'utf8')
  return outcome.statements.map(({ node, start, end }) => ({
    text: bytes.subarray(start, end).toString('utf8'),
    node: plain(node),
  }))
}

/** Places in the text, which the tree holds beside what the text says. */
const PLACES = new Set(['location', 'list_start', 'list_end', 'rexpr_list_start', 'rexpr_list_end', 'name_location'])

function plain(value) {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key]) => !PLACES.has(key))
  return Object.fromEntries(
    kept.map(([key, each]) => [
      key,
      key === 'typeName' ? shortTyped(plain(each)) : key === 'CreateFunctionStmt' ? spaced(plain(each)) : plain(each),
    ]),
  )
}

/** A function with one blank for every stretch of them in its body. */
function spaced(value) {
  if (Array.isArray(value)) return value.map(spaced)
  if (typeof value !== 'object' || value === null) return value
  const even = ([key, each]) => [key, key === 'sval' ? each.replace(/\s+/g, ' ') : spaced(each)]
  return Object.fromEntries(Object.entries(value).map(even))
}

/** The parser qualifies the types that it has words for, and no others: INTEGER is pg_catalog.int4, int4 is int4. */
function shortTyped(type) {
  const names = type.names?.filter(({ String: name }) => name?.sval !== 'pg_catalog')
  return names === undefined ? type : { ...type, names }
}

/**
 * Whether both send the same. What real Alembic would look for first we may guard with IF EXISTS: offline it cannot look.
 * A value that is another each time can be any.
 */
export function same(ours, real) {
  if (ours.inside !== real.inside) return false
  if (!real.checked) return matches(ours.node, real.node, real.again)
  return matches(unguarded(ours.node), unguarded(real.node))
}

function matches(mine, theirs, again) {
  if (again === undefined) return JSON.stringify(mine) === JSON.stringify(theirs)
  if ([mine, theirs, again].some((each) => typeof each !== 'object' || each === null))
    return mine === theirs || (theirs !== again && typeof mine === typeof theirs)
  const keys = Object.keys(theirs)
  return Object.keys(mine).join() === keys.join() && keys.every((key) => matches(mine[key], theirs[key], again[key]))
}

function unguarded(node) {
  const [name = '', fields] = Object.entries(node)[0] ?? []
  const kept = Object.entries(fields).filter(([key]) => key !== 'missing_ok' && key !== 'if_not_exists')
  return { [name]: Object.fromEntries(kept) }
}

/** Statements in an order that does not depend on the one in which they came. */
export function inOneOrder(statements) {
  const keyed = statements.map((statement) => [JSON.stringify(statement.node), statement])
  return keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, statement]) => statement)
}

/**
 * Lays two lists of statements side by side: pairs `[ours, real]` in order, one of them null where the other side has nothing
 * like it. Equal ones are paired first; between them, those of one kind.
 */
export function aligned(ours, real) {
  const pairs = []
  let [i, j] = [0, 0]
  for (const [a, b] of [...longest(ours, real), [ours.length, real.length]]) {
    pairs.push(...sideBySide(ours.slice(i, a), real.slice(j, b)))
    if (a < ours.length) pairs.push([ours[a], real[b]])
    ;[i, j] = [a + 1, b + 1]
  }
  return pairs
}

/** Places of a longest common subsequence. */
function longest(ours, real) {
  const equal = ours.map((a) => real.map((b) => same(a, b)))
  const lengths = Array.from({ length: ours.length + 1 }, () => new Array(real.length + 1).fill(0))
  for (let i = ours.length - 1; i >= 0; i--)
    for (let j = real.length - 1; j >= 0; j--)
      lengths[i][j] = equal[i][j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1])
  const places = []
  for (let [i, j] = [0, 0]; i < ours.length && j < real.length;) {
    if (equal[i][j]) places.push([i++, j++])
    else if (lengths[i + 1][j] >= lengths[i][j + 1]) i++
    else j++
  }
  return places
}

function sideBySide(ours, real) {
  const left = [...real]
  const pairs = ours.map((mine) => {
    const at = left.findIndex((theirs) => kindOf(theirs) === kindOf(mine))
    return [mine, at < 0 ? null : left.splice(at, 1)[0]]
  })
  return [...pairs, ...left.map((theirs) => [null, theirs])]
}

function kindOf({ node }) {
  return Object.keys(node)[0] ?? 'nothing'
}

/** What sets a pair apart, without the names that set it apart from its like. */
export function causeOf([ours, real]) {
  if (real === null) return `${kindOf(ours)}: only ours sends it`
  if (ours === null) return `${kindOf(real)}: only Alembic sends it`
  const first = firstDifference(ours.node, real.node, [])
  if (first === null)
    return `${kindOf(ours)}: ${ours.inside ? 'only Alembic is' : 'only ours is'} outside the transaction`
  return `${first.path.join('.')}: ${first.what}`
}

function firstDifference(ours, real, path) {
  if (JSON.stringify(ours) === JSON.stringify(real)) return null
  const objects = [ours, real].every((each) => typeof each === 'object' && each !== null)
  if (!objects) return { path, what: `ours ${shown(ours)}, Alembic ${shown(real)}` }
  if (Array.isArray(ours) && ours.length !== real.length) return { path, what: 'another number of them' }
  for (const key of new Set([...Object.keys(ours), ...Object.keys(real)])) {
    const step = Array.isArray(ours) ? path : [...path, key]
    if (!(key in ours)) return { path: step, what: 'only in Alembic’s' }
    if (!(key in real)) return { path: step, what: 'only in ours' }
    const deeper = firstDifference(ours[key], real[key], step)
    if (deeper !== null) return deeper
  }
  return null
}

function shown(value) {
  return typeof value === 'string' && !/^[A-Z_]+$/.test(value) ? 'another text' : JSON.stringify(value)
}
