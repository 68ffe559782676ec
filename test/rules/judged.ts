import type { Finding } from '../../src/model/finding.js'
import type { Note } from '../../src/model/note.js'
import type { Settings } from '../../src/model/settings.js'
import { analyse } from '../../src/review/analyse.js'
import { review } from '../../src/review/review.js'
import type { Rule } from '../../src/rules/rule.js'
import type { SandboxProvider } from '../../src/sandbox/sandbox.js'
import { fixtureSides, type Sides } from '../support/history-file.js'
import { DEFAULTS } from '../support/settings.js'

export const folderOf = (id: string): string => `fixtures/rules/${id}`

/** A rule's fixture, as a repository before and after. */
export function fixtureOf({ meta }: Rule, name: 'bad' | 'good'): Sides {
  return fixtureSides(folderOf(meta.id), name)
}

/** What only a target older than the newest refuses. */
const OLDER_TARGETS: Readonly<Record<string, number>> = {
  'requires-newer-postgres': 15,
  'enum-add-value-in-tx-pre12': 11,
  'not-valid-fk-on-partitioned': 17,
  'concurrent-index-corruption-pg14': 14,
  'alter-index-rename-pre12': 11,
  'add-column-default-pre-pg11': 10,
}

/** What a team has to say before these have anything to say. */
const POLICIES: Readonly<Record<string, Partial<Settings>>> = {
  'high-traffic-table-ddl': { tables: { ...DEFAULTS.tables, large: ['orders'] } },
  'hot-table-multi-touch': { tables: { ...DEFAULTS.tables, large: ['orders'] } },
  'long-concurrent-build': { tables: { ...DEFAULTS.tables, large: ['orders'] } },
  'validate-constraint-scan': { tables: { ...DEFAULTS.tables, large: ['orders'] } },
  'extension-unavailable': { rules: { 'extension-unavailable': { options: { available: ['pgcrypto'] } } } },
  'custom-sql-or-regex-rule': {
    rules: { 'custom-sql-or-regex-rule': { options: { patterns: ['alter table orders *'] } } },
  },
  'blast-radius': { rules: { 'blast-radius': { options: { dependents: 3 } } } },
  'partition-fanout-lock': { rules: { 'partition-fanout-lock': { options: { tables: 4 } } } },
}

/** The settings under which a rule's fixtures are judged. One that is off until a team turns it on is turned on. */
export function settingsFor({ id, weight }: Rule['meta']): Settings {
  return {
    ...DEFAULTS,
    ...POLICIES[id],
    postgres: OLDER_TARGETS[id] ?? 18,
    ...(weight === 'off' ? { rules: { [id]: 'notice' as const } } : {}),
  }
}

/** What all rules say of a fixture. One of a rule that reads what a rehearsal saw is rehearsed. */
export async function judgedBy(
  { meta, check }: Rule,
  { base, head }: Sides,
  sandbox: SandboxProvider,
): Promise<{ readonly findings: readonly Finding[]; readonly notes: readonly Note[] }> {
  const settings = settingsFor(meta)
  const today = '2026-01-15'
  if (check.evidence === undefined) return analyse({ base, head, settings, today, mode: 'pull' })
  return review(
    { pull: { repository: 'a/b', number: 1, base: 'x', head: 'y' }, base, head, complete: true, settings, today },
    {
      analyse: (input) => Promise.resolve(analyse(input)),
      sandbox,
      signal: new AbortController().signal,
      progress: () => undefined,
    },
  )
}
