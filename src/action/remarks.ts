import type { Annotation } from '../report/check-run.js'
import { shorten } from '../report/untrusted.js'
import type { Runner } from './runner.js'

/** A step shows no more of a kind (https://docs.github.com/actions/reference/workflow-commands-for-github-actions). */
const MOST_OF_A_KIND = 10
/** One of each is kept for how the step ends. */
const OURS = 1
/** The runner cuts a message off at 4,096 characters. */
const LONGEST = 4_000

/** Remarks on lines by way of the log, the heaviest first; returns those for which there was no room. */
export function remarkOnLines(
  annotations: readonly Annotation[],
  runner: Pick<Runner, 'remark'>,
): readonly Annotation[] {
  const count = new Map<Annotation['level'], number>()
  return annotations.filter((annotation) => {
    const before = count.get(annotation.level) ?? 0
    if (before >= MOST_OF_A_KIND - OURS) return true
    count.set(annotation.level, before + 1)
    runner.remark({ ...annotation, message: shorten(annotation.message, LONGEST) })
    return false
  })
}
