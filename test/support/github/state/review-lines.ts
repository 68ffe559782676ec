import { diffLines } from 'diff'
import { commentable, type Change } from '../git/changes.js'
import { Refusal } from '../http/answer.js'
import type { FakePull } from './pull.js'
import type { ReviewComment, Side } from './reviews.js'

export interface Place {
  readonly path: string
  readonly side: Side
  readonly line: number
  readonly startLine: number | null
  readonly startSide: Side | null
}

/** Refuses a place that is not in the diff up to this commit, or a range that is not in one part of it. */
export function changeAt(pull: FakePull, place: Place, commit: string): Change {
  const change = pull.changes(commit).find(({ path }) => path === place.path)
  if (!change) throw unresolved('Path could not be resolved')
  const hunk = commentable(change, place.side).get(place.line)
  if (hunk === undefined) throw unresolved('Line could not be resolved')
  if (place.startLine === null) return change
  const startHunk = commentable(change, place.startSide ?? place.side).get(place.startLine)
  if (startHunk === undefined) throw unresolved('Start line could not be resolved')
  if (startHunk !== hunk) throw unresolved('Start line must be part of the same hunk as the line.')
  if (place.startLine >= place.line && (place.startSide ?? place.side) === place.side) {
    throw unresolved('Start line must precede the end line.')
  }
  return change
}

/** Where the line of a comment is now; null once it was changed or left the diff. */
export function currentLine(pull: FakePull, comment: ReviewComment, line: number): number | null {
  if (comment.commit === pull.head.sha) return line
  const change = pull.changes().find(({ path }) => path === comment.path)
  if (!change) return null
  const moved = comment.side === 'LEFT' ? line : movedLine(pull, comment, line)
  return moved !== null && commentable(change, comment.side).has(moved) ? moved : null
}

function movedLine(pull: FakePull, comment: ReviewComment, line: number): number | null {
  const [before, after] = [comment.commit, pull.head.sha].map((sha) => textAt(pull, sha, comment.path))
  if (before === undefined || after === undefined) return null
  let [old, now] = [1, 1]
  for (const { count = 0, added, removed } of diffLines(before, after)) {
    if (!added && line >= old && line < old + count) return removed ? null : now + (line - old)
    if (!added) old += count
    if (!removed) now += count
  }
  return null
}

function textAt({ repository: { objects } }: FakePull, sha: string, path: string): string | undefined {
  const leaf = objects.files(objects.commit(sha)?.tree ?? '').get(path)
  return leaf && objects.blob(leaf.sha)?.toString('utf8')
}

const unresolved = (message: string): Refusal => new Refusal(422, 'Unprocessable Entity', [message])
