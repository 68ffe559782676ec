import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Review } from '../model/review.js'
import { json } from '../report/json.js'
import { type Lookups, lookupsOf, type Quotable } from '../report/lookups.js'
import { markdown } from '../report/markdown.js'
import type { Reporter } from '../report/reporter.js'
import { sarif } from '../report/sarif.js'
import { terminal } from '../report/terminal.js'
import { metaOf, rules } from '../rules/index.js'
import { programVersion } from '../source/program-version.js'
import type { Io } from './io.js'
import type { Format, ReportOptions } from './options.js'

/** Writes the report in the format that was asked for, to standard output or to a file. */
export async function write(review: Review, { format, output }: ReportOptions, files: Quotable, io: Io): Promise<void> {
  const screen = { color: io.color && output === undefined, width: io.width }
  const text = reporterOf(format, lookupsOf(files, metaOf), screen).render(review)
  if (output === undefined) return io.out(text)
  await writeFile(resolve(io.cwd, output), text)
  io.err(`The report is in ${output}.\n`)
}

/** The reporter of a format. */
export function reporterOf(
  format: Format,
  lookups: Lookups,
  screen: { readonly color: boolean; readonly width: number },
): Reporter<string> {
  switch (format) {
    case 'terminal':
      return terminal(lookups, screen)
    case 'markdown':
      return markdown(lookups)
    case 'json':
      return json()
    case 'sarif':
      return sarif(
        rules.map(({ meta }) => meta),
        programVersion(),
      )
  }
}
