import { readFileSync } from 'node:fs'

interface Manifest {
  readonly version: string
  readonly repository?: { readonly url: string }
  /** Written by a release: the commit that holds the Action of this version. */
  readonly action?: { readonly commit: string }
}

/** The version of this program, as its package says. */
export function programVersion(): string {
  return manifest().version
}

/** The Action of this version as workflows name it: by its commit where this is a release, else by the branch of its major version. */
export function programAction(): string {
  const { version, repository, action } = manifest()
  const name = /github\.com\/([\w.-]+\/[\w.-]+?)(\.git)?$/.exec(repository?.url ?? '')?.[1]
  if (name === undefined) throw new Error('the package does not say which repository it is from')
  return action === undefined ? `${name}@v${version.split('.')[0]}` : `${name}@${action.commit} # v${version}`
}

function manifest(): Manifest {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Manifest
}
