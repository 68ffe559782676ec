import type { History } from '../model/migration.js'
import { startOf } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'migration-version-gap',
    code: 'A13',
    family: 'history',
    weight: 'notice',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    summary: 'A new migration leaves a hole in strictly sequential numbers',
    why:
      'A hole is most often a file that was forgotten, or one that lives on another branch and will arrive out of order. Some loaders ' +
      'insist on an unbroken sequence. Histories that skip numbers as a habit are left alone.',
    instead: 'Take the next free number, or add the missing file.',
    messages: {
      gap: 'New migration {{path}} skips from version {{previous}} to {{version}}: {{missing}} is in no file',
    },
  },
  check: {
    history({ base, head, changes }, { conventions }) {
      if (conventions.numbering !== 'sequential') return
      const applied = versions(base)
      if (skipsByHabit(applied)) return
      const newest = applied.at(-1) ?? -1
      const present = versions(head)
      return changes.flatMap((change) => {
        if (change.kind !== 'added') return []
        const { path, repeatable } = change.head
        const version = versionOf(change.head.id)
        // Below the newest applied version the hole was there before.
        if (repeatable || version === null || version < newest) return []
        const previous = present.findLast((other) => other < version)
        if (previous === undefined || version - previous < 2) return []
        const missing = version - previous === 2 ? `${previous + 1}` : `${previous + 1} to ${version - 1}`
        return [{ message: 'gap' as const, at: startOf(path), data: { path, previous, version, missing } }]
      })
    },
  },
})

function versionOf(id: string): number | null {
  return /^\d{1,15}$/.test(id) ? Number(id) : null
}

function versions({ revisions }: History): readonly number[] {
  const numbers = revisions.flatMap(({ id, repeatable }) => (repeatable ? [] : [versionOf(id)]))
  return numbers.filter((version) => version !== null).sort((a, b) => a - b)
}

function skipsByHabit(numbers: readonly number[]): boolean {
  const holes = numbers.filter((version, i) => i > 0 && version - (numbers[i - 1] ?? version) > 1)
  return holes.length > 0 && holes.length * 2 > numbers.length - 1
}
