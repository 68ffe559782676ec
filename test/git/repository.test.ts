import { afterEach, describe, expect, test } from '@jest/globals'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  defaultBranch,
  type GitProblem,
  isProblem,
  mergeBase,
  nameInUrl,
  openRepository,
  type Repository,
  resolveCommit,
} from '../../src/git/repository.js'
import { scratch, type Scratch } from './scratch.js'

const made: Scratch[] = []
const fresh = (...init: readonly string[]): Scratch => {
  const repository = scratch(init)
  made.push(repository)
  return repository
}
afterEach(() => made.splice(0).forEach((repository) => repository.remove()))

async function opened(path: string): Promise<Repository> {
  const repository = await openRepository(path)
  if (isProblem(repository)) throw new Error(repository.problem)
  return repository
}
const sentence = (answer: string | Repository | GitProblem): string =>
  isProblem(answer) ? answer.problem : 'no problem'

describe('openRepository', () => {
  test('finds the top from a folder within', async () => {
    const { root, commit } = fresh()
    commit({ 'db/migrations/1.up.sql': 'SELECT 1' })
    expect(await opened(join(root, 'db/migrations'))).toMatchObject({ root, bare: false, shallow: false, remote: null })
  })

  test('a bare repository is fine', async () => {
    const { root, git } = fresh()
    git('clone', '--quiet', '--bare', '.', 'bare.git')
    expect(await opened(join(root, 'bare.git'))).toMatchObject({ bare: true, root: join(root, 'bare.git') })
  })

  test('says what to do without a repository, without a folder, without git', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dba-git-'))
    expect(sentence(await openRepository(folder))).toMatch(/is not in a git repository .*run this in a clone/)
    expect(sentence(await openRepository(join(folder, 'nowhere')))).toMatch(/There is no folder .*nowhere/)
    expect(sentence(await openRepository(folder, { PATH: folder }))).toMatch(/git is not installed/)
    rmSync(folder, { recursive: true })
  })

  test('a git that the repository brings is not run', async () => {
    const { root, commit, canary, sprung } = fresh()
    commit({ 'a.sql': 'SELECT 1' })
    mkdirSync(join(root, 'bin'))
    writeFileSync(join(root, 'bin/git'), `#!/bin/sh\necho sprung > ${canary}\n`, { mode: 0o755 })
    const here = process.cwd()
    process.chdir(root)
    try {
      expect(await openRepository(root, { PATH: `bin::.:${process.env['PATH']}` })).toMatchObject({ root })
    } finally {
      process.chdir(here)
    }
    expect(sprung()).toBe(false)
  })

  const asRoot = process.getuid?.() === 0 ? test : test.skip
  asRoot('a clone that another user owns is read', async () => {
    const { root, commit } = fresh()
    commit({ 'a.sql': 'SELECT 1' })
    const { chownSync } = await import('node:fs')
    for (const path of [root, join(root, '.git')]) chownSync(path, 12345, 12345)
    expect(await openRepository(root)).toMatchObject({ root })
  })

  test.each([
    ['https://github.com/acme/shop.git', 'acme/shop'],
    ['https://user:secret@github.com/acme/shop', 'acme/shop'],
    ['git@github.com:acme/shop.git', 'acme/shop'],
    ['ssh://git@git.example.com:2222/acme/shop.git/', 'acme/shop'],
    ['/srv/git/acme/shop.git', null],
    ['https://github.com/secret', null],
    ['', null],
  ])('name in %s is %s', (url, name) => expect(nameInUrl(url)).toBe(name))
})

describe('defaultBranch', () => {
  test.each([
    ['what the remote calls its head', ['develop', 'main'], 'develop', 'origin/develop'],
    ['the remote main over the local one', ['main'], null, 'origin/main'],
    ['master', ['master'], null, 'origin/master'],
    ['trunk', ['trunk'], null, 'origin/trunk'],
  ])('%s', async (_, branches, head, expected) => {
    const { root, git, commit } = fresh()
    const id = commit({ 'a.sql': 'SELECT 1' })
    git('remote', 'add', 'origin', 'https://github.com/acme/shop.git')
    git('checkout', '--quiet', '-b', 'feature')
    git('branch', '-D', 'main')
    for (const branch of branches) git('update-ref', `refs/remotes/origin/${branch}`, id)
    if (head !== null) git('symbolic-ref', 'refs/remotes/origin/HEAD', `refs/remotes/origin/${head}`)
    const repository = await opened(root)
    expect(repository.name).toBe('acme/shop')
    expect(await defaultBranch(repository)).toBe(expected)
  })

  test('the local one where there is no remote, and a sentence where there is none', async () => {
    const { root, git, commit } = fresh()
    commit({ 'a.sql': 'SELECT 1' })
    expect(await defaultBranch(await opened(root))).toBe('main')
    git('branch', '-m', 'main', 'feature')
    expect(sentence(await defaultBranch(await opened(root)))).toMatch(/--base/)
  })
})

describe('commits', () => {
  test('an unknown ref names the nearest, and nothing that looks like an option is one', async () => {
    const { root, git, commit } = fresh()
    const id = commit({ 'a.sql': 'SELECT 1' })
    git('branch', 'feature/orders')
    const repository = await opened(root)
    expect(await resolveCommit(repository, 'main')).toBe(id)
    expect(await resolveCommit(repository, id.slice(0, 8))).toBe(id)
    expect(sentence(await resolveCommit(repository, 'mian'))).toBe("Unknown ref 'mian'; did you mean 'main'?")
    expect(sentence(await resolveCommit(repository, 'orders'))).toMatch(/did you mean 'feature\/orders'/)
    for (const ref of ['--all', '-n1', '', 'main:a.sql', 'main\0', 'main..main']) {
      expect(sentence(await resolveCommit(repository, ref))).toMatch(/^Unknown ref/)
    }
  })

  test('an unknown ref of a clone with a remote says how to fetch it', async () => {
    const { root, git, commit } = fresh()
    commit({ 'a.sql': 'SELECT 1' })
    git('remote', 'add', 'origin', 'https://github.com/acme/shop.git')
    const told = sentence(await resolveCommit(await opened(root), 'origin/release-9'))
    expect(told).toContain('`git fetch origin release-9:refs/remotes/origin/release-9`')
  })

  test('a repository without commits says so', async () => {
    expect(sentence(await resolveCommit(await opened(fresh().root), 'main'))).toMatch(/has no commit/)
  })

  test('merge base: where the branches parted; none; cut off', async () => {
    const { root, git, commit } = fresh()
    const fork = commit({ 'a.sql': 'SELECT 1' })
    git('checkout', '--quiet', '-b', 'feature')
    const head = commit({ 'b.sql': 'SELECT 2' })
    git('checkout', '--quiet', 'main')
    const base = commit({ 'c.sql': 'SELECT 3' })
    const repository = await opened(root)
    expect(await mergeBase(repository, base, head)).toBe(fork)

    git('checkout', '--quiet', '--orphan', 'other')
    const alone = commit()
    expect(sentence(await mergeBase(repository, base, alone))).toMatch(/no common history/)

    git('clone', '--quiet', '--depth=1', '--no-single-branch', `file://${root}`, 'cut')
    const cut = await opened(join(root, 'cut'))
    expect(cut.shallow).toBe(true)
    expect(sentence(await mergeBase(cut, base, head))).toMatch(
      /shallow .*`git fetch --unshallow origin`.*fetch-depth: 0/,
    )
  })
})
