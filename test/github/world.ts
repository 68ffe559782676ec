import { expect } from '@jest/globals'
import { openAppAuth } from '../../src/github/app-auth.js'
import { type Api, type Connection, openApi } from '../../src/github/api.js'
import { APP_ID, PRIVATE_KEY, startFake } from '../github-fake/world.js'
import type { Exchange, FakeGitHub, FakePull, FakeRepository, RepositoryOptions } from '../support/github/index.js'

export { APP_ID }
export const AT = new Date('2026-01-01T00:00:00Z')

/** A fake GitHub with what it was asked, and the real way to it. */
export interface World {
  readonly github: FakeGitHub
  readonly connection: Connection
  /** A repository of its own for a test. */
  repository(options?: RepositoryOptions): FakeRepository
  /** The way to one repository, with a token of its own. */
  api(repository: FakeRepository): Api
  /** The routes that were asked for since the last time, shortened. */
  asked(): readonly string[]
  /** Nothing was asked that GitHub would not take, and nothing is lost. */
  end(): Promise<void>
}

/** `headers`: how long an answer is waited for; long where requests are counted, short where some are never answered. */
export async function openWorld(headers = 20_000): Promise<World> {
  const github = await startFake()
  const connection: Connection = {
    baseUrl: github.url,
    fetch: (url, options) => fetch(url, options),
    now: () => Date.now(),
    random: () => 0.5,
    sleep: async () => undefined,
    deadlines: { headers, total: 20_000, bytes: 64 << 20 },
  }
  const auth = openAppAuth({ appId: APP_ID, privateKey: PRIVATE_KEY }, connection)
  let repositories = 0
  let seen = 0
  return {
    github,
    connection,
    repository: (options = {}) => github.repository(`acme/shop-${++repositories}`, options),
    api: (repository) => {
      const installation = github.installation(repository.owner.login).id
      const token = auth.tokens({ installation, repositoryId: repository.id })
      const { id, name } = repository
      return openApi({ id, owner: repository.owner.login, name }, { connection, token })
    },
    asked: () => {
      const since = github.requests.slice(seen)
      seen = github.requests.length
      return since.map(shortRoute)
    },
    end: async () => {
      await github.stop()
      expect(github.violations).toEqual([])
      expect(github.mistakes).toEqual([])
    },
  }
}

function shortRoute({ method, route, path }: Exchange): string {
  return `${method} ${(route ?? path).replace(/^\w+ /, '').replace('/repos/{owner}/{repo}', '')}`
}

/** A pull request that adds a migration to a small repository. */
export function pullOf(repository: FakeRepository, files: Readonly<Record<string, string | null>> = {}): FakePull {
  return repository.openPull({ files: { 'm/2.sql': 'ALTER TABLE orders DROP COLUMN total;\n', ...files } })
}
