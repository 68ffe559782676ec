import type { SourceText } from '../../../source/source-text.js'
import type { Told } from '../settings.js'

/** What a configuration file tells Flyway; null when it does not speak of Flyway. `reason`: it could not be read. */
export type Configured =
  | { readonly kind: 'told'; readonly told: Told }
  | { readonly kind: 'unread'; readonly reason: string; readonly line: number }
  | null

/** Reads one form of configuration file. */
export type ConfigurationReader = (source: SourceText) => Configured

/** What a file tells; null when that is nothing. */
export function toldOf(told: Iterable<readonly [string, string]>): Configured {
  const entries = new Map(told)
  return entries.size === 0 ? null : { kind: 'told', told: entries }
}

/**
 * The settings in a tree of values, by dotted names: lists are joined by commas. What is deeper than any configuration is left.
 */
export function flattened(value: unknown, name = '', depth = 0): readonly (readonly [string, string])[] {
  if (Array.isArray(value)) return [[name, value.filter(isScalar).map(String).join(',')]]
  if (isScalar(value)) return [[name, String(value)]]
  if (typeof value !== 'object' || value === null || depth > 20) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    flattened(inner, name === '' ? key : `${name}.${key}`, depth + 1),
  )
}

function isScalar(value: unknown): value is string | number | boolean | bigint {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value)
}

/** `out-of-order` as `outOfOrder`; names of placeholders stay as they are. */
export function camel(name: string): string {
  if (/^placeholders\./.test(name)) return name.replace(/^(placeholders\.)"?(.*?)"?$/, '$1$2')
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
