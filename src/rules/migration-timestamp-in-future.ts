import { startOf } from '../source/span.js'
import { rule } from './rule.js'

const DAY = 86_400_000

export default rule({
  meta: {
    id: 'migration-timestamp-in-future',
    code: 'A15',
    family: 'history',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'The timestamp in a new migration lies in the future',
    why:
      'Until that day every other new migration sorts before it and counts as late, which the tool skips or refuses. It comes from ' +
      'a timestamp that was typed by hand to get the order right, or from a wrong clock.',
    instead: 'Generate the file anew, so that it carries the current time.',
    messages: {
      future:
        'New migration {{path}} is dated {{date}}, {{days}} days ahead: every migration written before then sorts before it',
    },
  },
  /** How far ahead a clock or a time zone may be, in days. */
  defaults: { tolerance: 1 },
  check: {
    history({ changes }, { conventions, today, options }) {
      if (conventions.numbering !== 'timestamp') return
      return changes.flatMap((change) => {
        if (change.kind !== 'added' && change.kind !== 'renamed') return []
        const { id, path, repeatable } = change.head
        const date = repeatable ? null : dateOf(id)
        const days = date === null ? 0 : (Date.parse(date) - Date.parse(today)) / DAY
        if (!(days > options.tolerance)) return []
        return [{ message: 'future' as const, at: startOf(path), data: { path, date: date ?? '', days } }]
      })
    },
  },
})

/** The day of a version such as `20260131093000` or `2026.01.31.2`, or of a Unix time; null when it is neither. */
function dateOf(id: string): string | null {
  const seconds = /^(\d{10})(?:\d{3})?(?!\d)/.exec(id)?.[1]
  const calendar = /^((?:19|20)\d\d)[._-]?(0[1-9]|1[0-2])[._-]?(0[1-9]|[12]\d|3[01])/.exec(id)
  if (calendar) return `${calendar[1]}-${calendar[2]}-${calendar[3]}`
  return seconds === undefined ? null : new Date(Number(seconds) * 1000).toISOString().slice(0, 10)
}
