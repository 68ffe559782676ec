import { execFile, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { postgresBinaries, type Major } from '../support/postgres-binaries.js'
import { engine } from './engine.js'

/** The name of images that the tests make; those of other projects are left alone. */
export const REPOSITORY = 'dba-bot-test-postgres'

const run = promisify(execFile)

/**
 * An image that holds of the official one what the sandbox relies on, and its awkward sides: no user but `postgres` to
 * run as, a declared volume, an entrypoint that changes owners. Everything comes from this machine and from the
 * packaged programs of PostgreSQL: https://github.com/docker-library/postgres/blob/master/Dockerfile-debian.template
 */
export async function imageOf(major: Major): Promise<string> {
  const name = `${REPOSITORY}:${major}`
  const there = await engine
    .getImage(name)
    .inspect()
    .catch(() => null)
  if (there !== null) return name
  const binaries = await postgresBinaries(major)
  if ('missing' in binaries) throw new Error(binaries.missing)
  const root = await mkdtemp(join(tmpdir(), 'dba-image-'))
  try {
    await fill(root, binaries.folder, major)
    const tar = spawn('tar', ['-cf', '-', '-C', root, '--owner=0', '--group=0', '.'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const answer = await engine.importImage(tar.stdout, {
      repo: REPOSITORY,
      tag: String(major),
      changes: CHANGES(major),
    })
    await new Promise<void>((resolve, failed) => {
      engine.modem.followProgress(answer, (error) => (error === null ? resolve() : failed(error)))
    })
    return name
  } finally {
    await rm(root, { recursive: true })
  }
}

const CHANGES = (major: number): readonly string[] => [
  `ENV PATH=/usr/local/bin:/usr/bin:/bin:/usr/lib/postgresql/${major}/bin LANG=en_US.utf8 PGDATA=/var/lib/postgresql/data`,
  'VOLUME /var/lib/postgresql',
  'ENTRYPOINT ["docker-entrypoint.sh"]',
  'EXPOSE 5432',
  'CMD ["postgres"]',
]

/** What the official image has of Debian's essential packages, and the sandbox runs there. */
const PROGRAMS = ['sh', 'cat', 'tar', 'timeout', 'perl']

async function fill(root: string, binaries: string, major: Major): Promise<void> {
  const home = join(root, 'usr/lib/postgresql', String(major))
  for (const folder of ['usr/bin', 'etc', 'tmp', 'run', 'proc', 'sys', 'dev', 'var/lib/postgresql']) {
    await mkdir(join(root, folder), { recursive: true })
  }
  await run('chmod', ['1777', join(root, 'tmp')])
  for (const name of ['bin', 'lib', 'lib64']) {
    const target = await readlink(join('/', name)).catch(() => null)
    await (target === null ? mkdir(join(root, name), { recursive: true }) : symlink(target, join(root, name)))
  }
  await cp(dirname(binaries), home, { recursive: true, verbatimSymlinks: true })
  for (const program of PROGRAMS) {
    const { stdout } = await run('sh', ['-c', `command -v ${program}`])
    const file = await realpath(stdout.trim())
    await cp(file, join(root, 'bin', program))
    await copyLibraries(root, file)
  }
  for (const program of ['postgres', 'initdb']) await copyLibraries(root, join(binaries, program), dirname(binaries))
  for (const file of await perlFiles()) await copyAsItIs(root, file)
  await copyAsItIs(root, '/usr/lib/locale/C.utf8').catch(() => undefined)
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\npostgres:x:999:999::/var/lib/postgresql:/bin/sh\n')
  await writeFile(join(root, 'etc/group'), 'root:x:0:\npostgres:x:999:\n')
}

/** What a program is linked with, but for what comes along. */
async function copyLibraries(root: string, file: string, along = root): Promise<void> {
  const { stdout } = await run('ldd', [file])
  for (const [library] of stdout.matchAll(/\/\S+/g)) {
    if (!library.startsWith(along)) await copyAsItIs(root, library)
  }
}

/** The modules of Perl that passing data on takes. */
async function perlFiles(): Promise<readonly string[]> {
  const loaded = 'use strict; use Socket; print join "\\n", values %INC, @DynaLoader::dl_shared_objects'
  return (await run('perl', ['-e', loaded])).stdout.trim().split('\n')
}

async function copyAsItIs(root: string, file: string): Promise<void> {
  const target = join(root, await realpath(dirname(file)), basename(file))
  await mkdir(dirname(target), { recursive: true })
  await cp(file, target, { recursive: true, dereference: true })
}
