import { afterEach, describe, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../src/git/command.js'
import { isProblem, openRepository } from '../../src/git/repository.js'
import { openSnapshot } from '../../src/git/snapshot.js'
import type { OpenSnapshot, Side } from '../../src/model/open-snapshot.js'
import { scratch, type Scratch } from './scratch.js'

const made: Scratch[] = []
const fresh = (...init: readonly string[]): Scratch => {
  const repository = scratch(init)
  made.push(repository)
  return repository
}
afterEach(() => made.splice(0).forEach((repository) => repository.remove()))

async function compare(root: string, base: string, head: string, environment?: Environment): Promise<OpenSnapshot> {
  const repository = await openRepository(root, environment)
  if (isProblem(repository)) throw new Error(repository.problem)
  const snapshot = await openSnapshot({ repository, base, head })
  if (isProblem(snapshot)) throw new Error(snapshot.problem)
  return snapshot
}

/** Each asked file as its text, or its refusal in angle brackets. */
async function contents(side: Side, ...paths: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const files = await side.load(paths)
  const shown = (path: string): string => files.read(path)?.text ?? `<${files.refusal(path)?.reason ?? 'not there'}>`
  return Object.fromEntries(paths.map((path) => [path, shown(path)]))
}

describe('commits', () => {
  test('the base is where the branch began, and only asked texts are read', async () => {
    const { root, git, commit } = fresh()
    const fork = commit({ 'm/1.sql': 'one', 'm/2.sql': 'two', 'README.md': 'readme' })
    git('checkout', '--quiet', '-b', 'feature')
    const head = commit({ 'm/2.sql': 'TWO', 'm/3.sql': 'three' })
    git('checkout', '--quiet', 'main')
    commit({ 'm/9.sql': 'later' })

    const snapshot = await compare(root, 'main', 'feature')
    expect(snapshot.pull).toEqual({ repository: 'repository', number: null, base: fork, head })
    expect(snapshot.base.paths).toEqual(['README.md', 'm/1.sql', 'm/2.sql'])
    expect(snapshot.head.paths).toEqual(['README.md', 'm/1.sql', 'm/2.sql', 'm/3.sql'])
    expect(await contents(snapshot.base, 'm/2.sql', 'm/3.sql')).toEqual({ 'm/2.sql': 'two', 'm/3.sql': '<not there>' })
    expect(await contents(snapshot.head, 'm/2.sql', 'm/3.sql')).toEqual({ 'm/2.sql': 'TWO', 'm/3.sql': 'three' })
    expect((await snapshot.head.load(['m/3.sql'])).read('m/1.sql')).toBeUndefined()
  })

  test('a bare repository compares commits and has no working tree', async () => {
    const { root, git, commit } = fresh()
    commit({ 'a.sql': 'one' })
    git('checkout', '--quiet', '-b', 'feature')
    commit({ 'a.sql': 'two' })
    git('clone', '--quiet', '--bare', '.', 'bare.git')
    const bare = join(root, 'bare.git')
    expect(await contents((await compare(bare, 'main', 'feature')).head, 'a.sql')).toEqual({ 'a.sql': 'two' })
    await expect(compare(bare, 'main', 'worktree')).rejects.toThrow(/bare .*--head/)
  })

  test('thousands of files are read in one go', async () => {
    const { root, commit } = fresh()
    const files = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`m/${i}.sql`, `SELECT ${i};\n`]))
    commit(files)
    for (const head of ['main', 'worktree']) {
      const { head: side } = await compare(root, 'main', head)
      const read = await side.load(side.paths)
      expect(side.paths.filter((path) => read.read(path)?.text !== files[path])).toEqual([])
    }
  })

  test('names with line feeds, tabs, quotes and other scripts are names', async () => {
    const { root, commit } = fresh()
    const names = [
      'a\nb.sql',
      'a\tb.sql',
      '100644 x\ty.sql',
      ' lead.sql',
      '-dash.sql',
      '"q".sql',
      'миграция.sql',
      '移.sql',
      ':(top).sql',
    ]
    commit(Object.fromEntries(names.map((name) => [name, `in ${name}`])))
    for (const head of ['main', 'worktree']) {
      const { head: side } = await compare(root, 'main', head)
      expect(side.paths).toEqual([...names].sort())
      expect(await contents(side, ...names)).toEqual(Object.fromEntries(names.map((name) => [name, `in ${name}`])))
    }
  })
})

