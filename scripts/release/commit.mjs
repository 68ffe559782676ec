import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Runs git in a repository. */
export function git(root, args, environment = {}, input = '') {
  const options = { encoding: 'utf8', env: { ...process.env, ...environment }, input, stdio: ['pipe', 'pipe', 'pipe'] }
  return execFileSync('git', ['-C', root, '-c', 'core.autocrlf=false', ...args], options).trim()
}

/** What a ref stands for, null where there is none. */
export function commitOf(root, ref) {
  try {
    return git(root, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`])
  } catch {
    return null
  }
}

/** The name that git gives to a folder, whose files it takes into the repository. */
export function treeOf(root, folder) {
  const scratch = mkdtempSync(join(tmpdir(), 'dba-release-'))
  try {
    const index = { GIT_INDEX_FILE: join(scratch, 'index') }
    git(root, ['--work-tree', resolve(folder), 'add', '--all', '--force', '.'], index)
    return git(root, ['write-tree'], index)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/**
 * Makes the commit of a release and returns its name: the folder, after the newest release of the major version (null for the first),
 * with author and dates of the source, which the message names. So whoever builds the same source gets the same commit.
 */
export function commitRelease(root, { folder, version, source, newest }) {
  const [name, email, date] = git(root, ['show', '--no-patch', '--format=%an%n%ae%n%aI', source]).split('\n')
  const people = ['AUTHOR', 'COMMITTER'].flatMap((role) => [
    [`GIT_${role}_NAME`, name],
    [`GIT_${role}_EMAIL`, email],
    [`GIT_${role}_DATE`, date],
  ])
  const parent = newest === null ? [] : ['-p', newest]
  const message = `v${version}\n\nBuilt from ${source}.\n`
  return git(
    root,
    ['-c', 'commit.gpgsign=false', 'commit-tree', treeOf(root, folder), ...parent],
    Object.fromEntries(people),
    message,
  )
}

/** The commit from which a release says that it was built. */
export function sourceOf(root, release) {
  return (
    /^Built from ([0-9a-f]{40,64})\.$/m.exec(git(root, ['show', '--no-patch', '--format=%B', release]))?.[1] ?? null
  )
}

/** The paths in which a release is not what a folder is; none when it is the same. */
export function differing(root, release, folder) {
  const out = git(root, ['diff-tree', '-r', '--name-only', '-z', `${release}^{tree}`, treeOf(root, folder)])
  return out.split('\0').filter((path) => path !== '')
}
