import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Octokit } from '@octokit/rest'
import type { FakeGitHub, FakeRepository, FileChanges } from '../support/github/index.js'
import { asInstallation, refusal, startFake } from './world.js'

const at = { owner: 'acme', repo: 'shop' }
const LONG = `${'folder-with-a-long-name/'.repeat(8)}file.sql`
const FILES: FileChanges = {
  'README.md': 'Hello\n',
  'db/a.sql': 'select 1;\n',
  'db/a/b.sql': 'select 2;\n',
  'db/a-b.sql': 'select 3;\n',
  'db/ä.sql': 'select 4;\n',
  'db/picture.bin': Buffer.from([0, 1, 2, 255]),
  'db/run.sh': { mode: '100755', content: '#!/bin/sh\n' },
  'db/link.sql': { mode: '120000', content: 'a.sql' },
  vendor: { submodule: '1'.repeat(40) },
  [LONG]: 'select 5;\n',
}

let github: FakeGitHub
let repository: FakeRepository
let octokit: Octokit
let folder: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fake-github-'))
  github = await startFake()
  repository = github.repository('acme/shop', { files: FILES })
  octokit = await asInstallation(github, repository)
})

afterEach(async () => {
  const { mistakes, violations } = github
  await github.stop()
  rmSync(folder, { recursive: true, force: true })
  expect([mistakes, violations]).toEqual([[], []])
})

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()

test('git itself reads the repository, finds no fault in it, and agrees about ids, merge bases and changes', () => {
  const pull = repository.openPull({
    files: { 'db/a.sql': 'select 10;\n', 'db/a/b.sql': null, 'db/c.sql': 'select 2;\n' },
  })
  repository.commit({ 'README.md': 'Hello again\n' })
  pull.push({ 'db/d.sql': 'select 6;\n' })
  const merged = repository.openPull({ files: { 'db/e.sql': '' } }).merge()
  repository.writeTo(folder)
  expect(git('fsck', '--strict', '--no-dangling')).toBe('')
  expect(git('rev-parse', 'main')).toBe(merged)
  expect(git('rev-parse', 'refs/pull/1/head')).toBe(pull.sha)
  expect(git('merge-base', 'main', pull.sha)).toBe(repository.objects.mergeBase(repository.tip(), pull.sha)?.sha)
  expect(git('rev-list', `main..${pull.sha}`).split('\n').reverse()).toEqual(pull.commits().map(({ sha }) => sha))
  const named = git('-c', 'core.quotePath=false', 'diff', '--no-color', '-M', '--name-status', `main...${pull.sha}`)
  const words = { added: 'A', removed: 'D', modified: 'M', renamed: 'R100' }
  expect(named.split('\n').sort()).toEqual(
    pull
      .changes()
      .map(({ status, previousPath, path }) =>
        [words[status], ...(previousPath ? [previousPath] : []), path].join('\t'),
      )
      .sort(),
  )
})

test('patches are as git writes them', () => {
  const lines = Array.from({ length: 40 }, (_, index) => (index % 7 === 0 ? `create ${index}` : `  line ${index}`))
  const text = (change: (line: string, index: number) => string | null, end = '\n'): string =>
    lines.map(change).filter((line) => line !== null).join('\n') + end // prettier-ignore
  repository.commit({ 'a.sql': text((line) => line), 'b.sql': text((line) => line), 'gone.sql': 'one\ntwo\n' })
  const pull = repository.openPull({
    files: {
      'a.sql': text((line, index) => ([3, 20, 39].includes(index) ? `${line} changed` : line)),
      'b.sql': text((line, index) => (index === 15 ? null : index === 30 ? `${line}\nmore` : line), ''),
      'gone.sql': null,
      'new.sql': 'something else',
    },
  })
  repository.writeTo(folder)
  const shown = git('diff', '--no-color', '-M', `main...${pull.sha}`)
  const patches = shown.split(/^diff --git /m).slice(1).map((part) => part.slice(part.indexOf('@@')).trimEnd()) // prettier-ignore
  expect(pull.changes().map(({ patch }) => patch)).toEqual(patches)
})

