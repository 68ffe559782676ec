import { createHash } from 'node:crypto'
import type { History } from '../../model/migration.js'
import type { FileSet } from '../../model/pull-request.js'
import { join, nameOf, parentOf } from '../folders.js'
import { firstDirective } from './atlas-directives.js'

/** How a sum file does not fit its folder: the first file that is to blame, and what it is to the sum file. */
export interface Misfit {
  readonly path: string
  readonly what: 'added' | 'edited' | 'removed' | 'unreadable'
}

/**
 * The history with what its sum file is to its files, in its project: `fits` where all is as it should be, else `misfit`, the path
 * that is to blame, and `misfitIs`, what it is to the sum file. None of them where that could not be told.
 */
export function withSum(history: History, files: FileSet): History {
  const manifest = history.project.config['manifest']
  const misfit = manifest === undefined ? null : misfitOf(manifest, files)
  if (misfit === null) return history
  const { project } = history
  const told = misfit === 'fits' ? { fits: 'yes' } : { misfit: misfit.path, misfitIs: misfit.what }
  return { ...history, project: { ...project, config: { ...project.config, ...told } } }
}

interface Entry {
  readonly name: string
  readonly hash: string
}

/**
 * Where `atlas.sum` and the files of its folder differ, as `atlas migrate validate` sees it; null when one of them could
 * not be read (https://github.com/ariga/atlas/blob/master/sql/migrate/dir.go: the files by name, each hash over all
 * names and texts up to and with its own).
 */
export function misfitOf(manifest: string, files: FileSet): Misfit | 'fits' | null {
  const sum = files.read(manifest)
  if (sum === undefined) return null
  const root = parentOf(manifest)
  const computed = entriesOf(root, files)
  if (computed === null) return null
  const [total = '', ...lines] = sum.text.replace(/\r?\n$/, '').split(/\r?\n/)
  const kept = lines.map((line): Entry | null => {
    const [name = '', hash, ...more] = line.split('h1:')
    return hash === undefined ? null : { name: name.trim(), hash: [hash, ...more].join('h1:') }
  })
  const entries = kept.flatMap((entry) => (entry === null ? [] : [entry]))
  if (entries.length < kept.length || total.replace(/^h1:/, '') !== totalOf(entries)) {
    return { path: manifest, what: 'unreadable' }
  }
  const first = Math.max(
    0,
    [...entries, null].findIndex((entry, at) => entry === null || !same(entry, computed[at])),
  )
  const [old, now] = [entries[first], computed[first]]
  if (old === undefined) return now === undefined ? 'fits' : { path: join(root, now.name), what: 'added' }
  const at = computed.findIndex(({ name }) => name === old.name)
  if (at < 0) return { path: join(root, old.name), what: 'removed' }
  if (at === first || now === undefined) return { path: join(root, old.name), what: 'edited' }
  return { path: join(root, now.name), what: 'added' }
}

function same(one: Entry, other: Entry | undefined): boolean {
  return one.name === other?.name && one.hash === other.hash
}

/** The hashes of a folder's files in the order of their names; null when a file could not be read. */
function entriesOf(root: string, files: FileSet): readonly Entry[] | null {
  const here = files.paths.filter((path) => path.endsWith('.sql') && parentOf(path) === root)
  const running = createHash('sha256')
  const entries: Entry[] = []
  for (const path of here.toSorted(byName)) {
    const source = files.read(path)
    if (source === undefined) return null
    running.update(nameOf(path))
    if (firstDirective(source, 'sum')?.value === 'ignore') continue
    running.update(source.text)
    entries.push({ name: nameOf(path), hash: running.copy().digest('base64') })
  }
  return entries
}

function byName(a: string, b: string): number {
  return a < b ? -1 : 1
}

function totalOf(entries: readonly Entry[]): string {
  const all = createHash('sha256')
  for (const { name, hash } of entries) all.update(name).update(hash)
  return all.digest('base64')
}
