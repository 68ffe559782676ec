import { resolve } from 'node:path'
import { readStatistics } from '../statistics/file.js'
import { STATISTICS_STATEMENTS } from '../statistics/query.js'
import { measure } from '../statistics/session.js'
import { EXIT, isProblem, type Io, type Problem } from './io.js'
import { replaceFile } from './replace-file.js'

export interface StatsOptions {
  readonly databaseUrl?: string
  readonly output: string
}

/** `dba stats`: the query that measures tables, for a person to run; with a URL it is run, and the file written. */
export async function statsVerb({ databaseUrl, output }: StatsOptions, io: Io): Promise<number | Problem> {
  if (databaseUrl === undefined) {
    io.out(`${USE}${STATISTICS_STATEMENTS.join('\n')}\n`)
    return EXIT.pass
  }
  io.progress('Measuring')
  const text = await measure(databaseUrl, io.signal)
  if (typeof text !== 'string') return { problem: `The database could not be measured: ${text.problem}.` }
  const statistics = readStatistics(text)
  if (isProblem(statistics)) return { problem: `What the database answered is no statistics: ${statistics.problem}.` }
  await replaceFile(resolve(io.cwd, output), text)
  const { length } = statistics.tables
  io.err(
    `The sizes of ${length === 1 ? '1 table' : `${length} tables`} are in ${output}. Name it in .github/dba.yml:\n`,
  )
  io.err(`  tables: { statistics: ${output} }\n`)
  return EXIT.pass
}

/** As comments, so that the whole output can go to psql. */
const USE = `-- Measures the tables of a database, and changes nothing. Run it where the migrations will run, with a role that may only read:
--   dba stats | psql -XAtq "$URL" > db/stats.json
-- and name the file in .github/dba.yml on the base branch:
--   tables: { statistics: db/stats.json }
`
