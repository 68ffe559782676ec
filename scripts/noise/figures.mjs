const LEVELS = ['error', 'approval', 'warning', 'notice']
const BROKEN = ['down-error', 'up2-error', 'drift']

/**
 * Counts migrations, `{ repo, path, label, findings }` each: how many have a finding of each severity or worse than nothing, and
 * for each rule how many migrations it speaks of, the most of them first. A migration that its label calls broken is left out
 * of `calm`, which is what errors are counted on.
 */
export function figures(migrations) {
  const having = (list, level) => list.filter(({ findings }) => findings.some(({ severity }) => severity === level))
  const calm = migrations.filter(({ label }) => !BROKEN.includes(label))
  const levels = Object.fromEntries(LEVELS.map((level) => [level, having(migrations, level).length]))
  const silent = migrations.filter(({ findings }) => findings.length === 0).length
  return {
    migrations: migrations.length,
    levels,
    silent,
    calm: calm.length,
    calmErrors: having(calm, 'error').length,
    rules: byRule(migrations),
  }
}

function byRule(migrations) {
  const found = new Map()
  for (const { repo, path, findings } of migrations) {
    const mine = new Set()
    for (const { rule, severity, message, at } of findings) {
      const entry = found.get(rule) ?? { rule, migrations: 0, findings: 0, severities: {}, samples: [] }
      found.set(rule, entry)
      entry.findings++
      if (mine.has(rule)) continue
      mine.add(rule)
      entry.migrations++
      // Of the worst: findings of a rule in one migration are nearly always of one severity.
      entry.severities[severity] = (entry.severities[severity] ?? 0) + 1
      entry.samples.push(`${repo} ${path}:${at.start.line} ${message}`)
    }
  }
  return [...found.values()].sort((a, b) => b.migrations - a.migrations || (a.rule < b.rule ? -1 : 1))
}

/** Rules whose findings at `warning` or above are on more than this share of the migrations. */
export function noisy({ migrations, rules }, share) {
  return rules.filter(({ severities: { notice = 0 }, migrations: count }) => (count - notice) / migrations > share)
}

/** A few of a list, spread evenly over it: the first ones alone would all be of one repository. */
export function spread(list, count) {
  if (list.length <= count) return list
  return Array.from({ length: count }, (_, index) => list[Math.floor((index * list.length) / count)])
}
