import type { Severity } from '../model/finding.js'
import type { QualifiedName } from '../model/names.js'
import { sizeOf, type Preset, type Settings, type TableSize } from '../model/settings.js'
import type { Family, RuleMeta } from '../rules/rule.js'

/** What a rule says of itself that policy goes by. */
export type Weighed = Pick<RuleMeta, 'id' | 'code' | 'family' | 'weight'>

/** How bad a finding is in this policy, or `off`. `table` is the one whose size decides for what blocks. */
export function severityOf(meta: Weighed, table: QualifiedName | null, settings: Settings): Severity | 'off' {
  const setting = settings.rules[meta.id]
  const chosen = typeof setting === 'object' ? setting.severity : setting
  return chosen ?? presetSeverity(meta, table === null ? 'unknown' : sizeOf(settings, table), settings.preset)
}

/** What a finding gets where the team has said nothing of its rule. */
export function presetSeverity(
  { code, family, weight }: Omit<Weighed, 'id'>,
  size: TableSize,
  preset: Preset,
): Severity | 'off' {
  if (weight === 'error') {
    const given = OF_ERRORS[preset][family] ?? OF_ERRORS.recommended[family]
    return typeof given === 'object' ? given[size] : given
  }
  if (weight === 'off') return preset === 'strict' && STANDARDS.test(code) ? 'warning' : 'off'
  if (preset === 'strict' && family === 'hygiene') return 'error'
  return preset === 'relaxed' ? 'notice' : weight
}

type Given = Severity | Readonly<Record<TableSize, Severity>>

/** What a rule of weight `error` gives by default; `relaxed` and `strict` say where they differ from `recommended`. */
const OF_ERRORS: Readonly<Record<'recommended', Readonly<Record<Family, Given>>>> &
  Readonly<Record<Exclude<Preset, 'recommended'>, Readonly<Partial<Record<Family, Given>>>>> = {
  relaxed: {
    blocking: { large: 'error', unknown: 'notice', small: 'notice' },
    // Who stops the program while migrations run breaks nothing by a rename.
    compatibility: 'warning',
    hygiene: 'notice',
    reading: 'notice',
  },
  recommended: {
    history: 'error',
    environment: 'approval',
    'data-loss': 'approval',
    blocking: { large: 'error', unknown: 'warning', small: 'notice' },
    compatibility: 'error',
    rollback: 'error',
    failure: 'error',
    transaction: 'error',
    security: 'error',
    hygiene: 'warning',
    reading: 'warning',
  },
  strict: {
    blocking: { large: 'error', unknown: 'error', small: 'notice' },
    hygiene: 'error',
    reading: 'error',
  },
}

/** The groups of the catalogue that hold conventions: design, queries and names. */
const STANDARDS = /^[IJK]/
