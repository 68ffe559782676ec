import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { scratch, type Scratch } from '../support/scratch.js'

const CHANGELOG = '# Changelog\n\n## Unreleased\n\n## 1.2.0 (2026-01-02)\n\n- Reads more.\n\n## 1.1.0\n\n- Reads.\n'

let repository: Scratch
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dba-release-test-'))
  repository = scratch()
  version('1.2.0')
  repository.write('CHANGELOG.md', CHANGELOG)
  repository.write('.gitignore', 'dist\ndist-action\n')
  repository.write('src/cli.js', '#!/usr/bin/env node\nconsole.log(1)\n')
  repository.write('action.yml', 'name: tool\n')
  repository.write('.pre-commit-hooks.yaml', '[]\n')
  repository.write('docs/action.md', '# The Action\n')
  repository.write('test/secret.test.js', '// not released\n')
  commit('the sources')
  build()
})
afterEach(() => {
  repository.dispose()
  rmSync(folder, { recursive: true, force: true })
})

function version(number: string): void {
  const manifest = {
    name: 'tool',
    version: number,
    repository: { url: 'git+https://github.com/example/tool.git' },
    bin: { tool: 'dist/cli.js' },
    files: ['dist', 'CHANGELOG.md'],
    scripts: {
      build: 'mkdir -p dist && cp src/cli.js dist/',
      package: 'mkdir -p dist-action && cp src/cli.js dist-action/index.js',
    },
    devDependencies: { builder: '1.0.0' },
  }
  repository.write('package.json', JSON.stringify(manifest))
  repository.write('package-lock.json', JSON.stringify({ version: number, lockfileVersion: 3 }))
}

function commit(message: string): void {
  repository.git('add', '-A')
  repository.git('commit', '-qm', message)
}

function build(): void {
  for (const script of ['build', 'package'])
    execFileSync('npm', ['run', script], { cwd: repository.folder, stdio: 'pipe' })
}

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', repository.folder, ...args], { encoding: 'utf8' }).trim()

function release(...args: readonly string[]): {
  readonly code: number | null
  readonly out: string
  readonly err: string
} {
  const script = resolve('scripts/release.mjs')
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: repository.folder,
    encoding: 'utf8',
  })
  return { code: status, out: stdout, err: stderr }
}

/** Lays out and commits what is built, as the branch of the major version and the tag. */
function made(name: string): string {
  expect(release('lay-out', join(folder, name))).toMatchObject({ code: 0, err: '' })
  const { code, out, err } = release('commit', join(folder, name))
  expect([code, err]).toEqual([0, ''])
  return out.trim()
}

describe('a tag is released', () => {
  test('when everything says the same', () => {
    expect(release('check', 'release/v1.2.0')).toEqual({ code: 0, out: 'release/v1.2.0 can be released.\n', err: '' })
  })

  test.each<readonly [string, () => void, string]>([
    ['v1.2.0', () => undefined, 'v1.2.0 is no tag of a release, such as release/v1.2.3'],
    ['release/v1.2', () => undefined, 'release/v1.2 is no tag of a release, such as release/v1.2.3'],
    ['release/v1.3.0', () => undefined, 'package.json says 1.2.0'],
    ['release/v1.3.0', () => undefined, 'package-lock.json says 1.2.0'],
    ['release/v1.3.0', () => version('1.3.0'), 'CHANGELOG.md has no section "## 1.3.0"'],
    [
      'release/v1.2.0',
      () => repository.write('CHANGELOG.md', CHANGELOG.replace('- Reads more.\n', '')),
      'CHANGELOG.md says nothing of 1.2.0',
    ],
    [
      'release/v1.2.0',
      () => repository.write('CHANGELOG.md', CHANGELOG.replace('Unreleased\n', 'Unreleased\n\n- Later.\n')),
      'CHANGELOG.md still has entries under "Unreleased"',
    ],
    ['release/v1.2.0', () => git('tag', 'v1.2.0'), 'v1.2.0 is released already; a release is never made twice'],
    [
      'release/v1.2.0',
      () => {
        repository.git('checkout', '-qb', 'aside')
        repository.write('src/cli.js', '2\n')
        commit('aside')
      },
      'the commit is not on the default branch',
    ],
  ])('%s, but not when %#', (tag, change, problem) => {
    change()
    const { code, out, err } = release('check', tag)
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(`  - ${problem}\n`)
  })

  test('only after what its major version stands at', () => {
    git('branch', 'v1', made('first'))
    version('1.1.9')
    const { err } = release('check', 'release/v1.1.9')
    expect(err).toContain('  - v1 stands at 1.2.0, and is only moved forward\n')
  })
})

