import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The package as it would be published. */
export interface Packed {
  readonly file: string
  /** Bytes as sent, and on disk. */
  readonly size: number
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string; readonly size: number }[]
}

interface Manifest {
  readonly version: string
  readonly bin: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
}

interface Locked {
  readonly dev?: boolean
}

/** Packs what is built, into a folder. */
export function pack(folder: string): Packed {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  const said = JSON.parse(
    execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  ) as unknown
  // npm 11 answers with the packages by name where those before it had a list.
  const [packed] = Object.values(said as Readonly<Record<string, Packed & { readonly filename: string }>>)
  if (packed === undefined) throw new Error('npm packed nothing')
  return { ...packed, file: join(folder, packed.filename) }
}

/**
 * Installs a packed package into an empty folder, from npm's cache alone: with the versions of this project's own lock, so that
 * nothing has to be asked of a registry. What `npm ci` has not left in the cache is fetched, and that is said.
 */
export function install({ file }: Packed, folder: string): { readonly offline: boolean } {
  mkdirSync(folder, { recursive: true })
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Readonly<Record<string, Locked>> }
  const dependencies = { 'dba-bot': 'file:dba-bot.tgz' }
  const ours = { ...manifest, resolved: 'file:dba-bot.tgz', scripts: undefined, devDependencies: undefined }
  const theirs = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && dev !== true)
  const packages = { '': { dependencies }, 'node_modules/dba-bot': ours, ...Object.fromEntries(theirs) }
  copyFileSync(file, join(folder, 'dba-bot.tgz'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }))
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, requires: true, packages }))
  const ci = (how: string): { readonly status: number | null; readonly stderr: string } =>
    spawnSync('npm', ['ci', how, '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, encoding: 'utf8' })
  const offline = ci('--offline')
  if (offline.status === 0) return { offline: true }
  if (!offline.stderr.includes('ENOTCACHED')) throw new Error(offline.stderr)
  const online = ci('--prefer-offline')
  if (online.status !== 0) throw new Error(online.stderr)
  return { offline: false }
}

/** A command of an installed package, as `npx` starts it; npm may not install anything for it. */
export function npx(
  folder: string,
  cwd: string,
  args: readonly string[],
): { readonly code: number | null; readonly out: string; readonly err: string } {
  const environment = { PATH: process.env['PATH'] ?? '', HOME: resolve(folder), npm_config_offline: 'true' }
  const command = ['--no', '--prefix', folder, '--', ...args]
  const { status, stdout, stderr } = spawnSync('npx', command, { cwd, env: environment, encoding: 'utf8' })
  return { code: status, out: stdout, err: stderr }
}
