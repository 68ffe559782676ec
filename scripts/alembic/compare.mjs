import { aligned, causeOf, inOneOrder, same, statementsOf } from './same-sql.mjs'

/**
 * What became of one direction. `ours` is a script as the reader gives it, `real` what the driver says of it. `reading`:
 * whole, gaps or refused; `verdict`: equal, wrong, or not-compared with the reason, since real Alembic could not be asked.
 */
export function compared(ours, real) {
  const reading = readingOf(ours)
  const reasons = reasonsOf(ours)
  const mine = ours.kind === 'script' ? ours.statements.map(({ sql }) => sql) : []
  const theirs = (real.sent ?? []).map(({ sql }) => sql)
  const all = { reading, reasons, ours: mine, real: theirs }
  // What was not read is not compared, whatever the other side says.
  if (reading === 'refused') return { ...all, verdict: 'not-compared', reason: 'ours: refused' }
  if (refuses(ours)) {
    if (real.failed?.kind === 'error' && !real.failed.loading) return { ...all, verdict: 'equal' }
    if (real.failed === undefined) return wrong(all, ['ours always fails, Alembic does not'])
  }
  if (real.failed !== undefined && real.failed.kind !== 'raised')
    return {
      ...all,
      verdict: 'not-compared',
      reason: whyNot(real.failed),
      fails: real.failed.kind === 'error' && !real.failed.loading,
    }
  const raises = real.failed !== undefined
  if (ours.kind !== 'script') {
    // One that says so and sends nothing is irreversible as well.
    const agrees = ours.kind === 'absent' ? real.absent === true : raises || theirs.length === 0
    return agrees ? { ...all, verdict: 'equal' } : wrong(all, [`ours is ${ours.kind}, Alembic ${saidOf(real)}`])
  }
  if (real.absent) return wrong(all, [`ours is a script, Alembic ${saidOf(real)}`])
  if (raises && reading === 'whole') return wrong(all, [`ours is a script, Alembic ${saidOf(real)}`])
  // Values that are made at run time may differ where we say that something stands in for them.
  const sent = ours.gaps.length > 0 ? real.sent : real.sent.map((each) => ({ ...each, again: undefined }))
  const sides = [statementsOf(mine, ours.transaction === 'one'), statementsOf(sent, true)]
  const pairs = aligned(...(real.unordered ? sides.map(inOneOrder) : sides))
  const differing = pairs.filter(([a, b]) => a === null || b === null || !same(a, b))
  const held = reading === 'whole' ? differing : besideGaps(pairs, differing)
  if (held.length === 0) return { ...all, verdict: 'equal' }
  return wrong(all, held.map(causeOf), held)
}

/**
 * Beside a gap, what is not sent is said, and so is that everything ended early: a guard that is not followed may return.
 * What else is sent must be right all the same.
 */
function besideGaps(pairs, differing) {
  const end = pairs.findLastIndex(([, real]) => real !== null)
  const early = new Set(pairs.slice(end + 1))
  return differing.filter((pair) => pair[0] !== null && !early.has(pair))
}

function wrong(all, causes, pairs = []) {
  const differences = pairs.map(([a, b], at) => ({ cause: causes[at], ours: a?.text ?? null, real: b?.text ?? null }))
  return { ...all, verdict: 'wrong', causes: [...new Set(causes)], differences }
}

/** Whether all that is not sent is what Alembic refuses to send: that it fails there is understood. */
function refuses(script) {
  if (script.kind !== 'script') return false
  const refused = (script.remarks ?? []).filter(({ kind }) => kind === 'always-fails').map(({ at }) => at.start.line)
  const left = script.gaps.filter(({ bearing }) => bearing === 'withholds')
  return left.length > 0 && left.every(({ at }) => refused.includes(at?.start.line))
}

function readingOf(script) {
  if (script.kind === 'refused') return 'refused'
  if (script.kind !== 'script' || refuses(script)) return 'whole'
  return script.gaps.some(({ bearing }) => bearing === 'withholds') ? 'gaps' : 'whole'
}

