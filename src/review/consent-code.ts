import { createHash } from 'node:crypto'
import type { FileEntries } from '../model/file-set.js'
import type { Finding } from '../model/finding.js'
import type { Settings } from '../model/settings.js'

/** Everything that an agreement is about. */
export interface Agreed {
  /** The repository's number, which stays the same when it is renamed. */
  readonly repository: number
  readonly number: number
  /** The branch that the pull request goes to. */
  readonly target: string
  readonly base: string
  readonly head: string
  /** What the review read of each side. */
  readonly files: { readonly base: FileEntries; readonly head: FileEntries }
  readonly findings: readonly Pick<Finding, 'rule' | 'fingerprint' | 'severity'>[]
  readonly settings: Settings
}

/**
 * The code of a text: whoever types it has seen a report about this repository, pull request, target, base, head, bytes,
 * findings and policy, and about no other. The first 12 hexadecimal digits, lower case, of SHA-256 over this JSON without
 * white space, in UTF-8:
 *
 * `["dba-consent-1", repository, number, target, base, head, files, findings, settings]`
 *
 * `files` are those that differ between the sides, by path: `[path, before, after]`, each side the SHA-256 of its text, or
 * `["refused", reason]`, or null where there is none. `findings` are `[rule, fingerprint, severity]`, each as its JSON, sorted.
 * `settings` are the policy in force, every object in it as the list of its `[key, value]`, by key.
 */
export function codeOf({ repository, number, target, base, head, files, findings, settings }: Agreed): string {
  const found = findings.map(({ rule, fingerprint, severity }) => [rule, fingerprint, severity])
  const identity = [
    'dba-consent-1',
    repository,
    number,
    target,
    base,
    head,
    differing(files.base, files.head),
    found.map((each) => JSON.stringify(each)).sort(),
    ordered(settings),
  ]
  return sha256(JSON.stringify(identity)).slice(0, 12)
}

/** Whether it is written as a code is. */
export function isCode(text: string): boolean {
  return /^[0-9a-f]{12}$/.test(text)
}

function differing(base: FileEntries, head: FileEntries): readonly (readonly [string, unknown, unknown])[] {
  const paths = [...new Set([...base.keys(), ...head.keys()])].sort()
  return paths
    .map((path) => [path, contentOf(base.get(path)), contentOf(head.get(path))] as const)
    .filter(([, before, after]) => JSON.stringify(before) !== JSON.stringify(after))
}

function contentOf(entry: ReturnType<FileEntries['get']>): unknown {
  if (!entry) return null
  return 'text' in entry ? sha256(entry.text) : ['refused', entry.reason]
}

/** The same value with the keys of its objects in order, so that equal policies are written alike. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, each]) => [key, ordered(each)])
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
