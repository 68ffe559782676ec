import { loadConfig } from '../config/load.js'
import { originsOf } from '../config/origin.js'
import { frameworks } from '../frameworks/index.js'
import type { Side } from '../model/open-snapshot.js'
import type { Settings } from '../model/settings.js'
import { rules } from '../rules/index.js'

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
  if (!side.has(path)) return policyIn(undefined, path)
  const files = await side.load([path])
  const text = files.read(path)?.text
  // A policy that is there and cannot be read is not the same as none.
  if (text === undefined) {
    const reason = files.refusal(path)?.reason ?? 'its content is missing'
    return { problem: `The configuration ${path} cannot be read: ${reason}.` }
  }
  return policyIn(text, path, owner)
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
