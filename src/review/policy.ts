import { loadConfig } from '../config/load.js'
import { frameworks } from '../frameworks/index.js'
import type { Side } from '../model/open-snapshot.js'
import type { Settings } from '../model/settings.js'
import { rules } from '../rules/index.js'

/** Where a repository keeps its policy. */
export const CONFIG_PATH = '.github/dba.yml'

/** A policy, or what is wrong with it: a sentence that says where and what to do. */
export type Policy = { readonly settings: Settings } | { readonly problem: string }

/**
 * The policy that one side keeps; the defaults where it keeps none. Only the base's may be asked: an author must not choose it.
 * `owner` is whose repository it is, where that is known: teams of another organisation are nobody's.
 */
export async function policyOn(side: Side, owner: string | null = null): Promise<Policy> {
  if (!side.has(CONFIG_PATH)) return policyIn(undefined, CONFIG_PATH)
  const files = await side.load([CONFIG_PATH])
  const text = files.read(CONFIG_PATH)?.text
  // A policy that is there and cannot be read is not the same as none.
  if (text === undefined) {
    const reason = files.refusal(CONFIG_PATH)?.reason ?? 'its content is missing'
    return { problem: `The configuration ${CONFIG_PATH} cannot be read: ${reason}.` }
  }
  return policyIn(text, CONFIG_PATH, owner)
}

/** The policy that a text states, `undefined` standing for no text; the path is for what is said about it. */
export function policyIn(text: string | undefined, path: string, owner: string | null = null): Policy {
  const loaded = loadConfig(
    text,
    path,
    rules.map(({ meta }) => meta.id),
    owner,
  )
  if ('settings' in loaded) return known(loaded.settings, path)
  const lines = loaded.problems.map(({ message, line }) => `  ${path}:${line}: ${message}`)
  return { problem: `The configuration is not valid:\n${lines.join('\n')}` }
}

/** The policy, if the frameworks and the rule options that it names are there. */
function known(settings: Settings, path: string): Policy {
  const ids = frameworks.map(({ id }) => id)
  const framework = settings.migrations.find(({ framework: id }) => id !== null && !ids.includes(id))?.framework
  if (framework) return { problem: `${path}: no framework is called ${framework}; there are ${ids.join(', ')}.` }
  for (const { meta, defaults } of rules) {
    const setting = settings.rules[meta.id]
    const given = typeof setting === 'object' ? Object.keys(setting.options ?? {}) : []
    const stranger = given.find((option) => !(option in defaults))
    if (stranger === undefined) continue
    const names = Object.keys(defaults)
    const there = names.length === 0 ? 'it has none' : `there are ${names.join(', ')}`
    return { problem: `${path}: the rule ${meta.id} has no option ${stranger}; ${there}.` }
  }
  return { settings }
}
