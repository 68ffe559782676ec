import { constants } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { clued, gathered } from '../frameworks/gather.js'
import { detectProjects } from '../frameworks/index.js'
import { entriesOf, fileSet, type FileEntries } from '../model/file-set.js'
import type { FileSet } from '../model/pull-request.js'
import type { Settings } from '../model/settings.js'
import { decode, isRefusal, LARGEST_FILE } from '../source/source-text.js'
import type { Problem } from './io.js'

type Entry = NonNullable<ReturnType<FileEntries['get']>>

/** Named files on disk with what lies around them, which is what tells the tool they belong to and what went before. */
export interface Neighbourhood {
  /** Paths relative to `root`, with forward slashes. */
  readonly named: readonly string[]
  readonly paths: readonly string[]
  /** Those of `named` that were named themselves, not by their folder. */
  readonly explicit: readonly string[]
  read(path: string): Promise<Entry>
}

/** Finds named files, or all SQL and Python files of named folders, and lists their surroundings under `root`. */
export async function neighbourhood(root: string, names: readonly string[]): Promise<Neighbourhood | Problem> {
  const named = new Set<string>()
  const explicit: string[] = []
  for (const name of names) {
    const path = resolve(root, name)
    const found = await stat(path).catch(() => null)
    if (found === null) return { problem: `There is no file ${name}.` }
    const files = found.isDirectory() ? (await listed(path, 8)).filter((file) => /\.(sql|py)$/.test(file)) : [path]
    if (files.length === 0) return { problem: `The folder ${name} holds no SQL or Python files.` }
    for (const file of files) named.add(file)
    if (!found.isDirectory()) explicit.push(path)
  }
  const around = new Set(named)
  for (const folder of new Set([...named].map((path) => dirname(path)))) {
    for (const file of await listed(within(root, dirname(folder)) ? dirname(folder) : folder, 2)) around.add(file)
    for (let above = dirname(folder); within(root, above); above = dirname(above)) {
      for (const file of await listed(above, 1)) around.add(file)
      if (above === dirname(above)) break
    }
  }
  const slashed = (path: string): string => relative(root, path).split(sep).join('/')
  return {
    named: [...named].map(slashed),
    paths: [...around].map(slashed).sort(),
    explicit: explicit.map(slashed),
    read: (path) => entryOf(path, resolve(root, path)),
  }
}

/** The texts of the named files and of what their projects need, the rest listed only. */
export async function loadAround(around: Neighbourhood, { migrations }: Settings): Promise<FileEntries> {
  const load = async (paths: readonly string[]): Promise<FileSet> => {
    const wanted = new Set(paths)
    const entries = around.paths.map(async (path) => [path, wanted.has(path) ? await around.read(path) : null] as const)
    return fileSet(new Map(await Promise.all(entries)))
  }
  const source = { paths: around.paths, load }
  const clues = await clued(source)
  return entriesOf(await gathered(source, clues, detectProjects(clues, migrations), around.named))
}

function within(root: string, path: string): boolean {
  return path === root || path.startsWith(root + sep)
}

async function listed(folder: string, depth: number): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const deeper = entries.filter((entry) => entry.isDirectory() && depth > 1 && !/^(\.|node_modules$)/.test(entry.name))
  const below = await Promise.all(deeper.map((entry) => listed(join(folder, entry.name), depth - 1)))
  const here = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink())
  return [...here.map((entry) => join(folder, entry.name)), ...below.flat()]
}

/** Opened so that a link is refused, never followed. */
async function entryOf(path: string, file: string): Promise<Entry> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => error,
  )
  if (handle instanceof Error) {
    return {
      reason:
        handle.code === 'ELOOP' ? 'file is a symbolic link' : `file cannot be read (${handle.code ?? handle.message})`,
      line: 1,
    }
  }
  try {
    const { size } = await handle.stat()
    if (size > LARGEST_FILE)
      return { reason: `file has ${size} bytes; the most that is read is ${LARGEST_FILE}`, line: 1 }
    const decoded = decode(path, await handle.readFile())
    return isRefusal(decoded) ? decoded : { text: decoded.text }
  } finally {
    await handle.close()
  }
}
