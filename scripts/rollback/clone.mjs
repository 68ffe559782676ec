import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { isProblem, openRepository } from '../../dist/git/repository.js'
import { openSnapshot } from '../../dist/git/snapshot.js'

/** The clone of a repository in a folder of clones, with or without a working tree; a string says why there is none. */
export async function cloneOf(folder, repo, environment) {
  const names = [repo.replace('/', '+'), repo, repo.split('/').at(-1)]
  const places = names.flatMap((name) => [name, `${name}.git`, join(name, 'repo')]).map((name) => join(folder, name))
  for (const place of places.filter((candidate) => existsSync(candidate))) {
    const found = await openRepository(place, environment)
    // Git looks upwards: what it finds around the folder is another repository.
    if (!isProblem(found) && inside(realpathSync(place), realpathSync(found.root))) return found
  }
  return `no clone called ${names.join(', ')} in ${folder}`
}

function inside(place, root) {
  return root === place || root === join(place, '.git')
}

/** The tree of a commit, as `git` has it and without a checkout; a string says why it cannot be read. */
export async function treeAt(repository, commit) {
  const snapshot = await openSnapshot({ repository, base: commit, head: commit })
  return isProblem(snapshot) ? snapshot.problem : snapshot.head
}
