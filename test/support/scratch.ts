import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A git repository in a temporary folder, made by hand. */
export interface Scratch {
  readonly folder: string
  git(...args: readonly string[]): void
  /** What differs from the last commit, as git says it in short. */
  status(): string
  write(path: string, text: string | Uint8Array): void
  remove(path: string): void
  dispose(): void
}

const IDENTITY = ['-c', 'user.name=A Tester', '-c', 'user.email=tester@example.com', '-c', 'commit.gpgsign=false']

export function scratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'dba-scratch-'))
  const git = (...args: readonly string[]): void => {
    execFileSync('git', ['-C', folder, ...IDENTITY, ...args], { stdio: 'pipe' })
  }
  git('init', '-q', '-b', 'main')
  return {
    folder,
    git,
    status: () => execFileSync('git', ['-C', folder, 'status', '--short'], { encoding: 'utf8' }),
    write: (path, text) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    },
    remove: (path) => rmSync(join(folder, path)),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  }
}
