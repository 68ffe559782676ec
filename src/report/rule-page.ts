import { NOT_BY_COMMENT } from '../model/finding.js'
import { rowsOf } from './answered.js'
import { measuredRows, unseenReasons, type RuleMeasured } from './measured.js'
import { peersOf } from './peers.js'
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
  /** Its options with their defaults. */
  readonly options?: Readonly<Record<string, unknown>>
}

/** A rule's fixtures: what it finds, the same with what is found underlined, and what to write instead. */
export interface RuleExamples {
  readonly bad: string | null
  readonly underlined: string | null
  readonly good: string | null
  /** What begins a comment in them; `--` where nothing is said. */
  readonly mark?: '--' | '#'
  /** What the statement in question was seen to do; absent where that was not measured. */
  readonly measured?: RuleMeasured
}

/** The page of a rule for a terminal. */
export function rulePage(rule: RuleFacts, examples: RuleExamples, width = 100): string {
  const prose = (text: string): string =>
    wrap(text, Math.min(width, 100) - 2)
      .map((line) => `  ${line}`)
      .join('\n')
  const example = (title: string, text: string | null): readonly string[] =>
    text === null || text.trim() === '' ? [] : [`${title}\n${indentedBlock(text)}`]
  const list = (name: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [`${name}\n${lines.map(prose).join('\n')}`]
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
    ...(examples.measured === undefined ? [] : [`Measured\n${measuredBlock(examples.measured)}`]),
    `Instead\n${prose(rule.instead)}`,
    ...example('Found', examples.underlined ?? examples.bad),
    ...example('Not found', examples.good),
    ...list(
      'Options',
      Object.entries(rule.options ?? {}).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
    ),
    ...list(
      'In other tools',
      peersOf(rowsOf(rule)).map(({ title: tool, ids }) => `${tool}: ${ids.join(', ')}`),
    ),
    isAllowable(rule)
      ? `Allow it where it is right, on or above the line, with a reason:\n  ${examples.mark ?? '--'} dba:allow ${rule.id} because …`
      : 'A comment cannot allow it.',
  ]
  return `${sections.join('\n\n')}\n`
}

/** The page of a rule in Markdown, for the documentation. */
export function ruleMarkdown(rule: RuleFacts, examples: RuleExamples, templates: Templates = openTemplates()): string {
  const { id, code, family, weight, confidence, summary, why, instead, options = {} } = rule
  const texts = { id, code, family, weight, confidence, versions: versionsOf(rule), summary, why, instead }
  const peers = peersOf(rowsOf(rule)).map(({ title, ids }) => ({ title, ids: ids.join(', ') }))
  return templates.render('rule', {
    ...texts,
    bad: examples.bad ?? '',
    underlined: examples.underlined ?? '',
    measured: examples.measured && {
      statement: examples.measured.statement,
      rows: measuredRows(examples.measured),
      unseen: unseenReasons(examples.measured),
    },
    good: examples.good ?? '',
    options: Object.entries(options).map(([name, value]) => ({ name, value: JSON.stringify(value) })),
    peers,
    allowable: isAllowable(rule),
    mark: examples.mark ?? '--',
  })
}

/** The groups of the catalogue, by the letter of their codes. */
const GROUPS: Readonly<Record<string, string>> = {
  A: 'History',
  B: 'Lost data',
  C: 'Locks and availability',
  D: 'Code that is deployed now',
  E: 'Rollback',
  F: 'Failures',
  G: 'Transactions',
  H: 'Security',
  I: 'Design',
  J: 'Queries and indexes',
  K: 'Names',
  L: 'Reading and suppressions',
}

/** The list of rules in Markdown by group, each in the order of its codes; links lead to pages beside it. */
export function ruleListMarkdown(rules: readonly RuleFacts[], templates: Templates = openTemplates()): string {
  const number = ({ code }: RuleFacts): number => Number(code.slice(1))
  const groups = Object.entries(GROUPS).map(([letter, name]) => ({
    title: `${letter}. ${name}`,
    rules: rules
      .filter(({ code }) => code.startsWith(letter))
      .toSorted((a, b) => number(a) - number(b))
      .map(({ id, code, weight, summary }) => ({ id, code, weight, summary })),
  }))
  return templates.render('rules', { groups: groups.filter((group) => group.rules.length > 0) })
}

/** What needs a named person, or has been seen to happen, is not the author's to allow. */
function isAllowable({ family, proven }: RuleFacts): boolean {
  return !NOT_BY_COMMENT.has(family) && proven !== true
}

function versionsOf({ postgres: { from, until } = {} }: RuleFacts): string {
  if (from === undefined) return until === undefined ? 'every version' : `up to ${until}`
  return until === undefined ? `${from} and newer` : `${from} to ${until}`
}

function measuredBlock(measured: RuleMeasured): string {
  const rows = measuredRows(measured).map(
    ({ versions, locks, reads, rewrites }) =>
      `  PostgreSQL ${versions}\n    Locks     ${locks}\n    Reads     ${reads}\n    Rewrites  ${rewrites}`,
  )
  const reasons = unseenReasons(measured).map((reason) => `  —: ${reason}`)
  return [indentedBlock(measured.statement), ...rows, ...reasons].join('\n')
}

function indentedBlock(text: string): string {
  return visibleBlock(text)
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n')
}
