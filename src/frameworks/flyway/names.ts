import { isEvent } from './callbacks.js'
import type { Settings } from './settings.js'
import { versionOf, type Version } from './version.js'

/** What Flyway makes of a file's name. */
export type Named =
  | { readonly kind: 'versioned' | 'undo' | 'baseline'; readonly version: Version; readonly description: string }
  | { readonly kind: 'repeatable'; readonly description: string }
  /** Run around migrations at an event of Flyway's. */
  | { readonly kind: 'callback'; readonly event: string; readonly description: string }
  /** Carries a suffix of migrations, and no name that Flyway takes. */
  | { readonly kind: 'invalid'; readonly reason: string }

/** What Flyway makes of the name of a file in one of its locations; null for one without a suffix of SQL migrations. */
export function nameIn(settings: Settings, file: string): Named | null {
  // Flyway looks at the first suffix that fits, in capitals or not.
  const suffix = settings.suffixes.find((each) => file.toUpperCase().endsWith(each.toUpperCase()))
  if (suffix === undefined) return null
  return named(settings, file.slice(0, file.length - suffix.length), suffix)
}

type Kind = 'versioned' | 'undo' | 'baseline' | 'repeatable'

function named(settings: Settings, stem: string, suffix: string): Named {
  const { separator, prefixes } = settings
  const event = /^[a-zA-Z]+/.exec(stem)?.[0] ?? ''
  if (isEvent(event)) return callback(settings, stem, event, suffix)
  const kinds: readonly (readonly [Kind, string])[] = [
    ['versioned', prefixes.versioned],
    ['repeatable', prefixes.repeatable],
    ['undo', prefixes.undo],
    ['baseline', prefixes.baseline],
  ]
  // The longest prefix is tried first.
  const [kind, prefix] =
    kinds.toSorted((a, b) => b[1].length - a[1].length).find(([, each]) => stem.startsWith(each)) ?? []
  if (kind === undefined || prefix === undefined) {
    const known = kinds.map(([, each]) => each).filter((each) => each !== '')
    return { kind: 'invalid', reason: `its name begins with none of ${known.join(', ')} and with no event of Flyway’s` }
  }
  const rest = stem.slice(prefix.length)
  const at = rest.indexOf(separator)
  const before = at < 0 ? rest : rest.slice(0, at)
  const description = at < 0 ? '' : rest.slice(at + separator.length).replaceAll('_', ' ')
  if (kind === 'repeatable') {
    if (before === '') return { kind, description }
    return { kind: 'invalid', reason: `a repeatable migration has no version: ${prefix}${separator}name${suffix}` }
  }
  const version = before === '' ? null : versionOf(before)
  if (version !== null) return { kind, version, description }
  const like = `${prefix}1.2${separator}name${suffix}`
  return {
    kind: 'invalid',
    reason: before === '' ? `it has no version: ${like}` : `“${before}” is no version: ${like}`,
  }
}

function callback({ separator }: Settings, stem: string, event: string, suffix: string): Named {
  const rest = stem.slice(event.length)
  if (rest === '') return { kind: 'callback', event, description: '' }
  if (rest.startsWith(separator)) return { kind: 'callback', event, description: rest.slice(separator.length) }
  return { kind: 'invalid', reason: `a callback is called ${event}${suffix} or ${event}${separator}name${suffix}` }
}

const CODE = /^([VRUB])([\d_]*?)_{1,2}([A-Za-z]\w*)\.(java|kt|groovy|scala)$/

/** A migration in a language of the JVM, by the name of its class: `V2__Fill.java`, and `V2_1_Fill.java`, whose code tells its version. */
export function codeName(file: string): Named | null {
  const [, prefix, digits = '', name = ''] = CODE.exec(file) ?? []
  if (prefix === undefined || /(Test|Spec|IT)$/.test(name)) return null
  const description = name.replaceAll('_', ' ')
  if (prefix === 'R') return digits === '' ? { kind: 'repeatable', description } : null
  const version = versionOf(digits)
  if (version === null) return null
  return { kind: prefix === 'U' ? 'undo' : prefix === 'B' ? 'baseline' : 'versioned', version, description }
}
