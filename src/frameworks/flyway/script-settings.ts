import type { SourceText } from '../../source/source-text.js'
import { readProperties } from './configuration/properties.js'

/** What a file beside a migration, called like it with `.conf` at the end, tells of that migration alone. */
export interface ScriptSettings {
  readonly inTransaction: boolean | null
  readonly replaced: boolean | null
  /** What it says beside that: a name that Flyway does not take, or one whose effect is not followed here. */
  readonly others: readonly string[]
}

/** Reads the file of a script's own settings; without one, nothing is set. */
export function scriptSettings(source: SourceText | undefined): ScriptSettings {
  const entries = new Map(source === undefined ? [] : readProperties(source.text))
  const flag = (name: string): boolean | null => {
    const value = entries.get(name)?.toLowerCase()
    return value === 'true' ? true : value === 'false' ? false : null
  }
  const known = new Set(['executeInTransaction', 'placeholderReplacement', 'encoding'])
  return {
    inTransaction: flag('executeInTransaction'),
    replaced: flag('placeholderReplacement'),
    others: [...entries.keys()].filter((name) => !known.has(name)),
  }
}