function reasonsOf(script) {
  if (script.kind === 'refused') return [script.reason]
  if (script.kind !== 'script') return []
  return script.gaps.filter(({ bearing }) => bearing === 'withholds').map(({ message }) => message)
}

function whyNot({ kind, type, message, loading }) {
  const when = loading ? ' while it is imported' : ''
  switch (kind) {
    case 'stub':
      return `it needs the application${when}: ${message}`
    case 'database':
      return `it needs the database${when}: ${message}`
    case 'time':
      return `it did not come to an end${when}: ${message}`
    default:
      return `Alembic fails${when}: ${type}: ${message}`
  }
}

function saidOf({ absent, failed }) {
  if (absent) return 'has no such function'
  return failed === undefined ? 'sends it' : `raises ${failed.type}`
}

/** What is said of a revision as a whole: the worst of its two directions. */
export function outcomeOf({ upgrade, downgrade }) {
  const both = [upgrade, downgrade]
  if (both.some(({ verdict }) => verdict === 'wrong')) return 'wrong'
  return ['refused', 'gaps', 'whole'].find((reading) => both.some((each) => each.reading === reading))
}

/** Counts revisions, and the causes of what is not understood, not compared or wrong; the most frequent first. */
export function figures(cases) {
  const count = (predicate) => cases.filter(predicate).length
  const directions = cases.flatMap(({ path, upgrade, downgrade }) => [
    { path, name: 'upgrade', ...upgrade },
    { path, name: 'downgrade', ...downgrade },
  ])
  const notCompared = directions.filter(isNotCompared)
  const reasonsIn = (reading) =>
    directions
      .filter((each) => each.reading === reading)
      .flatMap((each) => each.reasons.map((key) => ({ ...each, key })))
  return {
    revisions: cases.length,
    whole: count((one) => outcomeOf(one) === 'whole'),
    gaps: count((one) => outcomeOf(one) === 'gaps'),
    refused: count((one) => outcomeOf(one) === 'refused'),
    wrong: count((one) => outcomeOf(one) === 'wrong'),
    /** Of all of them, those of which at least one direction had nothing to be compared with. */
    notCompared: count(({ upgrade, downgrade }) => [upgrade, downgrade].some(isNotCompared)),
    wholeNotCompared: count((one) => outcomeOf(one) === 'whole' && [one.upgrade, one.downgrade].some(isNotCompared)),
    /** What the comparison rests on: directions, and statements of ours in them. */
    compared: directions.length - notCompared.length,
    statements: directions.filter((each) => !isNotCompared(each)).reduce((sum, { ours }) => sum + ours.length, 0),
    /** Directions that were understood whole although real Alembic fails at them, also with a database. */
    fails: directions.filter(({ reading, fails }) => reading === 'whole' && fails === true),
    causes: {
      wrong: groups(
        directions.flatMap((each) => (each.causes ?? []).map((key) => ({ ...each, key }))),
        ({ key }) => key,
      ),
      gaps: groups(reasonsIn('gaps'), ({ key }) => anonymous(key.replace(/^line \d+ of \w+\(\) is not read: /, ''))),
      refused: groups(reasonsIn('refused'), ({ key }) => anonymous(key)),
      notCompared: groups(
        notCompared.filter(({ reading }) => reading !== 'refused'),
        ({ reason }) => anonymous(reason),
      ),
    },
  }
}

function isNotCompared({ verdict }) {
  return verdict === 'not-compared'
}

function groups(found, keyOf) {
  const byKey = new Map()
  for (const each of found) {
    const key = keyOf(each)
    byKey.set(key, [...(byKey.get(key) ?? []), each])
  }
  return [...byKey]
    .map(([cause, members]) => ({ cause, count: members.length, example: members[0] }))
    .sort((a, b) => b.count - a.count)
}

/** A message without the names and numbers that set it apart from its like. */
function anonymous(message) {
  return message
    .replace(/"[^"]*"|`[^`]*`|'[^']*'/g, '"…"')
    .replace(/constraint \w+\(.*\);/g, 'a constraint;')
    .replace(/\b(?=\w*\d)\w+\b/g, '…')
    .slice(0, 140)
}
