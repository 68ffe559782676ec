import type { FileSet } from '../model/pull-request.js'
import { changedLines, type LineRange } from '../source/unified-diff.js'

/** Which lines a pull request changes, as far as its texts are known. */
export interface HeadDiff {
  /** The lines of the head's file that the base does not have, in order; none for a file that is not known. */
  changed(path: string): readonly LineRange[]
  /** Whether the file is there before and not after. */
  removed(path: string): boolean
}

/** Compares both sides of a pull request. */
export function headDiffOf(base: FileSet, head: FileSet): HeadDiff {
  const after = new Set(head.paths)
  const before = new Set(base.paths)
  return {
    changed: (path) => {
      const now = head.read(path)?.text
      const old = base.read(path)?.text
      // A text that is there and was not read says nothing about what changed.
      if (now === undefined || (old === undefined && before.has(path))) return []
      return changedLines(old, now).filter(({ length }) => length > 0)
    },
    removed: (path) => before.has(path) && !after.has(path),
  }
}
