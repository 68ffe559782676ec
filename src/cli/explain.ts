import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileSet } from '../model/file-set.js'
import { explain, type Explanation } from '../report/explain.js'
import { rulePage } from '../report/rule-page.js'
import { onOneLine, visible, visibleBlock } from '../report/untrusted.js'
import { analyseApart } from '../review/analyst.js'
import { named } from '../rules/index.js'
import { nearest } from '../source/nearest.js'
import { examplesOf } from './examples.js'
import { EXIT, isProblem, type Io, type Problem } from './io.js'
import { loadAround, neighbourhood } from './neighbourhood.js'
import { settingsOf } from './prepare.js'

/** `dba explain RULE` says why a rule exists; `dba explain FILE[:LINE]` says what the statements of a file do. */
export async function explainVerb(subject: string, io: Io): Promise<number | Problem> {
  const rule = named.find(({ meta }) => meta.id === subject || meta.code === subject.toUpperCase())
  if (rule !== undefined) {
    io.out(rulePage({ ...rule.meta, options: rule.defaults }, examplesOf(rule.meta.id)))
    return EXIT.pass
  }
  const [, path = subject, line] = /^(.*?)(?::(\d+))?$/.exec(subject) ?? []
  if (existsSync(resolve(io.cwd, path))) return explainFile(path, line === undefined ? null : Number(line), io)
  const near = nearest(
    subject,
    named.map(({ meta }) => meta.id),
  )
  const meant = near.length === 0 ? '`dba rules` lists the rules.' : `Did you mean ${near.join(' or ')}?`
  return { problem: `There is no rule and no file ${subject}. ${meant}` }
}

async function explainFile(path: string, line: number | null, io: Io): Promise<number | Problem> {
  const around = await neighbourhood(io.cwd, [path])
  if (isProblem(around)) return around
  const settings = await settingsOf(undefined, null, io)
  if (isProblem(settings)) return settings
  const head = await loadAround(around, settings)
  const only = { path: around.named[0] ?? path, line }
  const base = new Map([...head].filter(([each]) => each !== only.path && !pairOf(only.path, each)))
  const input = { base, head, settings, today: io.today, mode: 'files' } as const
  const { migrations, findings, notes } = await analyseApart(input, io.signal)
  const mine = notes.filter(({ at }) => at?.path === only.path)
  for (const { message, at, bearing } of mine) {
    const kind = bearing === 'withholds' ? 'Not understood' : 'Taken for granted'
    const said = message.replace(/^line \d+ of (\w+\(\))(?: is not read)?/, 'in $1')
    io.out(`${kind}, line ${at?.start.line ?? 1}: ${visible(said)}\n\n`)
  }
  const texts = fileSet(head)
  const explanations = explain(migrations, findings, only, (span) => texts.read(span.path)?.slice(span) ?? '')
  if (explanations.length === 0 && mine.length === 0) {
    return { problem: `${line === null ? path : `${path}:${line}`} holds no statement that is read.` }
  }
  io.out(explanations.map(shown).join('\n'))
  return EXIT.pass
}

/** A down script is explained as part of its migration, so its up must count as new as well. */
function pairOf(path: string, other: string): boolean {
  return path.replace(/\bdown\b(?=[^/]*$)/, 'up') === other
}

function shown({ place, direction, code, sql, does, locks, costs, findings }: Explanation): string {
  const about = direction === 'down' ? ', on the way down' : ''
  const block = (text: string, mark: string): readonly string[] =>
    visibleBlock(text)
      .split('\n')
      .map((each) => `  ${mark} ${each}`.trimEnd())
  const lines = [
    `${visible(place)}${about}`,
    ...(code === null ? [] : block(code, '>')),
    ...block(sql, '|'),
    ...does.map((each) => `  ${visible(each)}`),
    ...(locks.length === 0 ? ['  Lock: none that anybody waits for'] : locks.map((each) => `  Lock: ${visible(each)}`)),
    ...costs.map((each) => `  Cost: ${visible(each)}`),
    ...findings.flatMap(({ rule, message, fix }) => [
      `  ${rule}: ${visible(onOneLine(message))}`,
      ...(fix === null
        ? []
        : visibleBlock(fix)
            .split('\n')
            .map((each) => `    ${each}`)),
    ]),
  ]
  return `${lines.join('\n')}\n`
}
