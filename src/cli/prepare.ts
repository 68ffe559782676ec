import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { loadConfig } from '../config/load.js'
import { clued, gathered } from '../frameworks/gather.js'
import { detectProjects, frameworks, unreadPaths } from '../frameworks/index.js'
import { defaultBranch, openRepository } from '../git/repository.js'
import { openSnapshot, WORKTREE, type Side } from '../git/snapshot.js'
import { entriesOf, type FileEntries } from '../model/file-set.js'
import type { Project } from '../model/migration.js'
import type { FileSet, PullRequest } from '../model/pull-request.js'
import type { Settings } from '../model/settings.js'
import { rules } from '../rules/index.js'
import { isProblem, type Io, type Problem } from './io.js'
import type { RepositoryOptions } from './options.js'

/** Where a repository keeps its policy. */
export const CONFIG_PATH = '.github/dba.yml'

/** A comparison with its policy and the texts that the frameworks asked for. */
export interface Prepared {
  readonly pull: PullRequest
  /** The top of the checkout. */
  readonly top: string
  readonly base: FileEntries
  readonly head: FileEntries
  readonly settings: Settings
}

/** Opens the checkout, reads the policy of the base, and loads what the frameworks ask for, on both sides. */
export async function prepare(options: RepositoryOptions, io: Io): Promise<Prepared | Problem> {
  const { PATH, HOME } = io.environment
  const repository = await openRepository(resolve(io.cwd, options.repo ?? '.'), { PATH, HOME })
  if (isProblem(repository)) return repository
  const base = options.base ?? (await defaultBranch(repository))
  if (isProblem(base)) return base
  const snapshot = await openSnapshot({ repository, base, head: options.head ?? (repository.bare ? 'HEAD' : WORKTREE) })
  if (isProblem(snapshot)) return snapshot
  const settings = await settingsOf(options.config, snapshot.base, io)
  if (isProblem(settings)) return settings
  const clues = { base: await clued(snapshot.base), head: await clued(snapshot.head) }
  const projects = [clues.base, clues.head].flatMap((files) => detectProjects(files, settings.migrations))
  const sides = {
    base: await load(snapshot.base, clues.base, projects, settings),
    head: await load(snapshot.head, clues.head, projects, settings),
  }
  return { pull: snapshot.pull, top: repository.root, ...sides, settings }
}

/** The policy: a named file, else the one on the base, else the defaults. */
export async function settingsOf(named: string | undefined, base: Side | null, io: Io): Promise<Settings | Problem> {
  const path = named ?? CONFIG_PATH
  const text =
    named === undefined ? await configOn(base) : await readFile(resolve(io.cwd, named), 'utf8').catch(() => null)
  if (text === null) return { problem: `The configuration ${path} cannot be read.` }
  if (isProblem(text)) return text
  const loaded = loadConfig(
    text,
    path,
    rules.map(({ meta }) => meta.id),
  )
  if ('settings' in loaded) return known(loaded.settings, path)
  const lines = loaded.problems.map(({ message, line }) => `  ${path}:${line}: ${message}`)
  return { problem: `The configuration is not valid:\n${lines.join('\n')}` }
}

/** The policy, if the frameworks and the rule options that it names are there. */
function known(settings: Settings, path: string): Settings | Problem {
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
  return settings
}

async function configOn(base: Side | null): Promise<string | undefined | Problem> {
  const files = await base?.load([CONFIG_PATH])
  const refused = files?.refusal(CONFIG_PATH)
  return refused
    ? { problem: `The configuration ${CONFIG_PATH} cannot be read: ${refused.reason}.` }
    : files?.read(CONFIG_PATH)?.text
}

async function load(
  side: Side,
  clues: FileSet,
  projects: readonly Project[],
  { baseline }: Settings,
): Promise<FileEntries> {
  const besides = [...unreadPaths(side, projects), ...(baseline === null ? [] : [baseline])]
  return entriesOf(await gathered(side, clues, projects, besides))
}
