import { loadConfig } from '../config/load.js'
import { originsOf } from '../config/origin.js'
import { frameworks } from '../frameworks/index.js'
import type { Side } from '../model/open-snapshot.js'
import type { Settings } from '../model/settings.js'
import { readKnownFindings } from '../config/known-findings.js'
import { rules } from '../rules/index.js'
import { readStatistics, sizesIn } from '../statistics/file.js'
import { KNOWN_PATH } from './known.js'

/** Where a repository keeps its policy. */
export const CONFIG_PATH = '.github/dba.yml'

/** A policy, or what is wrong with it: a sentence that says where and what to do. */
export type Policy =
  | {
      readonly settings: Settings
      /** The line of each key that is written down; null where nothing is, and every value is a default. */
      readonly lines: Readonly<Record<string, number>> | null
    }
  | { readonly problem: string }

/**
 * The policy that one side keeps; the defaults where it keeps none. Only the base's may be asked: an author must not choose it.
 * `owner` is whose repository it is, where that is known: teams of another organisation are nobody's.
 */
export async function policyOn(side: Side, owner: string | null = null, path = CONFIG_PATH): Promise<Policy> {
  const read = readerOf(side)
  const text = await read(path)
  // A policy that is there and cannot be read is not the same as none.
  if (typeof text === 'object') return { problem: `The configuration ${path} cannot be read: ${text.reason}.` }
  return withFiles(policyIn(text, path, owner), read)
}

/** Reads a file of the place where a policy is kept: its text, undefined where there is none, or why it cannot be read. */
export type Read = (path: string) => Promise<string | undefined | { readonly reason: string }>

/** Reads what one side keeps. */
export function readerOf(side: Side): Read {
  return async (path) => {
    if (!side.has(path)) return undefined
    const files = await side.load([path])
    return files.read(path)?.text ?? { reason: files.refusal(path)?.reason ?? 'its content is missing' }
  }
}

/** A policy with what the files say that belong to it: the statistics that it names, and the findings that are known. */
export async function withFiles(policy: Policy, read: Read): Promise<Policy> {
  const full = await measured(policy, read)
  if ('problem' in full) return full
  const text = await read(KNOWN_PATH)
  if (text === undefined) return full
  const known = typeof text === 'object' ? { problem: text.reason } : readKnownFindings(text)
  if ('problem' in known) return { problem: `The known findings in ${KNOWN_PATH} cannot be used: ${known.problem}.` }
  return { ...full, settings: { ...full.settings, known } }
}

/** A policy with what the statistics say that it names. Where they cannot be read nobody knows what it would have stopped. */
export async function measured(policy: Policy, read: Read): Promise<Policy> {
  if ('problem' in policy) return policy
  const { tables } = policy.settings
  if (tables.statistics === null) return policy
  const cannot = (reason: string): Policy => ({
    problem: `The statistics ${tables.statistics} that the configuration names cannot be used: ${reason}.`,
  })
  const text = await read(tables.statistics)
  if (text === undefined) return cannot('there is no such file on the base branch')
  if (typeof text === 'object') return cannot(text.reason)
  const statistics = readStatistics(text)
  if ('problem' in statistics) return cannot(statistics.problem)
  const sizes = sizesIn(statistics, tables.thresholds)
  return { ...policy, settings: { ...policy.settings, tables: { ...tables, measured: sizes } } }
}

/** The policy that a text states, `undefined` standing for no text; the path is for what is said about it. */
export function policyIn(text: string | undefined, path: string, owner: string | null = null): Policy {
  const loaded = loadConfig(
    text,
    path,
    rules.map(({ meta }) => meta.id),
    owner,
  )
  if ('settings' in loaded) {
    const problem = stranger(loaded.settings, path)
    return problem ?? { settings: loaded.settings, lines: text === undefined ? null : originsOf(text) }
  }
  const lines = loaded.problems.map(({ message, line }) => `  ${path}:${line}: ${message}`)
  return { problem: `The configuration is not valid:\n${lines.join('\n')}` }
}

/** What a policy names of frameworks and rule options that are not there; null when all are. */
function stranger(settings: Settings, path: string): { readonly problem: string } | null {
  const ids = frameworks.map(({ id }) => id)
  const framework = settings.migrations.find(({ framework: id }) => id !== null && !ids.includes(id))?.framework
  if (framework) return { problem: `${path}: no framework is called ${framework}; there are ${ids.join(', ')}.` }
  for (const { meta, defaults } of rules) {
    const setting = settings.rules[meta.id]
    const given = typeof setting === 'object' ? Object.keys(setting.options ?? {}) : []
    const unknown = given.find((option) => !(option in defaults))
    if (unknown === undefined) continue
    const names = Object.keys(defaults)
    const there = names.length === 0 ? 'it has none' : `there are ${names.join(', ')}`
    return { problem: `${path}: the rule ${meta.id} has no option ${unknown}; ${there}.` }
  }
  return null
}
