import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { defaultBranch, openRepository } from '../git/repository.js'
import { openSnapshot, WORKTREE } from '../git/snapshot.js'
import type { OpenSnapshot, Side } from '../model/open-snapshot.js'
import type { Settings } from '../model/settings.js'
import { CONFIG_PATH, measured, policyIn, policyOn, readerOf, withFiles, type Policy } from '../review/policy.js'
import { prepareReview, type Prepared } from '../review/prepare.js'
import { isProblem, type Io, type Problem } from './io.js'
import type { RepositoryOptions } from './options.js'

/** What is reviewed, and where it lies on disk. */
export interface PreparedCheckout extends Prepared {
  /** The top of the checkout. */
  readonly top: string
}

/** A checkout that was opened, of which nothing is loaded yet. */
export interface Checkout {
  readonly snapshot: OpenSnapshot
  /** What it is compared with. */
  readonly base: string
  /** Its top on disk. */
  readonly top: string
}

/** Opens the checkout. */
export async function openCheckout(options: RepositoryOptions, io: Io): Promise<Checkout | Problem> {
  const { PATH, HOME } = io.environment
  const repository = await openRepository(resolve(io.cwd, options.repo ?? '.'), { PATH, HOME })
  if (isProblem(repository)) return repository
  const base = options.base ?? (await defaultBranch(repository))
  if (isProblem(base)) return base
  const snapshot = await openSnapshot({ repository, base, head: options.head ?? (repository.bare ? 'HEAD' : WORKTREE) })
  return isProblem(snapshot) ? snapshot : { snapshot, base, top: repository.root }
}

/** Opens the checkout, reads the policy of the base, and loads what the frameworks ask for, on both sides. */
export async function prepare(options: RepositoryOptions, io: Io): Promise<PreparedCheckout | Problem> {
  const checkout = await openCheckout(options, io)
  if (isProblem(checkout)) return checkout
  const { snapshot, top } = checkout
  const settings = await settingsOf(options.config, snapshot.policy, io)
  if (isProblem(settings)) return settings
  return { ...(await prepareReview(snapshot, settings)), top }
}

/** The policy: a named file, else the one on the base, else the defaults. What it names lies on the base, or where there is none on disk. */
export async function settingsOf(named: string | undefined, base: Side | null, io: Io): Promise<Settings | Problem> {
  const policy = named === undefined ? await policyOfBase(base) : await policyNamed(named, base, io)
  return isProblem(policy) ? policy : policy.settings
}

async function policyOfBase(base: Side | null): Promise<Policy> {
  return base === null ? policyIn(undefined, CONFIG_PATH) : policyOn(base)
}

async function policyNamed(named: string, base: Side | null, io: Io): Promise<Policy> {
  const text = await onDisk(io, named)
  if (text === undefined) return { problem: `The configuration ${named} cannot be read.` }
  const policy = policyIn(text, named)
  return base === null ? measured(policy, (path) => onDisk(io, path)) : withFiles(policy, readerOf(base))
}

/** A file on disk, as the place where a policy is kept. */
export function onDisk(io: Io, path: string): Promise<string | undefined> {
  return readFile(resolve(io.cwd, path), 'utf8').catch(() => undefined)
}
