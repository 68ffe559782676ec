/** The labels that a verdict bears out. Labels compare schemas alone, so that losing rows is clean to them. */
const BORNE_OUT = {
  reversible: ['clean', 'merge-or-empty'],
  'loses-data': ['clean'],
  'leaves-residue': ['drift'],
  'down-fails': ['down-error'],
  'reapply-fails': ['up2-error'],
  'no-down': ['down-missing', 'down-raises', 'merge-or-empty'],
  'up-fails': [],
}
const BROKEN = ['down-error', 'up2-error', 'drift']
const PASSING = ['reversible', 'loses-data']

/** Whether what a rehearsal saw is what the label says. */
export function agrees(label, { verdict, steps }) {
  if (BORNE_OUT[verdict].includes(label)) return true
  return label === 'up2-error' && verdict === 'leaves-residue' && failureIn(steps, 'reapply') !== undefined
}

/**
 * Counts cases: `{ path, label, rehearsal }`, or `{ path, label, notUnderstood }` with the reason. Precision and recall are
 * of "broken", among the labels that say clean or broken: what is called broken and is, what is broken and was called so.
 * Whatever does not pass is called broken, since a review would stop there.
 */
export function figures(cases) {
  const understood = cases.filter(({ rehearsal }) => rehearsal !== undefined)
  const notRun = understood.filter(({ rehearsal }) => rehearsal.verdict === 'not-run')
  const compared = understood.filter(({ rehearsal }) => rehearsal.verdict !== 'not-run')
  const disagreements = compared.filter(({ label, rehearsal }) => !agrees(label, rehearsal))
  const count = (labels, passes) =>
    compared.filter(({ label, rehearsal }) => labels.includes(label) && PASSING.includes(rehearsal.verdict) === passes)
      .length
  return {
    labelled: cases.length,
    compared: compared.length,
    agreeing: compared.length - disagreements.length,
    brokenSeen: count(BROKEN, false),
    brokenMissed: count(BROKEN, true),
    cleanBlamed: count(['clean'], false),
    cleanPassed: count(['clean'], true),
    /** Passes that rest on a history of which something could not run here. */
    partial: compared.filter(({ rehearsal: { verdict, skipped } }) => PASSING.includes(verdict) && skipped.length > 0)
      .length,
    notRun: notRun.length,
    notUnderstood: cases.length - understood.length,
    reasons: {
      notRun: groups(notRun, ({ rehearsal }) => anonymous(rehearsal.reason ?? '')),
      notUnderstood: groups(
        cases.filter(({ notUnderstood }) => notUnderstood !== undefined),
        ({ notUnderstood }) => anonymous(notUnderstood),
      ),
      disagreement: groups(disagreements, causeOf),
    },
  }
}

/** Of two counts the first's share; null where there is nothing to share. */
export function share(part, rest) {
  return part + rest === 0 ? null : part / (part + rest)
}

/** Cases by what they have in common, the largest group first. */
function groups(cases, keyOf) {
  const found = new Map()
  for (const one of cases) found.set(keyOf(one), [...(found.get(keyOf(one)) ?? []), one])
  return [...found]
    .map(([cause, members]) => ({ cause, cases: members }))
    .sort((a, b) => b.cases.length - a.cases.length)
}

/** What two disagreements have in common when they may have one cause. */
function causeOf({ label, rehearsal: { verdict, reason, steps, residue } }) {
  const said = `labelled ${label}, rehearsed as ${verdict}`
  const failure = failureIn(steps)
  if (verdict.endsWith('-fails') && failure !== undefined)
    return `${said}: ${failure.sqlstate} ${anonymous(failure.message)}`
  if (residue.length > 0) return `${said}: ${[...new Set(residue.map(kindOf))].sort().join(', ')}`
  return reason === null ? said : `${said}: ${anonymous(reason)}`
}

function failureIn(steps, phase) {
  return steps.find((step) => step.error !== null && (phase === undefined || step.phase === phase))?.error
}

/** The kind of object in a line of residue, and what became of it, without its name. */
function kindOf(line) {
  const [, object = line, fate = ''] = /^(.*?) (remains|is missing|differs)(?:: .*)?$/s.exec(line) ?? []
  const words = object.split(' ')
  const name = words.findIndex((word, index) => index > 0 && /[."(]/.test(word))
  return `${words.slice(0, name > 0 ? name : -1).join(' ')} ${fate}`
}

/** A message without the names and numbers that set it apart from its like. */
function anonymous(message) {
  return message.replace(/"[^"]*"|`[^`]*`/g, '"…"').replace(/\b(?=\w*\d)\w+\b/g, '…')
}
