import { sourceText, type Refusal, type SourceText } from '../source/source-text.js'
import type { FileSet } from './pull-request.js'

/** Plain data from which a file set can be made again: a text, a refusal, or null for a file that was listed but not loaded. */
export type FileEntries = ReadonlyMap<string, { readonly text: string } | Refusal | null>

/**
 * A file set over plain data. Texts are indexed when first read; one that `twin` holds as well is the same object, so that what
 * is known of it need not be found out twice.
 */
export function fileSet(entries: FileEntries, twin?: FileSet): FileSet {
  const texts = new Map<string, SourceText>()
  return {
    paths: [...entries.keys()].sort(),
    read: (path) => {
      const known = texts.get(path)
      if (known !== undefined) return known
      const entry = entries.get(path)
      if (!entry || !('text' in entry)) return undefined
      const same = twin?.read(path)
      const text = same?.text === entry.text ? same : sourceText(path, entry.text)
      texts.set(path, text)
      return text
    },
    refusal: (path) => {
      const entry = entries.get(path)
      return entry && 'reason' in entry ? entry : undefined
    },
  }
}

/** A file set that holds more and more: what was read before is not read again. */
export function joined(before: FileSet, more: FileSet): FileSet {
  return {
    paths: before.paths,
    read: (path) => before.read(path) ?? more.read(path),
    refusal: (path) => before.refusal(path) ?? more.refusal(path),
  }
}

/** A file set as plain data, for what was loaded of it. */
export function entriesOf(files: FileSet): FileEntries {
  return new Map(
    files.paths.map((path) => {
      const text = files.read(path)?.text
      return [path, text === undefined ? (files.refusal(path) ?? null) : { text }]
    }),
  )
}
