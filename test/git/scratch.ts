import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A real repository in a temporary folder, with a canary that any program started from it would write. */
export interface Scratch {
  readonly root: string
  readonly canary: string
  git(...args: readonly string[]): string
  write(files: Readonly<Record<string, string | Buffer>>): void
  /** Writes the files, commits everything there is, and gives the commit's id. */
  commit(files?: Readonly<Record<string, string | Buffer>>): string
  /** A shell command that leaves its mark at the canary. */
  readonly trap: string
  sprung(): boolean
  remove(): void
}

/** Makes an empty repository whose branch is `main`. */
export function scratch(init: readonly string[] = []): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'dba-git-'))
  const root = join(folder, 'repository')
  const canary = join(folder, 'canary')
  mkdirSync(root)
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_DATE: '2024-01-01T00:00:00Z',
    GIT_COMMITTER_DATE: '2024-01-01T00:00:00Z',
  }
  const who = ['-c', 'user.name=Writer', '-c', 'user.email=writer@example.com', '-c', 'protocol.file.allow=always']
  const git = (...args: readonly string[]): string =>
    execFileSync('git', [...who, ...args], {
      cwd: root,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  const write = (files: Readonly<Record<string, string | Buffer>>): void => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), content)
    }
  }
  git('init', '--quiet', '--initial-branch=main', ...init)
  return {
    root,
    canary,
    git,
    write,
    commit: (files = {}) => {
      write(files)
      git('add', '--all')
      git('commit', '--quiet', '--allow-empty', '--message=change')
      return git('rev-parse', 'HEAD')
    },
    trap: `sh -c 'echo sprung >> ${canary}; cat'`,
    sprung: () => existsSync(canary),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
