import { droppedLater } from './deeds.js'
import { because, brief, parts, type Explain } from './failing.js'

/** More objects than that are not listed. */
const MOST = 10

/** Objects that depend on what should go or change: which, in what order, and what CASCADE would do. */
export const dependents: Explain = (failing) => {
  const { sqlstate, message, detail } = failing.failure
  const lines = (detail ?? '').split('\n').filter((line) => line !== '')
  const list = [...lines.slice(0, MOST).map(brief), ...(lines.length > MOST ? [`and ${lines.length - MOST} more`] : [])]
  if (sqlstate === '0A000') {
    if (!/used by (?:a view or rule|a function or procedure|a policy|a publication|a trigger)/.test(message))
      return null
    return because(`something is defined in terms of the column`, {
      remedy: 'drop what depends on the column before, and create it again after',
      dependents: list,
    })
  }
  if (lines.length === 0) return null
  const later = lines.flatMap((line) => {
    const name = parts(line, /^(?:[a-z]+ )+?"?([^\s"]+)"? (?:on .+ )?depends on /s)?.[0]
      ?.split('.')
      .at(-1)
    const at = name === undefined ? null : droppedLater(failing, name)
    return name === undefined || at === null ? [] : [{ name, at }]
  })
  const [first] = later
  const others = lines.length === 1 ? '1 object depends on it' : `${lines.length} objects depend on it`
  return because(others, {
    remedy:
      first !== undefined && later.length === lines.length
        ? `the script drops ${later
            .map(({ name }) => name)
            .slice(0, MOST)
            .join(', ')} only later: move that before this statement`
        : `drop or change ${lines.length === 1 ? 'that' : 'those'} first; CASCADE would take ${lines.length === 1 ? 'it' : 'them'} along, and whatever depends on ${lines.length === 1 ? 'it' : 'them'}`,
    dependents: list,
  })
}
