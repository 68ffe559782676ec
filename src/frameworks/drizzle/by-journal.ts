import type { History, Project, Revision, Stray } from '../../model/migration.js'
import type { Note } from '../../model/note.js'
import type { FileSet } from '../../model/pull-request.js'
import { startOf } from '../../source/span.js'
import { journalOf } from '../books.js'
import { join, nameOf, parentOf } from '../folders.js'
import { titleOf } from '../sql/naming.js'
import { entriesOf, type Entry } from './journal.js'

/** The history that a journal tells. Its order is that of the entries; what a database is past is told by their times. */
export function historyByJournal(project: Project, files: FileSet): History {
  const path = journalOf(project.root)
  const read = entriesIn(path, files)
  const entries = 'problem' in read ? [] : read
  const here = new Set(files.paths)
  const fileOf = ({ tag }: Entry): string => join(project.root, `${tag}.sql`)
  const present = entries.filter((entry) => here.has(fileOf(entry)))
  const ids = [...new Set(present.map(({ tag }) => tag))]
  const before = new Map(ids.map((id, index) => [id, ids.slice(Math.max(0, index - 1), index)]))
  const revisions = present.map((entry): Revision => ({
    id: entry.tag,
    parents: before.get(entry.tag) ?? [],
    path: fileOf(entry),
    downPath: null,
    title: titleOf(entry.tag.replace(/^\d+_/, '')),
    repeatable: false,
    rank: entry.when,
  }))
  const named = new Set(entries.map(fileOf))
  const strays = files.paths
    .filter((file) => parentOf(file) === project.root && /\.sql$/i.test(file) && !named.has(file))
    .map((file): Stray => ({
      path: file,
      reason: 'problem' in read ? 'the journal could not be read' : 'Drizzle runs only what its journal names',
    }))
  return {
    project,
    revisions,
    heads: ids.slice(-1),
    strays,
    notes: [
      ...('problem' in read ? [{ message: read.problem, at: read.at, bearing: 'withholds' as const }] : []),
      ...entries.filter((entry) => !here.has(fileOf(entry))).map(lacking),
      ...outOfTime(present),
    ],
  }
}

function entriesIn(
  path: string,
  files: FileSet,
): readonly Entry[] | { readonly problem: string; readonly at: Note['at'] } {
  const source = files.read(path)
  if (source !== undefined) {
    const read = entriesOf(source)
    return 'problem' in read ? { problem: `The journal of Drizzle cannot be read: ${read.problem}`, at: read.at } : read
  }
  const reason = files.refusal(path)?.reason ?? 'the file was not loaded'
  return { problem: `The journal of Drizzle cannot be read: ${reason}`, at: startOf(path) }
}

function lacking({ tag, at }: Entry): Note {
  return {
    message: `Drizzle stops before it runs anything: the journal names ${tag}, and there is no ${nameOf(tag)}.sql`,
    at,
    bearing: 'withholds',
  }
}

/** Entries that a new database runs and one that ran those before them skips. */
function outOfTime(entries: readonly Entry[]): readonly Note[] {
  let newest: Entry | null = null
  const notes: Note[] = []
  for (const entry of entries) {
    if (newest !== null && entry.when <= newest.when) {
      notes.push({
        message: `The time of ${entry.tag} in the journal is not after that of ${newest.tag} before it: a database that has run only the latter skips it`,
        at: entry.at,
        bearing: 'informs',
      })
    } else newest = entry
  }
  return notes
}