describe('trees', () => {
  test('are given whole, folder by folder, or cut off', async () => {
    const tree = (more: object = {}) => octokit.rest.git.getTree({ ...at, tree_sha: 'main', ...more })
    const { data: top } = await tree()
    expect(top.tree.map(({ path, type }) => [path, type])).toEqual([
      ['README.md', 'blob'],
      ['db', 'tree'],
      ['folder-with-a-long-name', 'tree'],
      ['vendor', 'commit'],
    ])
    const db = top.tree.find(({ path }) => path === 'db')
    const { data: inside } = await tree({ tree_sha: db?.sha })
    expect(inside.tree.map(({ path, mode }) => [path, mode])).toEqual([
      ['a-b.sql', '100644'],
      ['a.sql', '100644'],
      ['a', '040000'],
      ['link.sql', '120000'],
      ['picture.bin', '100644'],
      ['run.sh', '100755'],
      ['ä.sql', '100644'],
    ])
    const { data: whole } = await tree({ recursive: 'true' })
    expect([whole.truncated, whole.tree.filter(({ type }) => type === 'blob')]).toMatchObject([false, { length: 9 }])
    github.limits.treeEntries = 4
    const { data: cut } = await tree({ recursive: 'true' })
    expect([cut.truncated, cut.tree.length]).toEqual([true, 4])
  })
})

describe('content', () => {
  const content = async (path: string) => (await octokit.rest.repos.getContent({ ...at, path })).data

  test('of files, folders, links and submodules', async () => {
    const file = (await content('db/ä.sql')) as { content: string; sha: string }
    expect(Buffer.from(file.content, 'base64').toString()).toBe('select 4;\n')
    const { data: blob } = await octokit.rest.git.getBlob({ ...at, file_sha: file.sha })
    expect([blob.encoding, Buffer.from(blob.content, 'base64').toString()]).toEqual(['base64', 'select 4;\n'])
    expect(await content('db')).toHaveLength(7)
    expect(await content('db/link.sql')).toMatchObject({ type: 'symlink', target: 'a.sql' })
    expect(await content('vendor')).toMatchObject({ type: 'submodule', sha: '1'.repeat(40) })
    expect(await refusal(content('nothing.sql'))).toMatchObject({ status: 404 })
  })

  test('beyond a megabyte is empty, and raw when asked for so', async () => {
    repository.commit({ 'large.sql': 'x'.repeat(1_048_577) })
    expect(await content('large.sql')).toMatchObject({ content: '', encoding: 'none', size: 1_048_577 })
    const raw = await octokit.rest.repos.getContent({ ...at, path: 'large.sql', mediaType: { format: 'raw' } })
    expect(String(raw.data)).toHaveLength(1_048_577)
  })

  test('as an archive that tar reads', async () => {
    const { data, url } = await octokit.rest.repos.downloadTarballArchive({ ...at, ref: 'main' })
    writeFileSync(join(folder, 'archive.tar.gz'), Buffer.from(data as ArrayBuffer))
    execFileSync('tar', ['xzf', 'archive.tar.gz'], { cwd: folder })
    expect(url).toContain('/_codeload/')
    const top = `acme-shop-${repository.tip().slice(0, 7)}`
    const cat = (path: string) => execFileSync('cat', [join(folder, top, path)], { encoding: 'utf8' })
    expect([cat('db/link.sql'), cat(LONG)]).toEqual(['select 1;\n', 'select 5;\n'])
  })
})