describe('what is not text of this repository is refused with the reason, never shown', () => {
  const secret = 'CANARY-SECRET'

  async function refused(side: Side, path: string): Promise<string | undefined> {
    const files = await side.load([path])
    expect(side.paths).toContain(path)
    expect(files.read(path)).toBeUndefined()
    const reason = files.refusal(path)?.reason
    expect(reason).not.toContain(secret)
    return reason
  }

  test('links, nested repositories, large files, LFS pointers, binary files', async () => {
    const { root, git, commit, write } = fresh()
    write({
      '../secret.txt': secret,
      'big.sql': 'x'.repeat((2 << 20) + 1),
      'full.sql': 'x'.repeat(2 << 20),
      'big.py': 'x'.repeat((1 << 20) + 1),
      'lfs.sql': `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 3\n`,
      'nul.sql': 'SELECT 1;\0DROP TABLE users;',
      'latin.sql': Buffer.from([0x53, 0xe9]),
    })
    symlinkSync('../secret.txt', join(root, 'link.sql'))
    symlinkSync('..', join(root, 'up'))
    const inner = fresh()
    const id = inner.commit({ 'x.sql': 'inner' })
    git('update-index', '--add', '--cacheinfo', `160000,${id},module`)
    commit()
    git('update-index', '--add', '--cacheinfo', `160000,${id},module`)
    git('commit', '--quiet', '--amend', '--message=with a submodule')
    mkdirSync(join(root, 'module'))

    for (const head of ['main', 'worktree']) {
      const { head: side } = await compare(root, 'main', head)
      expect(await refused(side, 'link.sql')).toBe('file is a symbolic link')
      expect(await refused(side, 'up')).toBe('file is a symbolic link')
      expect(await refused(side, 'module')).toBe('file is a submodule')
      expect(await refused(side, 'big.sql')).toBe('file has 2097153 bytes; the most that is read is 2097152')
      expect(await refused(side, 'big.py')).toBe('file has 1048577 bytes; the most that is read is 1048576')
      expect(await refused(side, 'lfs.sql')).toBe('file is a Git LFS pointer, not the text itself')
      expect(await refused(side, 'nul.sql')).toMatch(/NUL byte/)
      expect(await refused(side, 'latin.sql')).toMatch(/not valid UTF-8/)
      expect((await side.load(['full.sql'])).read('full.sql')?.bytes).toBe(2 << 20)
    }
  })

  test('a tracked file whose folder became a link to elsewhere', async () => {
    const { root, commit, write } = fresh()
    commit({ 'm/1.sql': 'one' })
    write({ '../elsewhere/1.sql': secret })
    rmSync(join(root, 'm'), { recursive: true })
    symlinkSync('../elsewhere', join(root, 'm'))
    const { head } = await compare(root, 'main', 'worktree')
    const files = await head.load(['m/1.sql', 'm'])
    expect(files.read('m/1.sql')).toBeUndefined()
    expect(files.refusal('m')?.reason).toBe('file is a symbolic link')
  })

  test('pipes, untracked repositories, and files that came and went', async () => {
    const { root, commit, write } = fresh()
    commit({ 'a.sql': 'one', 'b.sql': 'two', 'gone.sql': 'three' })
    rmSync(join(root, 'a.sql'))
    execFileSync('mkfifo', [join(root, 'a.sql')])
    rmSync(join(root, 'gone.sql'))
    write({ 'nested/x.sql': 'inner' })
    execFileSync('git', ['init', '--quiet'], { cwd: join(root, 'nested') })
    const { head } = await compare(root, 'main', 'worktree')
    expect(head.paths).toEqual(['a.sql', 'b.sql', 'nested'])
    expect(await refused(head, 'a.sql')).toBe('file is not a regular file')
    expect(await refused(head, 'nested')).toBe('file is a nested repository')
    rmSync(join(root, 'b.sql'))
    expect(await refused(head, 'b.sql')).toBe('file cannot be read (ENOENT)')
  })

  test('a tree with names that lead out, and names that are not UTF-8', async () => {
    const { root, git, commit } = fresh()
    commit({ 'a.sql': secret })
    const blob = git('rev-parse', 'HEAD:a.sql')
    const record = (name: Buffer): Buffer =>
      Buffer.concat([Buffer.from('100644 '), name, Buffer.from([0]), Buffer.from(blob, 'hex')])
    const tree = Buffer.concat(
      ['..', 'a\\..', '.git'].map((name) => record(Buffer.from(name))).concat(record(Buffer.from([0x61, 0xff]))),
    )
    const id = execFileSync('git', ['hash-object', '-t', 'tree', '-w', '--stdin', '--literally'], {
      cwd: root,
      input: tree,
      encoding: 'utf8',
    }).trim()
    git('update-ref', 'refs/heads/hostile', git('commit-tree', id, '-p', 'main', '-m', 'hostile'))
    const { head } = await compare(root, 'main', 'hostile')
    expect(await refused(head, '..')).toMatch(/leads out/)
    expect(await refused(head, '.git')).toMatch(/leads out/)
    expect(await refused(head, 'a\\xff')).toMatch(/not valid UTF-8/)
  })

  test('what a partial clone lacks is neither fetched nor passed over', async () => {
    const { root, git, commit, trap, sprung } = fresh()
    commit({ 'a.sql': 'one', 'b.sql': 'two' })
    git('config', 'uploadpack.allowFilter', 'true')
    git('clone', '--quiet', '--bare', '--filter=blob:none', `file://${root}`, 'partial')
    const partial = join(root, 'partial')
    const config = (...args: readonly string[]): string =>
      execFileSync('git', ['config', ...args], { cwd: partial, encoding: 'utf8' })
    config('remote.origin.url', `ext::${trap}`)
    config('protocol.ext.allow', 'always')
    const { head } = await compare(partial, 'main', 'main')
    expect(await refused(head, 'a.sql')).toMatch(/not in this clone.*git fetch --refetch/)
    expect(await refused(head, 'b.sql')).toMatch(/not in this clone/)
    expect(sprung()).toBe(false)
  })
})

