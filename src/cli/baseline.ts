import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { knownFindingsText, readKnownFindings } from '../config/known-findings.js'
import type { Finding } from '../model/finding.js'
import type { KnownFinding } from '../model/settings.js'
import type { AnalysisInput } from '../review/analyse.js'
import { analyseApart } from '../review/analyst.js'
import { judgedPaths, KNOWN_PATH, notKnowable } from '../review/known.js'
import { EXIT, isProblem, type Io, type Problem } from './io.js'
import { namedFiles } from './lint.js'
import type { RepositoryOptions } from './options.js'
import { onDisk, prepare } from './prepare.js'
import { replaceFile } from './replace-file.js'

export type BaselineOptions = RepositoryOptions & { readonly reason: string; readonly output?: string }

/** `dba baseline`: writes down the findings of merged migrations, so that they are known from then on. */
export async function baselineVerb(
  names: readonly string[],
  options: BaselineOptions,
  io: Io,
): Promise<number | Problem> {
  io.progress('Reading migrations')
  const judged = names.length === 0 ? await wholeHistory(options, io) : await someFiles(names, options, io)
  if (isProblem(judged)) return judged
  const { input, top, there } = judged
  const file = resolve(io.cwd, options.output ?? resolve(top, KNOWN_PATH))
  const before = await knownBefore(file, io)
  if (isProblem(before)) return { problem: `The known findings in ${file} cannot be used: ${before.problem}.` }
  const { findings, migrations, notes } = await analyseApart(input, io.signal)
  const paths = judgedPaths(migrations)
  const after = merged(before, findings, { paths, there }, options.reason, io.today)
  await replaceFile(file, knownFindingsText(after.entries))
  const never = findings.filter((finding) => finding.allowed === null && notKnowable(finding, 'files') !== null).length
  io.out(
    `${count(after.entries.length, 'finding')} known in ${file}: ${after.added} new, ${after.gone} gone.\n` +
      (never === 0 ? '' : `${count(never, 'finding')} cannot be: about the history, or of what is not read.\n`),
  )
  const unread = notes.filter(({ bearing }) => bearing === 'withholds').length
  if (unread > 0) io.err(`Not everything could be read (\`dba lint\` says what): ${count(unread, 'note')}.\n`)
  return EXIT.pass
}

interface ToJudge {
  readonly input: AnalysisInput
  /** The folder from which paths count. */
  readonly top: string
  readonly there: (path: string) => boolean
}

async function wholeHistory(options: BaselineOptions, io: Io): Promise<ToJudge | Problem> {
  const prepared = await prepare(options, io)
  if (isProblem(prepared)) return prepared
  const { head, settings, top } = prepared
  return {
    input: { base: new Map(), head, settings, today: io.today, mode: 'each' },
    top,
    there: (path) => head.has(path),
  }
}

async function someFiles(names: readonly string[], { config }: BaselineOptions, io: Io): Promise<ToJudge | Problem> {
  const files = await namedFiles(names, config === undefined ? {} : { config }, io)
  return isProblem(files)
    ? files
    : { input: files.input, top: io.cwd, there: (path) => existsSync(resolve(io.cwd, path)) }
}

async function knownBefore(file: string, io: Io): Promise<readonly KnownFinding[] | Problem> {
  const text = await onDisk(io, file)
  return text === undefined ? [] : readKnownFindings(text)
}

/** What is known after: entries of files that were not judged stay as long as the files do. */
function merged(
  before: readonly KnownFinding[],
  findings: readonly Finding[],
  { paths, there }: { readonly paths: ReadonlySet<string>; readonly there: (path: string) => boolean },
  reason: string,
  today: string,
): { readonly entries: readonly KnownFinding[]; readonly added: number; readonly gone: number } {
  const old = new Map(before.map((entry) => [entry.fingerprint, entry]))
  const found = findings.filter((finding) => finding.allowed === null && notKnowable(finding, 'files') === null)
  const now = new Map(
    found.map(({ at: { path }, rule, fingerprint }) => [
      fingerprint,
      old.get(fingerprint) ?? { path, rule, fingerprint, reason, since: today },
    ]),
  )
  const kept = before.filter(({ path, fingerprint }) => !now.has(fingerprint) && there(path) && !paths.has(path))
  const entries = [...now.values(), ...kept]
  const added = [...now.keys()].filter((fingerprint) => !old.has(fingerprint)).length
  return { entries, added, gone: before.length - (entries.length - added) }
}

function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`
}
