/** Whether what is meant for these databases is meant for PostgreSQL (`liquibase.database.DatabaseList#definitionMatches`). */
export function isForPostgres(dbms: string | null): boolean {
  const names = (dbms ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  if (names.length === 0 || names.includes('all')) return true
  if (names.includes('none') || names.includes('!postgresql')) return false
  return names.includes('postgresql') || names.every((name) => name.startsWith('!'))
}

/** Longer than any expression of contexts that people write; what brackets lead to takes long to find out then. */
const LONGEST = 2_000

/**
 * Whether what is meant for these contexts runs where none is given: every context is taken to be there then, save for those that
 * are required (`@name`) (`liquibase.util.ExpressionMatcher#matches`).
 */
export function runsWithoutContexts(expression: string): boolean {
  let text = expression.trim().toLowerCase()
  if (text.length > LONGEST) return true
  for (;;) {
    const inner = /\(([^()]*)\)/.exec(text)
    if (inner === null) return holds(text)
    const value = holds(inner[1] ?? '') ? ':true' : ':false'
    text = `${text.slice(0, inner.index)} ${value} ${text.slice(inner.index + inner[0].length)}`
  }
}

/**
 * Whether a changeSet of these contexts runs where none is given. Those of the includes on the way must hold. Its own may hold, or be
 * such that a required context does not stand at its begin: Liquibase also compares the other way round, part by part between the
 * commas and with brackets around what has blanks (`liquibase.changelog.filter.ContextChangeSetFilter`).
 */
export function areContextsGranted(inherited: readonly string[], own: string | null): boolean {
  if (!inherited.every(runsWithoutContexts)) return false
  if (own === null || runsWithoutContexts(own)) return true
  const whole = [...inherited, own].map((each) => (/[,\s]/.test(each) ? `(${each})` : each)).join(' AND ')
  return !whole.split(',').some((part) => part.trim().startsWith('@'))
}

/** Of an expression without brackets; `or` binds less than `and`. */
function holds(text: string): boolean {
  return text
    .trim()
    .split(/,|\sor\s/)
    .some((each) => each.split(/\sand\s/).every(termHolds))
}

function termHolds(text: string): boolean {
  const term = text.trim()
  return term !== ':false' && !/^@(?!\s*(!|not ))/.test(term)
}