describe('working tree', () => {
  test('edited, staged, new, ignored, removed', async () => {
    const { root, git, commit, write } = fresh()
    commit({ 'edited.sql': 'old', 'removed.sql': 'x', 'staged-removal.sql': 'x', '.gitignore': 'ignored*\n' })
    write({ 'edited.sql': 'new', 'staged.sql': 'staged', 'untracked.sql': 'untracked', 'ignored.sql': 'ignored' })
    git('add', 'staged.sql')
    git('rm', '--quiet', '--cached', 'staged-removal.sql')
    rmSync(join(root, 'staged-removal.sql'))
    rmSync(join(root, 'removed.sql'))
    const { pull, head } = await compare(root, 'main', 'worktree')
    expect(pull.head).toBe('worktree')
    expect(head.paths).toEqual(['.gitignore', 'edited.sql', 'staged.sql', 'untracked.sql'])
    expect(await contents(head, 'edited.sql', 'staged.sql', 'untracked.sql')).toEqual({
      'edited.sql': 'new',
      'staged.sql': 'staged',
      'untracked.sql': 'untracked',
    })
  })

  test('files that a sparse checkout leaves out are part of it', async () => {
    const { root, git, commit } = fresh()
    commit({ 'm/1.sql': 'one', 'app/x.txt': 'x' })
    git('sparse-checkout', 'set', 'app')
    const { head } = await compare(root, 'main', 'worktree')
    expect(head.paths).toEqual(['app/x.txt', 'm/1.sql'])
    expect(await contents(head, 'm/1.sql')).toEqual({ 'm/1.sql': 'one' })
  })

  const LINE_ENDS: readonly (readonly [
    string,
    Readonly<{ attributes?: string; local?: string; user?: string; committed: string; disk: string }>,
    string,
  ])[] = [
    ['autocrlf of the repository', { local: 'true', committed: 'a\nb\n', disk: 'a\r\nb\r\n' }, 'a\nb\n'],
    ['autocrlf=input', { local: 'input', committed: 'a\nb\n', disk: 'a\r\nb\r\n' }, 'a\nb\n'],
    ["autocrlf of the person's own configuration", { user: 'true', committed: 'a\nb\n', disk: 'a\r\nb\r\n' }, 'a\nb\n'],
    ['autocrlf, and a line was added', { local: 'true', committed: 'a\nb\n', disk: 'a\r\nb\r\nc\r\n' }, 'a\nb\nc\n'],
    [
      'autocrlf, but the commit has CRLF',
      { local: 'true', committed: 'a\r\nb\r\n', disk: 'a\r\nb\r\nc\r\n' },
      'a\r\nb\r\nc\r\n',
    ],
    ['no conversion: line ends are an edit', { committed: 'a\nb\n', disk: 'a\r\nb\r\n' }, 'a\r\nb\r\n'],
    ['autocrlf=false', { local: 'false', committed: 'a\nb\n', disk: 'a\r\nb\r\n' }, 'a\r\nb\r\n'],
    ['attribute text', { attributes: '*.sql text', committed: 'a\nb\n', disk: 'a\r\nb\r\n' }, 'a\nb\n'],
    ['attribute eol=crlf', { attributes: '*.sql eol=crlf', committed: 'a\nb\n', disk: 'a\r\nb\r\n' }, 'a\nb\n'],
    ['attribute text=auto', { attributes: '* text=auto', committed: 'a\nb\n', disk: 'a\r\nb\r\n' }, 'a\nb\n'],
    [
      'attribute -text over autocrlf',
      { attributes: '*.sql -text', local: 'true', committed: 'a\nb\n', disk: 'a\r\nb\r\n' },
      'a\r\nb\r\n',
    ],
    [
      'attribute text, committed with CRLF before it',
      { attributes: '*.sql text', committed: 'a\r\nb\r\n', disk: 'a\r\nb\r\n' },
      'a\r\nb\r\n',
    ],
    ['a lone CR stays', { local: 'true', committed: 'a\rb\n', disk: 'a\rb\r\n' }, 'a\rb\n'],
  ]
  test.each(LINE_ENDS)('line ends: %s', async (_, { attributes, local, user, committed, disk }, expected) => {
    const { root, git, commit, write } = fresh()
    commit({ 'a.sql': committed })
    if (attributes !== undefined) write({ '.gitattributes': attributes })
    if (local !== undefined) git('config', 'core.autocrlf', local)
    const home = mkdtempSync(join(tmpdir(), 'dba-home-'))
    if (user !== undefined) writeFileSync(join(home, '.gitconfig'), `[core]\n\tautocrlf = ${user}\n`)
    write({ 'a.sql': disk })
    const { head } = await compare(root, 'main', 'worktree', { PATH: process.env['PATH'], HOME: home })
    expect(await contents(head, 'a.sql')).toEqual({ 'a.sql': expected })
    rmSync(home, { recursive: true })
  })
})

