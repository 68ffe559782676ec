import type { SequenceItem } from '../lint/lint.js'
import type { Migration, Project, Revision, Script } from '../model/migration.js'
import type { Note } from '../model/note.js'
import type { FileSet } from '../model/pull-request.js'
import { sourceText, type SourceText } from '../source/source-text.js'
import { startOf } from '../source/span.js'
import { readScript, type Reading } from '../sql/script.js'

/** A sequence that may begin with a dump, and what is to be said of that. */
export interface Begun {
  readonly sequence: readonly SequenceItem[]
  readonly notes: readonly Note[]
}

/**
 * Begins a sequence with a dump of the schema in place of the migrations that the dump holds already: those up to the last
 * one that its rows of the tool's own table name, or all of the base where they name none. A pull request that edits one of
 * those is compared with the history itself.
 */
export function beginWith(
  path: string,
  sequence: readonly SequenceItem[],
  { bookkeeping }: Project['conventions'],
  base: FileSet,
  reading: Reading,
): Begun {
  const dump = base.read(path)
  if (dump === undefined) {
    const reason = base.refusal(path)?.reason ?? 'there is no such file on the base branch'
    return { sequence, notes: [withheld(`the baseline ${path} cannot be used: ${reason}`)] }
  }
  const named = versionsIn(dump.text, bookkeeping)
  const last = sequence.findLastIndex(
    ({ role, migration }) => role !== 'added' && named.has(plain(migration.revision.id)),
  )
  if (named.size > 0 && last < 0) {
    const reason = `it names ${[...named].slice(0, 3).join(', ')} as applied, and no migration is called so`
    return { sequence, notes: [withheld(`the baseline ${path} cannot be used: ${reason}`)] }
  }
  const held = (item: SequenceItem, index: number): boolean =>
    item.role !== 'added' && (named.size === 0 || index <= last)
  const edited = sequence.find((item, index) => item.role === 'edited' && held(item, index))
  if (edited !== undefined) {
    const message = `the history is replayed from its start, and not from the baseline ${path}, as this change edits ${edited.migration.revision.id}`
    return { sequence, notes: [{ message, at: startOf(edited.migration.revision.path), bearing: 'informs' }] }
  }
  const rest = sequence.filter((item, index) => !held(item, index))
  const first: SequenceItem = { role: 'applied', migration: baselineOf(dump, reading) }
  return { sequence: [first, ...rest], notes: [] }
}

function baselineOf(dump: SourceText, reading: Reading): Migration {
  const revision: Revision = {
    id: 'baseline',
    parents: [],
    path: dump.path,
    downPath: null,
    title: 'baseline',
    repeatable: false,
  }
  const up: Script = readScript(sourceText(dump.path, withoutFrame(dump.text)), reading, { transaction: 'none' })
  return { revision, up, down: { kind: 'absent' } }
}

/** What pg_dump says to psql about the dump itself, blanked out so that every place stays where it is. */
function withoutFrame(text: string): string {
  return text.replace(/^\\(?:un)?restrict\b.*$/gm, (line) => ' '.repeat(line.length))
}

/** The versions that a dump's rows of the tool's own tables name, as INSERT or as a block of COPY. */
export function versionsIn(text: string, bookkeeping: readonly string[]): ReadonlySet<string> {
  const tables = bookkeeping.map((name) => `(?:\\w+\\.)?"?${name.replace(/^.*\./, '')}"?`).join('|')
  if (tables === '') return new Set()
  const inserted = [...text.matchAll(new RegExp(`^INSERT INTO (${tables})\\b([^;]*);`, 'gim'))].flatMap(
    ([, table = '', rows = '']) => {
      // Flyway's rows begin with their rank.
      const row = isRanked(table, rows) ? /\(\s*\d+\s*,\s*'([\w.-]+)'/g : /\(\s*'?([\w.-]+)'?/g
      return [...rows.matchAll(row)]
    },
  )
  const copied = [...text.matchAll(new RegExp(`^COPY (${tables})\\b([^;]*)FROM stdin;\\r?\\n([^]*?)^\\\\\\.`, 'gim'))]
  const first = copied.flatMap(([, table = '', columns = '', rows = '']) =>
    rows.split('\n').map((row) => row.split('\t')[isRanked(table, columns) ? 1 : 0]?.trim() ?? ''),
  )
  const columns = new Set(['version', 'version_num', 'id', 'dirty'])
  const versions = [...inserted.map(([, version = '']) => version), ...first].filter(
    (version) => !/^(\\N)?$/.test(version),
  )
  return new Set(versions.filter((version) => !columns.has(version.toLowerCase())).map(plain))
}

function isRanked(table: string, columns: string): boolean {
  return /flyway/i.test(table) || /\binstalled_rank\b/i.test(columns)
}

/** Some tools write a version with leading zeros in one place and without in another; to Flyway 1.0 is 1 as well. */
export function plain(version: string): string {
  return version.replace(/(^|\.)0+(?=\d)/g, '$1').replace(/(?<=\d)(\.0)+$/, '')
}

function withheld(message: string): Note {
  return { message, at: null, bearing: 'withholds' }
}
