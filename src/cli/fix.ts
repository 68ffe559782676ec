import { resolve } from 'node:path'
import { fileSet } from '../model/file-set.js'
import { analyseApart } from '../review/analyst.js'
import { fixAll, type Fixes } from '../review/fix.js'
import { unifiedDiff } from '../source/unified-diff.js'
import { isProblem, type Io, type Problem } from './io.js'
import type { NamedFiles } from './lint.js'
import { openCheckout } from './prepare.js'
import { replaceFile } from './replace-file.js'

export interface FixOptions {
  readonly fix?: boolean
  readonly dryRun?: boolean
  readonly base?: string
}

/**
 * Puts right what `dba lint` finds and can be put right one statement for one, in files that the base branch does not have; says
 * what was done and what is left. With `dryRun` the differences are printed, and nothing is written.
 */
export async function fixFiles(files: NamedFiles, options: FixOptions, io: Io): Promise<Fixes | Problem> {
  const applied = await appliedPaths(files, options, io)
  if (isProblem(applied)) return applied
  const named = new Set([...files.head.keys()].filter((path) => !files.base.has(path)))
  const refusal = (path: string): string | null =>
    !named.has(path) ? 'the file was not named' : applied.has(path) ? 'the base branch has the file' : null
  const fixes = await fixAll(files.input, refusal, (input) => analyseApart(input, io.signal))
  const [before, after] = [fileSet(files.head), fileSet(fixes.head)]
  const changed = [...named].filter((path) => before.read(path)?.text !== after.read(path)?.text)
  for (const path of changed) {
    const [old = '', now = ''] = [before.read(path)?.text, after.read(path)?.text]
    if (options.dryRun === true) io.out(unifiedDiff(path, old, now))
    else await replaceFile(resolve(io.cwd, path), now)
  }
  tell(fixes, options.dryRun === true, io)
  return fixes
}

function tell({ fixed, left }: Fixes, dry: boolean, io: Io): void {
  const where = ({ at: { path, start }, rule }: Fixes['fixed'][number]['finding']): string =>
    `${path}:${start.line} ${rule}`
  for (const { finding, later } of fixed) {
    io.err(`${dry ? 'Would fix' : 'Fixed'} ${where(finding)}\n`)
    if (later !== null) io.err(`  in a later migration: ${later.replaceAll('\n', '\n  ')}\n`)
  }
  for (const { finding, reason } of left) io.err(`Left ${where(finding)}: ${reason}\n`)
  if (fixed.length + left.length === 0) io.err('Nothing of what was found can be put right one statement for one.\n')
}

/** The named files that the base branch has, in paths as `dba lint` writes them. */
async function appliedPaths(
  { head }: NamedFiles,
  { base }: FixOptions,
  io: Io,
): Promise<ReadonlySet<string> | Problem> {
  const checkout = await openCheckout(base === undefined ? {} : { base }, io)
  if (isProblem(checkout)) {
    return {
      problem: `What has been applied is not known, and applied migrations are not to be changed. ${checkout.problem}`,
    }
  }
  const { snapshot, top } = checkout
  const inCheckout = (path: string): string => resolve(io.cwd, path).slice(top.length + 1)
  return new Set(
    [...head.keys()].filter((path) => snapshot.base.has(inCheckout(path)) || snapshot.policy.has(inCheckout(path))),
  )
}
