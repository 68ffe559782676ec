import { changesSql, type ChangeSet, type Drift, type EditKind, type RevisionChange } from '../model/change.js'
import {
  isRead,
  pathsOf,
  type History,
  type Migration,
  type Project,
  type Revision,
  type Script,
} from '../model/migration.js'
import type { FileSet } from '../model/pull-request.js'
import type { Span } from '../source/span.js'
import { changedLines } from '../source/unified-diff.js'
import { sameTokens } from '../sql/same-tokens.js'

/** One side of a pull request, as a framework reads it. */
export interface Side {
  readonly history: History
  readonly files: FileSet
  readonly migration: (revision: Revision) => Migration
  /** By the path of a revision, which of these modules its code imports, itself or through others. */
  readonly importing?: (modules: ReadonlySet<string>) => ReadonlyMap<string, readonly string[]>
}

/** Compares a project's history with the merge base's: every revision of either side that differs gives one change. */
export function changeSet(project: Project, base: Side, head: Side): ChangeSet {
  const pending = [...base.history.revisions]
  const take = (matches: (revision: Revision) => boolean): Revision | undefined => {
    const index = pending.findIndex(matches)
    return index < 0 ? undefined : pending.splice(index, 1)[0]
  }
  const inHead = new Set(head.history.revisions.map(placeOf))
  const changes: RevisionChange[] = []
  const same: (readonly [before: Revision, after: Revision])[] = []
  const unmatched: Revision[] = []

  for (const revision of head.history.revisions) {
    const before = take((other) => placeOf(other) === placeOf(revision))
    if (before === undefined) unmatched.push(revision)
    else if (before.path !== revision.path && onlyMoved(before, revision, base, head)) same.push([before, revision])
    else if (before.id !== revision.id || before.path !== revision.path)
      changes.push(renamed(before, revision, base, head))
    else {
      const edits = edited(before, revision, base, head)
      changes.push(...edits)
      if (edits.length === 0) same.push([before, revision])
    }
  }
  for (const revision of unmatched) {
    // A file that moved is a rename when its id or its text came along; git's own similarity guess is not needed.
    const before =
      take((other) => other.id === revision.id && !inHead.has(placeOf(other))) ??
      take((other) => !inHead.has(placeOf(other)) && sameText(other, revision, base.files, head.files))
    changes.push(before === undefined ? { kind: 'added', head: revision } : renamed(before, revision, base, head))
  }
  for (const revision of pending) changes.push({ kind: 'removed', base: revision })
  return { project, base: base.history, head: head.history, changes, drifts: driftsOf(same, base, head) }
}

/** Revisions whose own files are the same on both sides, and whose up is other SQL, since modules that they import changed. */
function driftsOf(
  same: readonly (readonly [before: Revision, after: Revision])[],
  base: Side,
  head: Side,
): readonly Drift[] {
  const paths = new Set([...base.files.paths, ...head.files.paths])
  const modules = new Set([...paths].filter((path) => contentOf(base.files, path) !== contentOf(head.files, path)))
  const [old, now] = [base, head].map(({ importing }) => importing?.(modules))
  return same.flatMap(([before, after]) => {
    const through = [...new Set([...(old?.get(before.path) ?? []), ...(now?.get(after.path) ?? [])])]
    if (through.length === 0) return []
    const kind = editKind(base.migration(before).up, head.migration(after).up)
    // What is not understood on either side is no difference that could be shown, but for a file that is opened and sent.
    const opens = through.some((path) => !path.endsWith('.py'))
    if (kind !== 'other-sql' && !(kind === 'unknown' && opens)) return []
    return [{ head: after, kind, through, at: through.flatMap((path) => spansOfChange(path, base.files, head.files)) }]
  })
}

function sameText(base: Revision, head: Revision, baseFiles: FileSet, headFiles: FileSet): boolean {
  const before = partOf(baseFiles, base)
  return before !== undefined && before.trim() !== '' && before === partOf(headFiles, head)
}

function renamed(before: Revision, after: Revision, base: Side, head: Side): RevisionChange {
  const [up, down] = editKinds(before, after, base, head)
  return { kind: 'renamed', base: before, head: after, edit: worst(up, down) }
}

function edited(before: Revision, after: Revision, base: Side, head: Side): readonly RevisionChange[] {
  if (after.within !== undefined) return editedPart(before, after, base, head)
  const paths = pathsOf(after)
  const untouched =
    before.downPath === after.downPath &&
    paths.every((path) => contentOf(base.files, path) === contentOf(head.files, path))
  if (untouched) return []
  const [up, down] = editKinds(before, after, base, head)
  if (!changesSql(up) && !changesSql(down) && paths.every((path) => isSameToTool(path, base, head))) return []
  const at = paths.flatMap((path) => spansOfChange(path, base.files, head.files))
  return [{ kind: 'edited', base: before, head: after, up, down, at }]
}

/** Whether a file that changed is the same one to a tool whose hash does not see where lines end. */
function isSameToTool(path: string, base: Side, head: Side): boolean {
  const { hashesFiles, hashesLines } = head.history.project.conventions
  if (!hashesFiles || hashesLines !== true) return false
  const [before, after] = [base.files.read(path)?.text, head.files.read(path)?.text]
  return before !== undefined && before.replace(/[\r\n]/g, '') === after?.replace(/[\r\n]/g, '')
}

/** An edit of a part of a file; what only moves within it, or is set in from the left, is none. */
function editedPart(before: Revision, after: Revision, base: Side, head: Side): readonly RevisionChange[] {
  const bare = (side: Side, revision: Revision): string | undefined =>
    wholeOf(side.files, revision)?.replace(/\s+/g, ' ').trim()
  if (before.hashed === after.hashed && bare(base, before) === bare(head, after)) return []
  const [up, down] = editKinds(before, after, base, head)
  const own = spansOfPart(after, partOf(base.files, before), partOf(head.files, after), head.files)
  const others = (after.including ?? []).flatMap((path) => spansOfChange(path, base.files, head.files))
  return [{ kind: 'edited', base: before, head: after, up, down, at: [...own, ...others] }]
}

