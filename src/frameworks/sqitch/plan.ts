import type { SourceText } from '../../source/source-text.js'
import type { Span } from '../../source/span.js'

// https://sqitch.org/docs/manual/sqitchplan/ and App::Sqitch::Plan of Sqitch 1.3.

/** One line of a plan that deploys. */
export interface PlannedChange {
  readonly name: string
  /** Names of changes that must be deployed before, as written; those of other projects begin with their name and a colon. */
  readonly requires: readonly string[]
  /** The tags between it and the next change of the same name; none for the newest of a name. */
  readonly reworkTags: readonly string[]
  readonly at: Span
}

/** A plan as far as it could be read; `problem` is what Sqitch stops at. */
export interface Plan {
  readonly changes: readonly PlannedChange[]
  readonly problem: { readonly reason: string; readonly at: Span } | null
}

/** More lines than this are no plan that people keep. */
const MOST = 20_000
const NAME = /^[^\s\p{P}$+<=>^`|~][^\s:@#[\]]*$/u
const CHANGE = /^([+-]?)([^\s[\]#]+)(?:\s+\[([^\]]*)\])?(?:\s+\d{4}-\d\d-\d\dT\S+\s.*)?$/

/** Reads `sqitch.plan`: pragmas, changes with what they need, tags, and changes that are reworked after a tag. */
export function planOf(source: SourceText): Plan {
  const lines = source.text.split('\n')
  const changes: { name: string; requires: readonly string[]; reworkTags: string[]; at: Span }[] = []
  const newest = new Map<string, number>()
  /** The tags so far, each with the number of changes before it. */
  const tags: { readonly name: string; readonly after: number }[] = []
  /** What changes do not go with, which has to be in the plan all the same. */
  const conflicts: { readonly name: string; readonly line: number }[] = []
  const stop = (reason: string, line: number): Plan => ({ changes, problem: { reason, at: spanOf(source, line) } })
  if (lines.length > MOST) return stop(`the plan has more than ${MOST} lines`, 1)
  for (const [index, raw] of lines.entries()) {
    const line = raw.replace(/\s+#.*$|^\s*#.*$/, '').trim()
    if (line === '' || line.startsWith('%')) continue
    if (line.startsWith('@')) {
      const tag = /^@(\S+)/.exec(line)?.[1] ?? ''
      if (tags.some(({ name }) => name === tag)) return stop(`tag @${tag} stands in the plan twice`, index + 1)
      tags.push({ name: tag, after: changes.length })
      continue
    }
    const [, sign, name = '', needs = ''] = CHANGE.exec(line) ?? []
    if (!NAME.test(name) || name.split('/').some((part) => part === '..' || part === '.' || part === ''))
      return stop('this line is no change, tag or pragma', index + 1)
    if (sign === '-') return stop(`the line reverts ${name}, which is not followed here`, index + 1)
    const before = newest.get(name)
    if (before !== undefined) {
      const between = tags.filter(({ after }) => after > before)
      const earlier = changes[before]
      if (between.length === 0 || earlier === undefined)
        return stop(`change ${name} stands in the plan twice without a tag in between`, index + 1)
      earlier.reworkTags.push(...between.map((tag) => tag.name))
    }
    const named = needs.split(/\s+/).filter((each) => each !== '')
    const requires = named.filter((each) => !each.startsWith('!'))
    for (const each of named) if (each.startsWith('!')) conflicts.push({ name: each.slice(1), line: index + 1 })
    const missing = requires.find((each) => !each.includes(':') && !isKnown(each, newest, tags))
    if (missing !== undefined)
      return stop(`${name} needs ${missing}, which the plan does not have before it`, index + 1)
    newest.set(name, changes.length)
    changes.push({ name, requires, reworkTags: [], at: spanOf(source, index + 1) })
  }
  const unknown = conflicts.find(({ name }) => !name.includes(':') && !isKnown(name, newest, tags))
  if (unknown !== undefined) return stop(`it names ${unknown.name}, which the plan does not have`, unknown.line)
  return { changes, problem: null }
}

/** Whether a change that is needed, or the tag it is named by, has come before. */
function isKnown(
  needed: string,
  newest: ReadonlyMap<string, number>,
  tags: readonly { readonly name: string }[],
): boolean {
  const [name = '', tag] = needed.split('@')
  if (tag !== undefined && tag !== 'HEAD' && tag !== 'ROOT' && !tags.some((each) => each.name === tag)) return false
  return name === '' ? true : newest.has(name.replace(/[~^]\d*$/, ''))
}

function spanOf(source: SourceText, line: number): Span {
  const length = source.line(line).length
  return { path: source.path, start: { line, column: 1 }, end: { line, column: length + 1 } }
}
