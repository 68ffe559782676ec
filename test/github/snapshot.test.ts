import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Cache, memoryCache, type SnapshotCache } from '../../src/github/cache.js'
import { openCommit, openSnapshot } from '../../src/github/snapshot.js'
import type { OpenSnapshot, Side } from '../../src/model/open-snapshot.js'
import { LARGEST_FILE } from '../../src/source/source-text.js'
import type { FakePull, FakeRepository, FileChanges } from '../support/github/index.js'
import { openWorld, type World } from './world.js'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.end())

async function compare(
  repository: FakeRepository,
  pull: FakePull,
  { cache = memoryCache(), commits }: { cache?: SnapshotCache; commits?: number } = {},
): Promise<OpenSnapshot> {
  const asked = { base: repository.tip(), head: pull.sha, number: pull.number }
  const snapshot = await openSnapshot(world.api(repository), { ...asked, ...(commits && { commits }) }, cache)
  if ('problem' in snapshot) throw new Error(snapshot.problem)
  return snapshot
}

/** Each asked file as its text, or its refusal in angle brackets. */
async function contents(side: Side, ...paths: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const files = await side.load(paths)
  const shown = (path: string): string => files.read(path)?.text ?? `<${files.refusal(path)?.reason ?? 'not there'}>`
  return Object.fromEntries(paths.map((path) => [path, shown(path)]))
}

const FILES: FileChanges = { 'm/1.sql': 'one', 'm/2.sql': 'two', 'README.md': 'readme', '.github/dba.yml': 'old' }

test('the base is where the branch began, and the policy is that of the base branch as it is now', async () => {
  const repository = world.repository({ files: FILES })
  const pull = repository.openPull({ files: { 'm/2.sql': 'TWO', 'm/3.sql': 'three' } })
  const fork = pull.base.sha
  repository.commit({ 'm/9.sql': 'later', '.github/dba.yml': 'stricter' })

  const snapshot = await compare(repository, pull)
  expect(snapshot.pull).toEqual({ repository: repository.fullName, number: pull.number, base: fork, head: pull.sha })
  expect(snapshot.base.paths).toEqual(['.github/dba.yml', 'README.md', 'm/1.sql', 'm/2.sql'])
  expect(snapshot.head.paths).toEqual(['.github/dba.yml', 'README.md', 'm/1.sql', 'm/2.sql', 'm/3.sql'])
  expect(snapshot.complete).toBe(true)
  expect(await contents(snapshot.base, 'm/2.sql', 'm/3.sql')).toEqual({ 'm/2.sql': 'two', 'm/3.sql': '<not there>' })
  expect(await contents(snapshot.head, 'm/2.sql', 'm/3.sql')).toEqual({ 'm/2.sql': 'TWO', 'm/3.sql': 'three' })
  expect(await contents(snapshot.policy, '.github/dba.yml')).toEqual({ '.github/dba.yml': 'stricter' })
  expect((await snapshot.head.load(['m/3.sql'])).read('m/1.sql')).toBeUndefined()
})

describe('what it costs', () => {
  const TREE = 'GET /git/trees/{tree_sha}'
  const COMPARE = 'GET /compare/{basehead}'
  const TOKEN = 'POST /app/installations/{installation_id}/access_tokens'

  test.each([1, 3])(
    'three requests where the pull request is up to date and has %i commits, none of them for files',
    async (n) => {
      const repository = world.repository({ files: FILES })
      const pull = repository.openPull({ files: { 'm/3.sql': 'three' } })
      for (let i = 1; i < n; i++) pull.push({ 'm/3.sql': `three ${i}` })
      world.asked()
      await compare(repository, pull, { commits: n })
      expect(world.asked()).toEqual([TOKEN, COMPARE, TREE, TREE])
    },
  )

  test('one more where the number of commits is not known, or the base went on', async () => {
    const repository = world.repository({ files: FILES })
    const pull = repository.openPull({ files: { 'm/3.sql': 'three' } })
    pull.push({ 'm/3.sql': 'THREE' })
    world.asked()
    await compare(repository, pull)
    expect(world.asked()).toEqual([TOKEN, COMPARE, 'GET /git/commits/{commit_sha}', TREE, TREE])
    repository.commit({ 'm/9.sql': 'later' })
    await compare(repository, pull, { commits: 2 })
    expect(world.asked()).toEqual([COMPARE, TREE, TREE, TREE])
  })

  test('a push later only what is new: trees and contents are kept by what they hold', async () => {
    const repository = world.repository({ files: FILES })
    const pull = repository.openPull({ files: { 'm/3.sql': 'three' } })
    const cache = memoryCache()
    const first = await compare(repository, pull, { cache, commits: 1 })
    await contents(first.head, 'm/1.sql', 'm/2.sql', 'm/3.sql')
    await contents(first.base, 'm/1.sql', 'm/2.sql')
    pull.push({ 'm/3.sql': 'THREE' })
    world.asked()
    const second = await compare(repository, pull, { cache, commits: 2 })
    expect(await contents(second.head, 'm/1.sql', 'm/3.sql')).toEqual({ 'm/1.sql': 'one', 'm/3.sql': 'THREE' })
    expect(world.asked()).toEqual([COMPARE, TREE, 'GET /git/blobs/{file_sha}'])
  })

  test('many texts come in batches, and what GraphQL does not give exactly comes on its own', async () => {
    const long = `-- ${'x'.repeat(300_000)}`
    const many = Object.fromEntries(
      Array.from({ length: 120 }, (_, i) => [`m/${i + 10}.sql`, `SELECT ${i};\r\n-- é\n`]),
    )
    const odd = { 'm/nul.sql': 'a\0b', 'm/latin.sql': Buffer.from([0x2d, 0x2d, 0xe9]), 'm/long.sql': long }
    const repository = world.repository({ files: { ...many, ...odd } })
    const pull = repository.openPull({ files: { 'm/1.sql': 'one' } })
    const { head } = await compare(repository, pull, { commits: 1 })
    world.asked()
    const found = await contents(head, ...Object.keys(many), ...Object.keys(odd))
    expect(world.asked()).toEqual([...Array(3).fill('POST /graphql'), ...Array(3).fill('GET /git/blobs/{file_sha}')])
    expect(found).toMatchObject(many)
    expect(found['m/long.sql']).toBe(long)
    expect(found['m/nul.sql']).toMatch(/NUL/)
    expect(found['m/latin.sql']).toMatch(/not valid UTF-8/)
  })
})

