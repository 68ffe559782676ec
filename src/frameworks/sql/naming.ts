import type { Place, Versioned } from './dialect.js'

/** Decimal digits as the number they mean: leading zeros make no other version. */
export function canonical(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '')
}

/** Orders canonical decimal versions as numbers, however long; ties by path. */
export function compareNumbers(a: Versioned, b: Versioned): number {
  return a.version.length - b.version.length || compareText(a.version, b.version) || compareText(a.path, b.path)
}

/** Orders by code units. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** A name as people read it. */
export function titleOf(name: string): string {
  return name.replace(/[_-]+/g, ' ').trim()
}

/** Whether a whole number fits a signed 64-bit integer, or an unsigned one. */
export function fits(digits: string, signed: boolean): boolean {
  return BigInt(digits) <= (signed ? 2n ** 63n - 1n : 2n ** 64n - 1n)
}

/** SQL files that stand beside migrations by custom and were never meant to be one. */
const COMPANIONS = /^(schema|structure|seeds?|init|dump|baseline|queries|fixtures?|test_?data|sample_?data)\b.*\.sql$/i

/** An SQL file in the folder itself, which is what most tools look at. */
export const SQL_HERE = /^[^/]+\.sql[^/]*$/i

/** What to say of an SQL file that the tool cannot pass over: a stray, whatever the file is for. */
export function stopper(path: string, reason: string): Place {
  return path.includes('/') || !/\.sql$/.test(path) ? null : { kind: 'stray', reason, stops: true }
}

/** What to say of a file that matches no pattern: a stray when it is SQL, nothing for other files. */
export function strayOrNobody(path: string, reason: string): Place {
  if (path.includes('/') || !/\.sql$/i.test(path) || COMPANIONS.test(path)) return null
  return { kind: 'stray', reason }
}