describe('comparisons', () => {
  test('begin at the merge base, and show 300 files', async () => {
    const many = Object.fromEntries(Array.from({ length: 305 }, (_, index) => [`db/m/${index + 1000}.sql`, '']))
    const pull = repository.openPull({ files: many })
    const begin = repository.tip()
    repository.commit({ 'README.md': 'Hello again\n' })
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...at, basehead: `main...${pull.sha}` })
    expect(data).toMatchObject({ status: 'diverged', ahead_by: 1, behind_by: 1, merge_base_commit: { sha: begin } })
    expect(data.files).toHaveLength(300)
    const files = await octokit.paginate(octokit.rest.pulls.listFiles, {
      ...at,
      pull_number: pull.number,
      per_page: 100,
    })
    expect(files).toHaveLength(305)
    github.limits.pullFiles = 150
    const cut = await octokit.paginate(octokit.rest.pulls.listFiles, { ...at, pull_number: pull.number, per_page: 100 })
    expect(cut).toHaveLength(150)
    expect((await octokit.rest.pulls.get({ ...at, pull_number: pull.number })).data.changed_files).toBe(305)
  })

  test('of files that are large, long, or all new are made in time', async () => {
    const lines = (word: string): string => Array.from({ length: 20_000 }, (_, index) => `${word} ${index}\n`).join('')
    repository.commit({ 'all.sql': lines('one') })
    const pull = repository.openPull({
      files: { 'all.sql': lines('other'), 'large.sql': `${'x'.repeat(79)}\n`.repeat(20_000), 'open.sql': 'select 1' },
    })
    const started = performance.now()
    const { data } = await octokit.rest.pulls.listFiles({ ...at, pull_number: pull.number })
    expect(performance.now() - started).toBeLessThan(5_000)
    expect(data.map(({ filename, additions, deletions, patch }) => [filename, additions, deletions, patch])).toEqual([
      ['all.sql', 20_000, 20_000, undefined],
      ['large.sql', 20_000, 0, undefined],
      ['open.sql', 1, 0, '@@ -0,0 +1 @@\n+select 1\n\\ No newline at end of file'],
    ])
  })

  test('of ten thousand files list three thousand', async () => {
    const names = Array.from({ length: 10_001 }, (_, index) => `m/${index + 10_000}.sql`)
    const pull = repository.openPull({ files: Object.fromEntries(names.map((name) => [name, 'select 1;\n'])) })
    const asked = { ...at, pull_number: pull.number }
    expect((await octokit.rest.pulls.get(asked)).data.changed_files).toBe(10_001)
    expect(await octokit.paginate(octokit.rest.pulls.listFiles, { ...asked, per_page: 100 })).toHaveLength(3_000)
  })

  test('reach into forks, also when the fork is gone', async () => {
    const fork = repository.fork({ by: 'eve' })
    const pull = repository.openPull({ by: 'eve', from: fork, files: { 'db/f.sql': 'select 6;\n' } })
    const compare = (basehead: string) => octokit.rest.repos.compareCommitsWithBasehead({ ...at, basehead })
    expect((await compare(`main...eve:${pull.head.ref}`)).data.ahead_by).toBe(1)
    const read = async () => (await octokit.rest.pulls.get({ ...at, pull_number: pull.number })).data.head
    expect((await read()).repo).toMatchObject({ fork: true, full_name: 'eve/shop' })
    fork.delete()
    expect((await read()).repo).toBeNull()
    expect((await compare(`main...${pull.sha}`)).data.files?.map(({ filename }) => filename)).toEqual(['db/f.sql'])
    expect((await octokit.rest.pulls.list(at)).data).toHaveLength(1)
  })

  test('of what has nothing in common are refused', async () => {
    expect(
      await refusal(octokit.rest.repos.compareCommitsWithBasehead({ ...at, basehead: 'main...nothing' })),
    ).toMatchObject({ status: 404 })
  })
})

test('branches and their references', async () => {
  const pull = repository.openPull({ files: { 'db/f.sql': '' } })
  repository.requiredChecks.push({ branch: 'main', context: 'dba', appId: github.app.id })
  const { data: ref } = await octokit.rest.git.getRef({ ...at, ref: `heads/${pull.head.ref}` })
  const { data: branch } = await octokit.rest.repos.getBranch({ ...at, branch: 'main' })
  const { data: commit } = await octokit.rest.git.getCommit({ ...at, commit_sha: pull.sha })
  const { data: shown } = await octokit.rest.repos.getCommit({ ...at, ref: pull.sha })
  const { data: rules } = await octokit.rest.repos.getBranchRules({ ...at, branch: 'main' })
  expect([ref.object.sha, branch.commit.sha, branch.protected]).toEqual([pull.sha, repository.tip(), true])
  expect([commit.tree.sha, shown.files?.length]).toEqual([repository.objects.commit(pull.sha)?.tree, 1])
  expect(rules).toMatchObject([{ type: 'required_status_checks' }])
})
