import type { SourceText } from '../../source/source-text.js'
import type { Replacement } from '../../sql/replaced-text.js'
import { nameOf } from '../folders.js'
import type { Settings } from './settings.js'

/** A placeholder in a file, and what Flyway puts in its place; `value` is null where nobody can tell. */
export interface Placeholder extends Omit<Replacement, 'text'> {
  readonly name: string
  readonly value: string | null
  /** Why there is no value. */
  readonly reason: string
  /** Flyway has a value whenever it runs. */
  readonly given: boolean
}

/** The placeholders of a file: Flyway looks for them in comments and quotes as well. */
export function placeholdersIn({ text, path }: SourceText, settings: Settings): readonly Placeholder[] {
  const { prefix, suffix } = settings.placeholders
  if (prefix === '' || suffix === '') return []
  const found: Placeholder[] = []
  for (let from = 0; ;) {
    const start = text.indexOf(prefix, from)
    const close = start < 0 ? -1 : text.indexOf(suffix, start + prefix.length)
    if (close < 0) return found
    from = close + suffix.length
    const name = text.slice(start + prefix.length, close)
    found.push({ start, end: from, name, ...valueOf(name, path, settings) })
  }
}

/** What a placeholder without a value is called until it has one. */
function valueOf(name: string, path: string, settings: Settings): Omit<Placeholder, 'start' | 'end' | 'name'> {
  const { values, prefix, suffix, separator } = settings.placeholders
  const written = `${prefix}${name}${suffix}`
  const own = `flyway${separator}`
  const key = name.toLowerCase()
  if (key.startsWith(own.toLowerCase())) {
    const value = builtIn(key.slice(own.length), path, settings)
    const reason = `the value of ${written} is known only when Flyway runs`
    return { value: value ?? null, reason, given: value !== undefined }
  }
  const value = values.get(key)
  const reason =
    value === null
      ? `the value of ${written} is set to what is not written in the configuration`
      : `no value for the placeholder ${written} is configured: Flyway stops at it unless it is told one when it runs`
  return { value: value ?? null, reason, given: value !== undefined }
}

/** undefined for a name that Flyway does not know. */
function builtIn(name: string, path: string, { schemas, table }: Settings): string | null | undefined {
  switch (name) {
    case 'defaultschema':
      return schemas[0] ?? 'public'
    case 'table':
      return table
    case 'filename':
      return nameOf(path)
    case 'user':
    case 'database':
    case 'timestamp':
    case 'workingdirectory':
    case 'environment':
      return null
    default:
      return undefined
  }
}
