import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { nearest } from '../source/nearest.js'
import { type Environment, runGit } from './command.js'

/** A clone on this machine. */
export interface Repository {
  /** The top of the working tree, or the repository itself when it is bare. */
  readonly root: string
  /** Whether it has no working tree to look at. */
  readonly bare: boolean
  /** Whether its history is cut off. */
  readonly shallow: boolean
  /** `owner/name` by its remote, else the folder's name. */
  readonly name: string
  /** The remote that is meant when none is named; null when there is none. */
  readonly remote: string | null
  readonly environment: Environment
}

/** Why git could not answer, as a sentence that says what to do. */
export interface GitProblem {
  readonly problem: string
}

/** Whether it is a problem instead of an answer. */
export function isProblem<Value>(value: Value | GitProblem): value is GitProblem {
  return typeof value === 'object' && value !== null && 'problem' in value
}

/** Finds the repository that a folder belongs to. `environment` is the process's, of which only PATH and HOME are used. */
export async function openRepository(path: string, environment: Environment = {}): Promise<Repository | GitProblem> {
  const folder = resolve(path)
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder) return { problem: `There is no folder ${folder}; name the folder of a clone.` }

  const facts = await runGit(folder, environment, [
    'rev-parse',
    '--is-bare-repository',
    '--is-shallow-repository',
    '--absolute-git-dir',
  ])
  if (facts.code === null) return { problem: 'git is not installed, or not on the PATH; install git 2.32 or newer.' }
  if (facts.code !== 0) {
    return {
      problem: `${folder} is not in a git repository (git says: ${firstLine(facts.error)}); run this in a clone.`,
    }
  }
  const [bareText, shallowText, gitDir = folder] = linesOf(facts.out)
  const top = bareText === 'true' ? null : await runGit(folder, environment, ['rev-parse', '--show-toplevel'])
  const root = top?.code === 0 ? withoutLineEnd(top.out) : gitDir
  const remote = await remoteOf(root, environment)
  return {
    root,
    bare: top?.code !== 0,
    shallow: shallowText === 'true',
    name: remote?.name ?? basename(root).replace(/\.git$/, ''),
    remote: remote?.id ?? null,
    environment,
  }
}

async function remoteOf(root: string, environment: Environment): Promise<{ id: string; name: string | null } | null> {
  const ids = linesOf((await runGit(root, environment, ['remote'])).out)
  const id = ids.includes('origin') ? 'origin' : ids[0]
  if (id === undefined) return null
  const url = await runGit(root, environment, ['config', '--get', `remote.${id}.url`])
  return { id, name: nameInUrl(withoutLineEnd(url.out)) }
}

/** `owner/name` of an address on a server, never anything of its user part, which may hold a password. */
export function nameInUrl(url: string): string | null {
  const path = /^(?:https?|ssh|git):\/\/[^/]+\/(.+)$/.exec(url)?.[1] ?? /^[^/:]+:(?!\/\/)(.+)$/.exec(url)?.[1]
  const parts =
    path
      ?.replace(/\/+$/, '')
      .replace(/\.git$/, '')
      .split('/')
      .filter(Boolean) ?? []
  return parts.length >= 2 ? parts.slice(-2).join('/') : null
}

/** The branch that pull requests go to: what the remote calls its head, else the first usual name that exists. */
export async function defaultBranch(repository: Repository): Promise<string | GitProblem> {
  const { remote } = repository
  if (remote !== null) {
    const head = await inRepository(repository, ['symbolic-ref', '--quiet', '--short', `refs/remotes/${remote}/HEAD`])
    const name = withoutLineEnd(head.out)
    if (head.code === 0 && (await commitOf(repository, name)) !== null) return name
  }
  for (const name of ['main', 'master', 'trunk']) {
    const candidates = remote === null ? [name] : [`${remote}/${name}`, name]
    for (const candidate of candidates) if ((await commitOf(repository, candidate)) !== null) return candidate
  }
  return { problem: 'There is no main, master or trunk branch here; name the branch to compare with (--base).' }
}

/** The commit that a branch, tag or commit id stands for. */
export async function resolveCommit(repository: Repository, ref: string): Promise<string | GitProblem> {
  const commit = await commitOf(repository, ref)
  if (commit !== null) return commit
  const names = await refNames(repository)
  if (names.length === 0) return { problem: `${repository.root} has no commit on any branch; commit something first.` }
  const near = nearest(ref, names)
  const meant = near.length === 0 ? '' : `; did you mean ${either(near)}?`
  return {
    problem: `Unknown ref '${ref}'${meant === '' ? '.' : meant}${near.length === 0 ? fetchHint(repository, ref) : ''}`,
  }
}

function fetchHint({ remote }: Repository, ref: string): string {
  if (remote === null) return ''
  const branch = ref.startsWith(`${remote}/`) ? ref.slice(remote.length + 1) : ref
  return ` If it is a branch on the remote, run \`git fetch ${remote} ${shellWord(`${branch}:refs/remotes/${remote}/${branch}`)}\`.`
}

/** The commit at which two commits parted. */
export async function mergeBase(repository: Repository, base: string, head: string): Promise<string | GitProblem> {
  const answer = await inRepository(repository, ['merge-base', base, head])
  if (answer.code === 0) return withoutLineEnd(answer.out)
  if (answer.code !== 1) throw new Error(`git merge-base failed: ${answer.error}`)
  const parted = `the commit at which ${short(head)} left ${short(base)}`
  if (!repository.shallow) {
    return {
      problem: `There is no common history, so ${parted} does not exist; name a --base that the head grew from.`,
    }
  }
  const command = ['git fetch --unshallow', repository.remote].filter((word) => word !== null).join(' ')
  return {
    problem: `This clone is shallow and lacks ${parted}; run \`${command}\` (in GitHub Actions: checkout with fetch-depth: 0).`,
  }
}

/** Whether two commits hold the very same files. */
export async function sameFiles(repository: Repository, one: string, other: string): Promise<boolean> {
  const trees = await Promise.all(
    [one, other].map((commit) =>
      inRepository(repository, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{tree}`]),
    ),
  )
  const [left, right] = trees.map(({ code, out }) => (code === 0 ? withoutLineEnd(out) : null))
  return left !== null && left === right
}

async function commitOf(repository: Repository, ref: string): Promise<string | null> {
  // No ref begins with a dash; git would take it for an option.
  if (ref === '' || ref.startsWith('-') || ref.includes('\0')) return null
  const answer = await inRepository(repository, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`])
  return answer.code === 0 ? withoutLineEnd(answer.out) : null
}

async function refNames(repository: Repository): Promise<readonly string[]> {
  const kinds = ['refs/heads', 'refs/remotes', 'refs/tags']
  return linesOf((await inRepository(repository, ['for-each-ref', '--format=%(refname:short)', ...kinds])).out)
}

function inRepository(repository: Repository, args: readonly string[]): ReturnType<typeof runGit> {
  return runGit(repository.root, repository.environment, args)
}

function linesOf(out: Buffer): readonly string[] {
  return out
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
}

function withoutLineEnd(out: Buffer): string {
  return out.toString('utf8').replace(/\r?\n$/, '')
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}

function short(commit: string): string {
  return commit.slice(0, 7)
}

function either(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`
}

function shellWord(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