describe('nothing of the repository is run', () => {
  test('hooks, filters, monitors, text converters, pagers, aliases, transports', async () => {
    const { root, git, commit, trap, canary, sprung, write } = fresh()
    commit({ 'a.sql': 'one', 'b.sql': 'two' })
    git('checkout', '--quiet', '-b', 'feature')
    commit({ 'a.sql': 'ONE' })
    for (const hook of [
      'post-index-change',
      'post-checkout',
      'fsmonitor-watchman',
      'reference-transaction',
      'pre-auto-gc',
    ]) {
      writeFileSync(join(root, '.git/hooks', hook), `#!/bin/sh\necho sprung >> ${canary}\n`)
      chmodSync(join(root, '.git/hooks', hook), 0o755)
    }
    const settings = {
      'core.fsmonitor': join(root, '.git/hooks/fsmonitor-watchman'),
      'core.hooksPath': join(root, '.git/hooks'),
      'core.untrackedCache': 'true',
      'core.pager': trap,
      'core.sshCommand': trap,
      'core.editor': trap,
      'filter.trap.clean': trap,
      'filter.trap.smudge': trap,
      'filter.trap.process': trap,
      'filter.trap.required': 'true',
      'filter.lfs.clean': trap,
      'filter.lfs.smudge': trap,
      'filter.lfs.process': trap,
      'diff.trap.textconv': trap,
      'diff.trap.command': trap,
      'merge.trap.driver': trap,
      'alias.ls-files': `!${trap}`,
      'alias.cat-file': `!${trap}`,
      'protocol.ext.allow': 'always',
      'gpg.program': trap,
      'credential.helper': `!${trap}`,
    }
    for (const [key, value] of Object.entries(settings)) execFileSync('git', ['config', key, value], { cwd: root })
    write({
      '.gitattributes': '* filter=trap diff=trap merge=trap\n*.bin filter=lfs diff=lfs merge=lfs\n',
      '.gitmodules': `[submodule "m"]\n\tpath = m\n\turl = ext::${trap}\n\tupdate = !${trap}\n`,
      '.lfsconfig': `[lfs]\n\turl = ext::${trap}\n`,
      'a.sql': 'edited\r\non disk\r\n',
      'b.sql': 'two\r\n',
      'new.sql': 'new',
    })
    for (const head of ['feature', 'worktree']) {
      const { base, head: side } = await compare(root, 'main', head)
      await base.load(base.paths)
      await side.load(side.paths)
      expect(side.paths).toContain('a.sql')
    }
    expect(sprung()).toBe(false)
    // The trap works: plain git falls into it.
    execFileSync('git', ['status'], { cwd: root, stdio: 'ignore' })
    expect(sprung()).toBe(true)
  })
})