/** The text of a revision that is part of a file, with those of the files that it includes. */
function wholeOf(files: FileSet, revision: Revision): string | undefined {
  const own = partOf(files, revision)
  if (own === undefined || revision.including === undefined) return own
  return [own, ...revision.including.map((path) => contentOf(files, path) ?? '')].join('\n')
}

/** The changed lines of a part of a file. */
function spansOfPart({ path, within }: Revision, old = '', now = '', files: FileSet): readonly Span[] {
  const text = files.read(path)
  if (text === undefined || within === undefined) return []
  return changedLines(old, now).map(({ start, length }) => {
    const first = within.start.line + start - 1
    const last = Math.max(first, first + length - 1)
    return { path, start: { line: first, column: 1 }, end: { line: last, column: text.line(last).length + 1 } }
  })
}

/** Where a revision is found again on the other side: by its file, and among several in one by its id as well; or as it is known. */
function placeOf({ path, id, within, identity }: Revision): string {
  if (identity !== undefined) return `\0${identity}`
  return within === undefined ? path : `${path}\0${id}`
}

/** Whether the files of a revision have other names and hold what they held. */
function onlyMoved(before: Revision, after: Revision, base: Side, head: Side): boolean {
  const text = ({ files }: Side, path: string | null): string | undefined =>
    path === null ? '' : contentOf(files, path)
  return (
    text(base, before.path) === text(head, after.path) && text(base, before.downPath) === text(head, after.downPath)
  )
}

/** The text of a revision: its file's, or that of its part. */
function partOf(files: FileSet, { path, within }: Revision): string | undefined {
  const source = files.read(path)
  return within === undefined ? source?.text : source?.slice(within)
}

/** What a file holds, so that two sides can be compared even when it is refused. */
function contentOf(files: FileSet, path: string): string | undefined {
  return files.read(path)?.text ?? files.refusal(path)?.reason
}

function spansOfChange(path: string, base: FileSet, head: FileSet): readonly Span[] {
  const text = head.read(path)
  if (text === undefined) return []
  return changedLines(base.read(path)?.text, text.text).map(({ start, length }) => {
    const last = Math.max(start, start + length - 1)
    return { path, start: { line: start, column: 1 }, end: { line: last, column: text.line(last).length + 1 } }
  })
}

function editKinds(
  before: Revision,
  after: Revision,
  base: Side,
  head: Side,
): readonly [EditKind | null, EditKind | null] {
  const old = base.migration(before)
  const now = head.migration(after)
  // The comparison of text is by file: where one file holds both directions, a comment belongs to neither.
  const split = before.downPath !== null || after.downPath !== null
  const text = (revision: Revision, side: Side, part: 'up' | 'down'): string | undefined =>
    revision.within === undefined
      ? contentOf(side.files, split && part === 'down' ? (revision.downPath ?? '') : revision.path)
      : wholeOf(side.files, revision)
  // What a part of a file sends may change with what is set outside it: a property.
  const sameWithin = after.within === undefined || before.hashed === after.hashed
  // Then the tool does not look at what else was taken for granted: the conditions of a changeSet.
  const isSameSum = before.hashed !== undefined && before.hashed !== '' && before.hashed === after.hashed
  const kindOf = (part: 'up' | 'down'): EditKind | null => {
    const same = sameWithin && text(before, base, part) === text(after, head, part)
    return same ? null : editKind(old[part], now[part], isSameSum)
  }
  const up = kindOf('up')
  const down = kindOf('down')
  if (split) return [up, down]
  // One file: when one direction's SQL changed, the other is only touched if its own did too.
  const changed = (kind: EditKind | null): boolean => kind === 'other-sql' || kind === 'unknown'
  return changed(up) || changed(down) ? [changed(up) ? up : null, changed(down) ? down : null] : [up, down]
}

/** How two readings of one script differ, given that their texts do; `isSameSum`: the tool's checksum does not. */
function editKind(before: Script, after: Script, isSameSum = false): EditKind {
  if (before.kind !== after.kind) return 'other-sql'
  if (before.kind === 'absent') return 'comments'
  if (before.kind === 'irreversible' && after.kind === 'irreversible') return 'same-sql'
  if (before.kind !== 'script' || after.kind !== 'script') return 'unknown'
  if (before.transaction !== after.transaction || before.statements.length !== after.statements.length)
    return 'other-sql'
  const same = before.statements.every((statement, i) => sameTokens(statement.sql, after.statements[i]?.sql ?? ''))
  if (!same) return 'other-sql'
  if (!isRead(before) || !isRead(after)) return 'unknown'
  if (!isSameSum && granted(before) !== granted(after)) return 'unknown'
  return after.statements.some(({ origin }) => origin === 'translated') ? 'same-sql' : 'comments'
}

/** What was taken for granted of a script, whatever its line. */
function granted({ gaps }: Extract<Script, { kind: 'script' }>): string {
  const ofText = gaps.filter(({ ofReading }) => ofReading !== true)
  return ofText.map(({ message }) => message.replace(/^line \d+/, '')).join('\n')
}

function worst(...kinds: readonly (EditKind | null)[]): EditKind | null {
  const order: readonly (EditKind | null)[] = [null, 'comments', 'same-sql', 'unknown', 'other-sql']
  return kinds.reduce((a, b) => (order.indexOf(a) > order.indexOf(b) ? a : b), null)
}