test('links, submodules, names that lead out, LFS pointers and large files are refused, the large ones unread', async () => {
  const repository = world.repository({ files: FILES })
  const pull = repository.openPull({
    files: {
      'm/link.sql': { mode: '120000', content: '/etc/passwd' },
      'm/run.sql': { mode: '100755', content: 'run' },
      'm/module': { submodule: 'c'.repeat(40) },
      'm/large.sql': 'x'.repeat(LARGEST_FILE + 1),
      'm/.git/x.sql': 'x',
      'm/lfs.sql': 'version https://git-lfs.github.com/spec/v1\noid sha256:x\n',
      'm/mark.sql': '\ufeffSELECT 1',
    },
  })
  const { head } = await compare(repository, pull, { commits: 1 })
  world.asked()
  const paths = ['m/link.sql', 'm/run.sql', 'm/module', 'm/large.sql', 'm/.git/x.sql', 'm/lfs.sql', 'm/mark.sql']
  expect(await contents(head, ...paths)).toEqual({
    'm/link.sql': '<file is a symbolic link>',
    'm/run.sql': 'run',
    'm/module': '<file is a submodule>',
    'm/large.sql': `<file has ${LARGEST_FILE + 1} bytes; the most that is read is ${LARGEST_FILE}>`,
    'm/.git/x.sql': '<the path of the file leads out of the repository>',
    'm/lfs.sql': '<file is a Git LFS pointer, not the text itself>',
    'm/mark.sql': '<file begins with a byte order mark, which PostgreSQL does not accept>',
  })
  expect(world.asked()).toEqual(['POST /graphql'])
})

describe('T7: a list that may be short is never taken for whole', () => {
  const folders = (n: number): FileChanges =>
    Object.fromEntries(Array.from({ length: n }, (_, i) => [`junk/${i % 7}/${i}.txt`, `${i}`]))

  test('R21: 10,001 files, the migration last', async () => {
    const repository = world.repository({ files: { 'a.txt': 'a' } })
    const pull = repository.openPull({ files: { ...folders(10_000), 'z/1.sql': 'DROP TABLE users;' } })
    world.asked()
    const { head, complete } = await compare(repository, pull, { commits: 1 })
    expect(complete).toBe(true)
    expect(head.paths).toHaveLength(10_002)
    expect(head.paths.at(-1)).toBe('z/1.sql')
    expect(world.asked().length).toBeLessThanOrEqual(40)
  })

  test('a tree that GitHub cuts off is listed folder by folder', async () => {
    const repository = world.repository({ files: { 'a.txt': 'a', ...folders(70) } })
    const pull = repository.openPull({ files: { 'z/1.sql': 'DROP TABLE users;' } })
    world.github.limits.treeEntries = 40
    try {
      const { base, head, complete } = await compare(repository, pull, { commits: 1 })
      expect(complete).toBe(true)
      expect(base.paths).toHaveLength(71)
      expect(head.paths).toHaveLength(72)
      expect(await contents(head, 'z/1.sql', 'junk/3/3.txt')).toEqual({
        'z/1.sql': 'DROP TABLE users;',
        'junk/3/3.txt': '3',
      })
    } finally {
      world.github.limits.treeEntries = 100_000
    }
  })

  test('a folder that GitHub cuts off by itself makes the list incomplete', async () => {
    const repository = world.repository({ files: folders(70) })
    const pull = repository.openPull({ files: { 'z/1.sql': 'x' } })
    world.github.limits.treeEntries = 5
    try {
      const { complete } = await compare(repository, pull, { commits: 1 })
      expect(complete).toEqual({ incomplete: 'the repository has more files than GitHub lists' })
    } finally {
      world.github.limits.treeEntries = 100_000
    }
  })

  test('an answer that leaves a file out although it says that it is whole is found out by the tree’s id', async () => {
    const repository = world.repository({ files: FILES })
    const pull = repository.openPull({ files: { 'm/3.sql': 'three' } })
    const lying = await openSnapshot(
      { ...world.api(repository), request: withoutTheLast(world.api(repository).request) },
      { base: repository.tip(), head: pull.sha, number: 1, commits: 1 },
      memoryCache(),
    )
    expect(lying).toMatchObject({
      complete: { incomplete: expect.stringMatching(/^the files that GitHub lists are not those of the tree/) },
    })
  })

  type Request = ReturnType<World['api']>['request']
  const withoutTheLast =
    (request: Request): Request =>
    async (route, parameters, options) => {
      const answer = await request(route, parameters, options)
      const data = answer.data as { tree?: unknown[] }
      return route.includes('/git/trees/') ? { ...answer, data: { ...data, tree: data.tree?.slice(0, -1) } } : answer
    }
})