describe('the commit of a release', () => {
  test('holds the package, the Action and the hooks, and nothing for those who build', () => {
    const at = made('one')
    expect(git('ls-tree', '-r', '--name-only', at).split('\n').sort()).toEqual([
      '.pre-commit-hooks.yaml',
      'CHANGELOG.md',
      'action.yml',
      'dist-action/index.js',
      'dist/cli.js',
      'docs/action.md',
      'package.json',
    ])
    const manifest = JSON.parse(git('show', `${at}:package.json`)) as object
    expect(manifest).toHaveProperty('bin.tool', 'dist/cli.js')
    expect(manifest).not.toHaveProperty('scripts')
    expect(manifest).not.toHaveProperty('devDependencies')
    expect(git('ls-tree', at, 'dist/cli.js')).toMatch(/^100755 /)
    expect(git('show', '--no-patch', '--format=%B', at)).toBe(`v1.2.0\n\nBuilt from ${git('rev-parse', 'HEAD')}.`)
  })

  test('is the same whoever makes it', () => {
    expect(made('one')).toBe(made('two'))
  })

  test('follows the newest release, so that its branch is moved forward and never back', () => {
    const first = made('first')
    git('branch', 'v1', first)
    version('1.3.0')
    commit('more')
    const second = made('second')
    expect(git('rev-parse', `${second}^`)).toBe(first)
    const server = mkdtempSync(join(folder, 'server-'))
    execFileSync('git', ['init', '-q', '--bare', server])
    const push = (what: string): number | null =>
      spawnSync('git', ['-C', repository.folder, 'push', '-q', server, `${what}:refs/heads/v1`], { stdio: 'pipe' })
        .status
    expect([push(first), push(second), push(first)]).toEqual([0, 0, 1])
  })

  test('is of a commit, not of what lies about', () => {
    expect(release('lay-out', join(folder, 'one')).code).toBe(0)
    repository.write('src/cli.js', 'console.log(2)\n')
    expect(release('commit', join(folder, 'one')).err).toContain('the working tree is not clean')
  })

  test('is not made without the Action', () => {
    rmSync(join(repository.folder, 'dist-action'), { recursive: true })
    expect(release('lay-out', join(folder, 'one')).err).toContain('nothing to release: dist-action')
  })
})

describe('verify', () => {
  test('finds a release that is what its source gives', () => {
    git('tag', 'v1.2.0', made('one'))
    rmSync(join(repository.folder, 'dist'), { recursive: true })
    const { code, out } = release('verify', 'v1.2.0')
    expect(out).toContain(`is what ${git('rev-parse', 'HEAD')} gives.`)
    expect(code).toBe(0)
  })

  test('finds a bundle that was changed after it was built', () => {
    repository.write('dist-action/index.js', '#!/usr/bin/env node\nsteal()\n')
    git('tag', 'v1.2.0', made('one'))
    const { code, err } = release('verify', 'v1.2.0')
    expect(err).toMatch(/v1\.2\.0 is not what [0-9a-f]{40} gives:\n {2}dist-action\/index\.js\n/)
    expect(code).toBe(1)
  })

  test('does not compare with another commit', () => {
    git('tag', 'v1.2.0', made('one'))
    version('1.3.0')
    commit('more')
    expect(release('verify', 'v1.2.0').err).toContain('check that commit out')
  })
})

test('the package of a release knows the commit of its Action', () => {
  const at = made('one')
  expect(release('pack', join(folder, 'one'), at, join(folder, 'out')).code).toBe(0)
  const tarball = join(folder, 'out', 'tool-1.2.0.tgz')
  const inside = execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' })
  expect(JSON.parse(inside)).toHaveProperty('action.commit', at)
  const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n').sort()
  expect(files).toEqual(['package/CHANGELOG.md', 'package/dist/cli.js', 'package/package.json'])
})

test('the notes say what is new, and what to write down', () => {
  const at = made('one')
  const { out } = release('notes', at)
  expect(out).toMatch(/^- Reads more\.\n\n## Pinned\n/)
  expect(out).toContain(`- uses: example/tool@${at} # v1.2.0\n`)
  expect(out).toContain(`Built from ${git('rev-parse', 'HEAD')}.`)
})

interface Bill {
  readonly components?: readonly { readonly purl: string }[]
  readonly packages?: readonly { readonly externalRefs?: readonly { readonly referenceLocator: string }[] }[]
}

test.each(['cyclonedx', 'spdx'])(
  'the bill of materials in %s names what is installed, all of it and nothing else',
  (format) => {
    const args = [resolve('scripts/release.mjs'), 'sbom', format]
    const bill = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 })) as Bill
    const named = [
      ...(bill.components ?? []).map(({ purl }) => purl),
      ...(bill.packages ?? []).flatMap(({ externalRefs = [] }) => externalRefs.map((ref) => ref.referenceLocator)),
    ].map((purl) => purl.replace('%40', '@'))
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Readonly<Record<string, { version: string; name?: string; dev?: boolean }>>
    }
    const installed = Object.entries(packages)
      .filter(([path, { dev }]) => path !== '' && dev !== true)
      .map(([path, { name, version }]) => `pkg:npm/${name ?? path.replace(/^.*node_modules\//, '')}@${version}`)
    const own = `pkg:npm/dba-bot@${(JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version}`
    expect(installed.length).toBeGreaterThan(100)
    expect([...new Set(named)].filter((purl) => purl !== own).sort()).toEqual([...new Set(installed)].sort())
  },
)
