import type { FileEntries } from '../../src/model/file-set.js'
import type { Finding } from '../../src/model/finding.js'
import type { Settings } from '../../src/model/settings.js'
import { analyse } from '../../src/review/analyse.js'
import { DEFAULTS } from '../support/settings.js'

/** What a rule says when a golang-migrate history, one up script a file, grows by some files. */
export function findingsOf(
  rule: string,
  base: string,
  pull: readonly string[],
  {
    postgres = 18,
    downs = [] as readonly string[],
    rules = {} as Settings['rules'],
    large = [] as readonly string[],
  } = {},
): readonly Finding[] {
  const before = entries([base], 1, 'up')
  const after = [...before, ...entries(pull, 2, 'up'), ...entries(downs, 2, 'down')]
  const settings = { ...DEFAULTS, postgres, rules, tables: { ...DEFAULTS.tables, large } }
  const { findings } = analyse({
    base: new Map(before),
    head: new Map(after),
    settings,
    today: '2026-01-15',
    mode: 'pull',
  })
  return findings.filter((finding) => finding.rule === rule)
}

/** The messages alone. */
export function saidBy(...question: Parameters<typeof findingsOf>): readonly string[] {
  return findingsOf(...question).map(({ message }) => message)
}

function entries(texts: readonly string[], first: number, direction: 'up' | 'down'): FileEntries {
  return new Map(texts.map((text, index) => [`migrations/000${first + index}_step.${direction}.sql`, { text }]))
}
