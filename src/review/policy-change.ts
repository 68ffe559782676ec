import { fingerprintOf } from '../lint/settle.js'
import type { Finding } from '../model/finding.js'
import type { OpenSnapshot, Side } from '../model/open-snapshot.js'
import { NO_POLICY_CHANGE, type PolicyChange } from '../model/policy-change.js'
import policyWeakened from '../rules/policy-weakened.js'
import { startOf, type Span } from '../source/span.js'
import { KNOWN_PATH } from './known.js'
import { KNOWN_KEY, weakerIn, type Weaker } from './policy-comparison.js'
import { CONFIG_PATH, policyOn, type Policy } from './policy.js'

/**
 * What a pull request makes of the policy. It counts once it is merged, so that the reader has to know: each value that asks for
 * less is a finding, to which those must agree whom the policy in force names; one that is not valid is no pass. `owner` is whose
 * repository it is, where that is known; `path` is where the policy is kept, `statistics` the file of table sizes that the policy in
 * force names.
 */
export async function policyChange(
  { base, head, policy: inForce }: Pick<OpenSnapshot, 'base' | 'head' | 'policy'>,
  owner: string | null = null,
  {
    path: config = CONFIG_PATH,
    statistics = null,
  }: { readonly path?: string; readonly statistics?: string | null } = {},
): Promise<PolicyChange> {
  const path = await firstChanged([config, KNOWN_PATH, ...(statistics === null ? [] : [statistics])], base, head)
  if (path === undefined) return NO_POLICY_CHANGE
  const at = head.has(path) ? startOf(path) : null
  const then = await policyOn(head, owner, config)
  if ('problem' in then) {
    const message = `this changes the policy ${path}; it will not be valid: ${then.problem}`
    return { findings: [], notes: [{ message, at, bearing: 'withholds' }] }
  }
  const now = await policyBefore(base, inForce, owner, config)
  if ('problem' in now) {
    const message = `this changes the policy ${path}; what it was cannot be told: ${now.problem}`
    return { findings: [], notes: [{ message, at, bearing: 'withholds' }] }
  }
  const weaker = weakerIn(now.settings, then.settings)
  const what = weaker.length === 0 ? 'nothing in it asks for less than before, and it' : 'it'
  const seen = new Map<string, number>()
  return {
    findings: weaker.map((value) => findingOf(value, now.lines ?? {}, then.lines ?? {}, seen, config)),
    notes: [{ message: `this changes the policy ${path}; ${what} counts once it is merged`, at, bearing: 'informs' }],
  }
}

/** The policy at the commit where the head left the base; where that was none, the one that is in force. */
async function policyBefore(base: Side, inForce: Side, owner: string | null, path: string): Promise<Policy> {
  const policy = await policyOn(base, owner, path)
  return 'problem' in policy ? policyOn(inForce, owner, path) : policy
}

/** The first of some files that is not the same on both sides. */
async function firstChanged(paths: readonly string[], base: Side, head: Side): Promise<string | undefined> {
  for (const path of paths) {
    const [before, after] = [nameOn(base, path), nameOn(head, path)]
    if (before !== null && before === after) continue
    const [was, is] = [await textOn(base, path), await textOn(head, path)]
    if (was !== is || was === null) return path
  }
  return undefined
}

/** null where nobody has named it. */
function nameOn(side: Side, path: string): string | null {
  return side.has(path) ? side.identity(path) : 'absent'
}

/** '' where there is none, null where it cannot be read. */
async function textOn(side: Side, path: string): Promise<string | null> {
  if (!side.has(path)) return ''
  return (await side.load([path])).read(path)?.text ?? null
}

type Lines = Readonly<Record<string, number>>

function findingOf(
  { key, before, after }: Weaker,
  was: Lines,
  is: Lines,
  seen: Map<string, number>,
  path: string,
): Finding {
  const { meta } = policyWeakened
  const line = lineOf(key, is)
  const values = { key, before: `${before} (${place(key, was)})`, after: `${after} (${place(key, is)})` }
  const message = (meta.messages['weaker'] ?? '').replace(
    /\{\{(key|before|after)\}\}/g,
    (_, name: keyof typeof values) => values[name],
  )
  const finding: Finding = {
    rule: meta.id,
    severity: 'approval',
    confidence: meta.confidence,
    message,
    at: spanOf(key === KNOWN_KEY ? KNOWN_PATH : path, line ?? 1),
    related: [],
    direction: null,
    migration: null,
    place: line === null ? 'in-file' : 'in-diff',
    allowed: null,
    fingerprint: '',
    fix: null,
  }
  // Where it stands is no part of what it is.
  const identity = { ...finding, message: `${key}: ${before} becomes ${after}` }
  return { ...finding, fingerprint: fingerprintOf(identity, '', seen) }
}

function place(key: string, lines: Lines): string {
  if (key === KNOWN_KEY) return KNOWN_PATH
  const line = lineOf(key, lines)
  return line === null ? 'by default' : `line ${line}`
}

/** The line of a key, or of what it is part of; null for a default. */
function lineOf(key: string, lines: Lines): number | null {
  for (let name = key; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    // A section that is there without the key leaves it to the default.
    if (Object.hasOwn(lines, name) && (name === key || key.endsWith('.options'))) return lines[name] ?? null
  }
  return null
}

function spanOf(path: string, line: number): Span {
  return { path, start: { line, column: 1 }, end: { line: line + 1, column: 1 } }
}
