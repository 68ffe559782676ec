import { NOT_BY_COMMENT } from '../model/finding.js'
import { openTemplates, type Templates } from './render.js'
import { visibleBlock } from './untrusted.js'
import { widthOf, wrap } from './width.js'

/** What is told of a rule; a rule's own description has all of it. */
export interface RuleFacts {
  readonly id: string
  readonly code: string
  readonly family: string
  readonly weight: 'error' | 'warning' | 'notice' | 'off'
  readonly confidence: 'certain' | 'likely' | 'possible'
  readonly postgres?: { readonly from?: number; readonly until?: number }
  readonly proven?: true
  readonly summary: string
  readonly why: string
  readonly instead: string
}

/** A rule's fixtures: what it finds, the same with what is found underlined, and what to write instead. */
export interface RuleExamples {
  readonly bad: string | null
  readonly underlined: string | null
  readonly good: string | null
  /** What begins a comment in them; `--` where nothing is said. */
  readonly mark?: '--' | '#'
}

/** The page of a rule for a terminal. */
export function rulePage(rule: RuleFacts, examples: RuleExamples, width = 100): string {
  const prose = (text: string): string =>
    wrap(text, Math.min(width, 100) - 2)
      .map((line) => `  ${line}`)
      .join('\n')
  const example = (title: string, text: string | null): readonly string[] =>
    text === null || text.trim() === '' ? [] : [`${title}\n${indentedBlock(text)}`]
  const title = `${rule.id} (${rule.code})`
  const traits = [
    ['About', rule.family],
    ['Weight', rule.weight],
    ['Confidence', rule.confidence],
    ['PostgreSQL', versionsOf(rule)],
  ] as const
  const sections = [
    `${title}\n${'─'.repeat(widthOf(title))}\n${wrap(`${rule.summary}.`, Math.min(width, 100)).join('\n')}`,
    traits.map(([name, value]) => `  ${name.padEnd(10)}  ${value}`).join('\n'),
    `Why\n${prose(rule.why)}`,
    `Instead\n${prose(rule.instead)}`,
    ...example('Found', examples.underlined ?? examples.bad),
    ...example('Not found', examples.good),
    isAllowable(rule)
      ? `Allow it where it is right, on or above the line, with a reason:\n  ${examples.mark ?? '--'} dba:allow ${rule.id} because …`
      : 'A comment cannot allow it.',
  ]
  return `${sections.join('\n\n')}\n`
}

/** The page of a rule in Markdown, for the documentation. */
export function ruleMarkdown(rule: RuleFacts, examples: RuleExamples, templates: Templates = openTemplates()): string {
  const { id, family, weight, confidence, summary, why, instead } = rule
  const texts = { id, family, weight, confidence, versions: versionsOf(rule), summary, why, instead }
  return templates.render('rule', {
    ...texts,
    bad: examples.bad ?? '',
    good: examples.good ?? '',
    allowable: isAllowable(rule),
    mark: examples.mark ?? '--',
  })
}

/** The list of rules in Markdown, in the given order; links lead to pages beside it, in `rules/`. */
export function ruleListMarkdown(rules: readonly RuleFacts[], templates: Templates = openTemplates()): string {
  return templates.render('rules', {
    rules: rules.map(({ id, code, family, weight, summary }) => ({ id, code, family, weight, summary })),
  })
}

/** What needs a named person, or has been seen to happen, is not the author's to allow. */
function isAllowable({ family, proven }: RuleFacts): boolean {
  return !NOT_BY_COMMENT.has(family) && proven !== true
}

function versionsOf({ postgres: { from, until } = {} }: RuleFacts): string {
  if (from === undefined) return until === undefined ? 'every version' : `up to ${until}`
  return until === undefined ? `${from} and newer` : `${from} to ${until}`
}

function indentedBlock(text: string): string {
  return visibleBlock(text)
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n')
}
