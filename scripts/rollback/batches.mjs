/**
 * Rehearses what a plan asks for in batches of at most `size`, each in sandboxes of its own with everything before it
 * replayed, so that a migration that gets stuck costs no other its verdict. `run` rehearses one plan; `settled` is told how
 * many verdicts there are.
 */
export async function inBatches(plan, size, run, settled) {
  const wanted = plan.flatMap(({ role }, index) => (role === 'rehearse' ? [index] : []))
  const rehearsals = []
  while (rehearsals.length < wanted.length) {
    const batch = wanted.slice(rehearsals.length, rehearsals.length + size)
    const seen = await run(staged(plan, batch))
    rehearsals.push(...seen.slice(0, worthKeeping(seen)))
    settled(rehearsals.length)
  }
  return rehearsals
}

/** The plan up to the end of a batch, rehearsing the batch alone. */
function staged(plan, batch) {
  return plan
    .slice(0, batch.at(-1) + 1)
    .map((item, index) => (batch.includes(index) ? item : { ...item, role: 'replay', down: { kind: 'absent' } }))
}

/**
 * After one that could not be brought up, or ended early, nothing more is run: what follows is asked again in the next
 * batch. Where all have one reason, it is the history before them that cannot be replayed, and asking again would not help.
 */
function worthKeeping(seen) {
  const ran = seen.findLastIndex(({ verdict }) => verdict !== 'not-run') + 1
  if (ran === 0 && new Set(seen.map(({ reason }) => reason)).size === 1) return seen.length
  return seen[ran - 1]?.verdict === 'up-fails' ? ran : Math.min(seen.length, ran + 1)
}
