import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { FileEntries } from '../../src/model/file-set.js'
import { decode, isRefusal } from '../../src/source/source-text.js'

type Entries = Map<string, NonNullable<ReturnType<FileEntries['get']>> | null>
export interface Sides {
  readonly base: FileEntries
  readonly head: FileEntries
}

/** The projects that a history in one file becomes, by the file's ending: what else is there, and where the migrations are. */
const PROJECTS = {
  sql: { beside: ['go.mod', null], folder: 'migrations' },
  py: { beside: ['alembic/env.py', { text: '' }], folder: 'alembic/versions' },
} as const

/**
 * Reads a small history out of one file: `-- base` and `-- pull` say whose the files after them are, `-- file: NAME` begins
 * one. They become a golang-migrate project in `migrations/`. In Python, `#` stands for `--`, they become an Alembic project, and
 * a name with folders is a path in the repository.
 */
export function historyFile(path: string): Sides {
  const { beside, folder } = PROJECTS[path.endsWith('.py') ? 'py' : 'sql']
  const base: Entries = new Map([[...beside]])
  const head: Entries = new Map([[...beside]])
  let side = 'base'
  let name: string | null = null
  let lines: string[] = []
  const close = (): void => {
    if (name === null) return
    const entry = { text: lines.join('\n') }
    const path = name.includes('/') ? name : `${folder}/${name}`
    if (side === 'base') base.set(path, entry)
    head.set(path, entry)
    lines = []
    name = null
  }
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const mark = /^(?:--|#) (?:(base|pull)|file: (\S+))\s*$/.exec(line)
    if (mark === null) lines.push(line)
    else {
      close()
      if (mark[1]) side = mark[1]
      else name = mark[2] ?? null
      lines = []
    }
  }
  close()
  return { base, head }
}

/** Reads every file under a folder, as a repository would have it. */
export function folderEntries(folder: string): FileEntries {
  if (!existsSync(folder)) return new Map()
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  return new Map(
    entries.map((file) => {
      const path = relative(folder, file)
      const decoded = decode(path, readFileSync(file))
      return [path, isRefusal(decoded) ? decoded : { text: decoded.text }]
    }),
  )
}

/** A rule's fixture: one file for what statements do, a folder with `base` and `head` for what a history does. */
export function fixtureSides(folder: string, name: 'bad' | 'good'): Sides {
  const file = ['sql', 'py'].map((ending) => join(folder, `${name}.${ending}`)).find((path) => existsSync(path))
  if (file !== undefined) return historyFile(file)
  return { base: folderEntries(join(folder, name, 'base')), head: folderEntries(join(folder, name, 'head')) }
}
