import { startOf, type Span } from '../source/span.js'
import { beginOf, type History, type Link, type Revision } from './migration.js'

/** The revisions that one names; where the tool reads its parents from names, they stand at the start of the file. */
export function linksOf({ told, parents, path }: Revision): readonly Link[] {
  return told?.links ?? parents.map((id) => ({ kind: 'follows', name: id, id, at: startOf(path) }))
}

/** Where a revision says what it follows. */
export function parentsAt({ told, path }: Revision): Span {
  return told?.parents ?? startOf(path)
}

/** Where a revision says its id. */
export function idAt(revision: Revision): Span {
  return revision.told?.id ?? beginOf(revision)
}

/** An id and all that comes before it, by what follows what and, where asked for, by what depends on what. */
export function lineOf(
  history: History,
  id: string,
  kinds: readonly Link['kind'][] = ['follows'],
): ReadonlySet<string> {
  const links = linksById(history)
  const line = new Set([id])
  // A set hands out what is added to it while it is being walked.
  for (const next of line) {
    for (const link of links.get(next) ?? []) if (kinds.includes(link.kind)) line.add(link.id ?? link.name)
  }
  return line
}

/** The labels of the branches on which a revision lies: its own and those of all that it follows. */
export function labelsOf(history: History, id: string): ReadonlySet<string> {
  const line = lineOf(history, id)
  return new Set(history.revisions.flatMap(({ id, told }) => (line.has(id) ? (told?.labels ?? []) : [])))
}

const cache = new WeakMap<History, ReadonlyMap<string, readonly Link[]>>()

function linksById(history: History): ReadonlyMap<string, readonly Link[]> {
  const known = cache.get(history)
  if (known !== undefined) return known
  const links = new Map(history.revisions.map((revision) => [revision.id, linksOf(revision)]))
  cache.set(history, links)
  return links
}
