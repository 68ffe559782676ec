import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FakeGitHub, RepositoryOptions } from './fake.js'
import { changesOf, filesOf } from './state/files.js'
import type { FakePull } from './state/pull.js'
import type { FakeRepository } from './state/repository.js'

const FOLDER = 'fixtures/pulls'

/** One of the sample pull requests (`fixtures/pulls`), opened on a repository that holds its base. */
export function openSample(
  github: FakeGitHub,
  name: string,
  options: Omit<RepositoryOptions, 'files'> & { readonly repository?: string } = {},
): { readonly repository: FakeRepository; readonly pull: FakePull } {
  const folder = join(FOLDER, name)
  const [base, head] = [join(folder, 'base'), join(folder, 'head')]
  const described = JSON.parse(readFileSync(join(folder, 'pull.json'), 'utf8')) as { repository: string; title: string }
  const repository = github.repository(options.repository ?? described.repository, { ...options, files: filesOf(base) })
  return { repository, pull: repository.openPull({ files: changesOf(base, head), title: described.title }) }
}
