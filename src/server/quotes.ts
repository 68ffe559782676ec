import type { Hide } from '../github/hiding.js'
import { fileSet, type FileEntries } from '../model/file-set.js'
import { pathsOf } from '../model/migration.js'
import type { Parts } from '../review/conclude.js'
import { headDiffOf, type HeadDiff } from '../report/head-diff.js'
import type { Lookups } from '../report/lookups.js'
import type { FileSet } from '../model/pull-request.js'
import type { Span } from '../source/span.js'
import type { LineRange } from '../source/unified-diff.js'

/** What reports quote of files once these are not at hand any more: plain JSON. */
export interface Quotes {
  /** The changed lines of the files with findings, by path. */
  readonly changed: Readonly<Record<string, readonly LineRange[]>>
  readonly removed: readonly string[]
  /** The texts of those files, by path: as they are, or as they were where they are gone. */
  readonly texts: Readonly<Record<string, string>>
}

export const NO_QUOTES: Quotes = { changed: {}, removed: [], texts: {} }

/** What may be quoted of the files of migrations, and of those in which something was found: nothing that `hide` takes out. */
export function quotesOf(
  files: { readonly base: FileEntries; readonly head: FileEntries },
  { findings, migrations }: Pick<Parts, 'findings' | 'migrations'>,
  hide: Hide,
): Quotes {
  const base = fileSet(files.base)
  const head = fileSet(files.head)
  const diff = headDiffOf(base, head)
  const named = [...findings.map(({ at }) => at.path), ...migrations.flatMap(({ revision }) => pathsOf(revision))]
  const paths = [...new Set(named)].sort()
  return {
    changed: Object.fromEntries(paths.map((path) => [path, diff.changed(path)])),
    removed: paths.filter((path) => diff.removed(path)),
    texts: Object.fromEntries(
      paths.flatMap((path) => {
        const source = head.read(path) ?? base.read(path)
        return source === undefined ? [] : [[path, shownLines(source.text, hide)]]
      }),
    ),
  }
}

/** A text whose lines keep their numbers, whatever is taken out of them. */
function shownLines(text: string, hide: Hide): string {
  return hide(text) === text ? text : text.split('\n').map(hide).join('\n')
}

/** The diff as far as it is quoted. */
export function diffIn({ changed, removed }: Quotes): HeadDiff {
  return {
    changed: (path) => (Object.hasOwn(changed, path) ? (changed[path] ?? []) : []),
    removed: (path) => removed.includes(path),
  }
}

/** What reports look up. */
export function lookupsIn(quotes: Quotes, describe: Lookups['describe']): Lookups {
  const files = filesIn(quotes)
  return { describe, excerpt: (span) => files.read(span.path)?.wholeLines(span) }
}

/** The text of a place, as far as it is quoted. */
export function sourcesIn(quotes: Quotes): (span: Span) => string | undefined {
  const files = filesIn(quotes)
  return (span) => files.read(span.path)?.slice(span)
}

function filesIn({ texts }: Quotes): FileSet {
  return fileSet(new Map(Object.entries(texts).map(([path, text]) => [path, { text }])))
}
