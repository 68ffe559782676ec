import { execFile } from 'node:child_process'
import { access, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A migration tool as people run it, of one version; `needs` is what a machine must have for it to be fetched. */
export interface Tool {
  readonly name: string
  readonly version: string
  readonly needs: string
  /** Makes its program in a new folder; `cache` is for what several tools share. */
  make(folder: string, cache: string): Promise<void>
  /** The program's path below its folder. */
  readonly program: string
}

/** The path of the tool's program, which is fetched once and kept; or why there is none. */
export async function fetched(tool: Tool): Promise<{ readonly program: string } | { readonly missing: string }> {
  const cache = join(tmpdir(), `dba-test-tools-${userInfo().username.replace(/\W/g, '_')}`)
  await mkdir(cache, { recursive: true, mode: 0o700 })
  if ((await stat(cache)).uid !== process.getuid?.()) return { missing: `${cache} belongs to somebody else` }
  const home = join(cache, `${tool.name}-${tool.version}`.replace(/[^\w.]+/g, '-'))
  const program = join(home, tool.program)
  if (await exists(program)) return { program }
  const draft = await mkdtemp(join(cache, 'draft-'))
  try {
    await tool.make(draft, cache)
    await rename(draft, home).catch(async (error: unknown) => {
      // Another test process may have been faster.
      if (!(await exists(program))) throw error
    })
    return { program }
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n')
    return { missing: `it needs ${tool.needs}, and could not be fetched: ${reason}` }
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** A program that Go builds; `tags` leave out the drivers of other databases. */
export function goTool(name: string, path: string, version: string, tags: readonly string[] = []): Tool {
  return {
    name,
    version,
    needs: 'Go',
    program: name,
    async make(folder, cache) {
      const environment = { ...process.env, GOBIN: folder, GOPATH: join(cache, 'go'), GOFLAGS: '-modcacherw' }
      const selected = tags.length > 0 ? ['-tags', tags.join(',')] : []
      await run('go', ['install', ...selected, `${path}@${version}`], { cwd: folder, env: environment })
    },
  }
}

/** A program of Go that is written for the tests, with the one module that it is about. */
export function goProgram(name: string, module: string, version: string, source: string): Tool {
  return {
    name,
    version,
    needs: 'Go',
    program: name,
    async make(folder, cache) {
      const environment = { ...process.env, GOPATH: join(cache, 'go'), GOFLAGS: '-modcacherw -mod=mod' }
      const options = { cwd: folder, env: environment }
      await writeFile(join(folder, 'main.go'), source)
      await writeFile(join(folder, 'go.mod'), `module ${name}\n`)
      await run('go', ['get', `${module}@${version}`], options)
      await run('go', ['mod', 'tidy'], options)
      await run('go', ['build', '-o', name, '.'], options)
    },
  }
}

/** A program that comes as a package of npm. */
export function npmTool(name: string, version: string, program = `node_modules/.bin/${name}`): Tool {
  return {
    name,
    version,
    needs: 'npm',
    program,
    async make(folder) {
      await run('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `${name}@${version}`])
    },
  }
}

/** A program that Cargo builds. */
export function cargoTool(name: string, version: string, program: string, features: readonly string[]): Tool {
  return {
    name,
    version,
    needs: 'Cargo',
    program: `bin/${program}`,
    async make(folder) {
      const selected = ['--no-default-features', '--features', features.join(',')]
      const options = ['--quiet', '--debug', '--root', folder, '--target-dir', `${folder}/target`]
      await run('cargo', ['install', name, '--version', version, ...selected, ...options], { cwd: folder })
      await rm(join(folder, 'target'), { recursive: true })
    },
  }
}

/** A program of Rust that is written for the tests, with its dependencies as Cargo writes them. */
export function cargoProgram(name: string, version: string, dependencies: string, source: string): Tool {
  const program = 'target/debug/program'
  return {
    name,
    version,
    needs: 'Cargo',
    program,
    async make(folder) {
      await mkdir(join(folder, 'src'))
      await writeFile(join(folder, 'src/main.rs'), source)
      const head = `[package]\nname = "program"\nversion = "0.0.0"\nedition = "2021"\n\n[profile.dev]\ndebug = false\n`
      await writeFile(join(folder, 'Cargo.toml'), `${head}\n[dependencies]\n${dependencies}\n`)
      await run('cargo', ['build', '--quiet', '--target-dir', 'target'], { cwd: folder })
    },
  }
}

/** A program that the machine has by itself, of whatever version. */
export function installedTool(name: string, needs: string): Tool {
  return {
    name,
    version: 'installed',
    needs,
    program: 'program',
    async make(folder) {
      await run(name, ['--version'])
      await writeFile(join(folder, 'program'), `#!/bin/sh\nexec ${name} "$@"\n`, { mode: 0o755 })
    },
  }
}
