import { join, parentOf } from '../folders.js'

/** Where the parts of a project of Sqitch lie, as repository paths. */
export interface Layout {
  readonly plan: string
  readonly deploy: string
  readonly revert: string
  readonly verify: string
  /** Of scripts, without the dot. */
  readonly extension: string
  /** The engine that the configuration names; null when it names none. */
  readonly engine: string | null
}

/** The layout that a `sqitch.conf` tells; what it leaves out is as Sqitch has it (https://sqitch.org/docs/manual/sqitch-config/). */
export function layoutOf(confPath: string, text: string): Layout | null {
  const settings = settingsOf(text)
  const engine = settings.get('core.engine') ?? null
  const said = (name: string): string | undefined =>
    settings.get(`engine.${engine}.${name}`) ?? settings.get(`core.${name}`)
  const home = parentOf(confPath)
  const top = within(home, said('top_dir') ?? '.')
  if (top === null) return null
  const folder = (name: string): string | null => {
    const told = said(`${name}_dir`)
    return told === undefined ? join(top, name) : within(home, told)
  }
  const told = said('plan_file')
  const plan = told === undefined ? join(top, 'sqitch.plan') : within(home, told)
  const [deploy, revert, verify] = [folder('deploy'), folder('revert'), folder('verify')]
  if (plan === null || deploy === null || revert === null || verify === null) return null
  return { plan, deploy, revert, verify, extension: said('extension') ?? 'sql', engine }
}

/** The layout of a folder with a plan that no configuration speaks of. */
export function plainLayout(folder: string): Layout {
  const [plan, deploy, revert, verify] = ['sqitch.plan', 'deploy', 'revert', 'verify'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string]
  return { plan, deploy, revert, verify, extension: 'sql', engine: null }
}

/** Settings by `section.name` or `section.subsection.name`, as Git writes them. */
function settingsOf(text: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>()
  let section = ''
  for (const raw of text.split('\n')) {
    const line = raw.trim()
    if (line === '' || /^[#;]/.test(line)) continue
    const [, name, sub] = /^\[\s*([\w.-]+)(?:\s+"([^"]*)")?\s*\]/.exec(line) ?? []
    if (name !== undefined) {
      section = sub === undefined ? name.toLowerCase() : `${name.toLowerCase()}.${sub}`
      continue
    }
    const [, key, value = ''] = /^([\w-]+)\s*=\s*(.*?)\s*(?:[#;].*)?$/.exec(line) ?? []
    if (key !== undefined) settings.set(`${section}.${key.toLowerCase()}`, value.replace(/^"(.*)"$/, '$1'))
  }
  return settings
}

/** A path from a folder; null when it leads out of the repository. */
function within(home: string, path: string): string | null {
  if (path.startsWith('/')) return null
  const parts = home === '' ? [] : home.split('/')
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return null
    } else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}
