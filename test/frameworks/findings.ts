import type { FileEntries } from '../../src/model/file-set.js'
import { analyse } from '../../src/review/analyse.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'

await loadParsers({ majors: [18], second: true })

/** Files of a repository by path; null takes away what the base has. */
export type Files = Readonly<Record<string, string | null>>

/** Everything that a review says of a pull request, a line a finding. */
export function findingsOf(base: Files, head: Files): readonly string[] {
  const entries = (files: Files): FileEntries =>
    new Map(Object.entries(files).flatMap(([path, text]) => (text === null ? [] : [[path, { text }] as const])))
  const settings = { ...DEFAULTS, postgres: 18 }
  const { findings } = analyse({
    base: entries(base),
    head: entries(head),
    settings,
    today: '2026-01-15',
    mode: 'pull',
  })
  return findings.map(({ rule, message }) => `${rule}: ${message}`)
}