test.each(['html', 'half', 'other'] as const)(
  'where GraphQL gives no answer contents come one by one: %s',
  async (garbage) => {
    const repository = world.repository({ files: FILES })
    const pull = repository.openPull({ files: { 'm/3.sql': 'three' } })
    const { head } = await compare(repository, pull, { commits: 1 })
    const fault = world.github.fault({ route: /graphql/, garbage })
    expect(await contents(head, 'm/1.sql', 'm/3.sql')).toEqual({ 'm/1.sql': 'one', 'm/3.sql': 'three' })
    expect(fault.hits).toBe(1)
    fault.remove()
  },
)

test('a content that is not what its id says is not used', async () => {
  const repository = world.repository({ files: FILES })
  const api = world.api(repository)
  const { side } = await openCommit(
    {
      ...api,
      request: async (route, parameters, options) => {
        const answer = await api.request(route, parameters, options)
        const forged = { ...(answer.data as object), content: Buffer.from('another').toString('base64') }
        return route.includes('/git/blobs/') ? { ...answer, data: forged } : answer
      },
    },
    repository.tip(),
    memoryCache(),
  )
  await expect(side.load(['m/1.sql'])).rejects.toMatchObject({ kind: 'garbled' })
})

test('a head without common history is a problem that is said, not a pass and not a crash', async () => {
  const repository = world.repository({ files: FILES })
  const { objects } = repository
  const tree = objects.writeTree(new Map([['x.sql', { mode: '100644', sha: objects.writeBlob('x') }]]))
  const who = { name: 'a', email: 'a@example.com', at: 1 }
  const orphan = objects.writeCommit({ tree, parents: [], author: who, committer: who, message: 'x' })
  const asked = { base: repository.tip(), head: orphan.sha, number: 1 }
  expect(await openSnapshot(world.api(repository), asked, memoryCache())).toEqual({
    problem: expect.stringMatching(/no history in common .* rebase/),
  })
})

test('a head that is gone throws', async () => {
  const repository = world.repository({ files: FILES })
  const asked = { base: repository.tip(), head: 'e'.repeat(40), number: 1 }
  await expect(openSnapshot(world.api(repository), asked, memoryCache())).rejects.toMatchObject({ kind: 'not-found' })
})

test('T16: a fork that was deleted can still be read', async () => {
  const repository = world.repository({ files: FILES })
  const fork = repository.fork({ by: 'mallory', name: `fork-of-${repository.name}` })
  const pull = repository.openPull({ by: 'mallory', from: fork, files: { 'm/3.sql': 'three' } })
  fork.delete()
  const { head } = await compare(repository, pull, { commits: 1 })
  expect(await contents(head, 'm/3.sql')).toEqual({ 'm/3.sql': 'three' })
})

test('T25: what is kept of one repository is not shown to another', async () => {
  const cache = memoryCache()
  const keys: string[] = []
  const watched = <Value>(inner: Cache<Value>): Cache<Value> => ({
    get: (key) => inner.get(key),
    set: (key, value) => {
      keys.push(key)
      inner.set(key, value)
    },
  })
  const repository = world.repository({ files: FILES })
  const pull = repository.openPull({ files: { 'm/3.sql': 'three' } })
  const all = { trees: watched(cache.trees), blobs: watched(cache.blobs), commits: watched(cache.commits) }
  await contents((await compare(repository, pull, { cache: all })).head, 'm/3.sql')
  expect(keys.length).toBeGreaterThan(3)
  expect(keys.filter((key) => !key.startsWith(`${repository.id}/`))).toEqual([])
})

test('a cache stays within its bytes, and drops what was not used for longest', () => {
  const { blobs } = memoryCache({ trees: 0, blobs: 1_000 })
  blobs.set('a', Buffer.alloc(200))
  blobs.set('b', Buffer.alloc(200))
  expect(blobs.get('a')).toBeDefined()
  blobs.set('c', Buffer.alloc(200))
  expect(['a', 'b', 'c'].filter((key) => blobs.get(key) !== undefined)).toEqual(['a', 'c'])
  blobs.set('d', Buffer.alloc(5_000))
  expect(blobs.get('d')).toBeUndefined()
})
