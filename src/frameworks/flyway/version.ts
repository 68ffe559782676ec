/** A version as Flyway compares it: its parts without leading zeros, and without zeros at the end; at least one part. */
export type Version = readonly string[]

/**
 * Reads the version in a file's name (`1`, `1.2_3`, `20240131.0930`); null for what Flyway cannot read as one. As in
 * org.flywaydb.core.api.MigrationVersion: an underscore is a dot, a part is a whole number of any length, `1` is `1.0`.
 */
export function versionOf(written: string): Version | null {
  // Flyway cuts at dots that a digit follows; what else stands between them is no number.
  const parts = written.replaceAll('_', '.').split('.')
  if (!parts.every((part) => /^\d+$/.test(part))) return null
  const plain = parts.map((part) => part.replace(/^0+(?=\d)/, ''))
  const last = plain.findLastIndex((part) => part !== '0')
  return plain.slice(0, Math.max(1, last + 1))
}

/** The one way to write a version: equal versions, and no others, are written alike. */
export function show(version: Version): string {
  return version.join('.')
}

/** Orders versions number by number; a part that is not there is 0. */
export function compareVersions(a: Version, b: Version): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = comparePart(a[i] ?? '0', b[i] ?? '0')
    if (order !== 0) return order
  }
  return 0
}

/** Numbers without leading zeros, however long. */
function comparePart(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}
