import type { FileSet } from '../model/pull-request.js'
import { isRefusal, type Refusal, type SourceText } from './source-text.js'

/** A file set over texts that are there already; null stands for a file that exists but was not loaded. */
export function fileSet(entries: ReadonlyMap<string, SourceText | Refusal | null>): FileSet {
  const paths = [...entries.keys()].sort()
  return {
    paths,
    read: (path) => {
      const entry = entries.get(path)
      return entry && !isRefusal(entry) ? entry : undefined
    },
    refusal: (path) => {
      const entry = entries.get(path)
      return entry && isRefusal(entry) ? entry : undefined
    },
  }
}
