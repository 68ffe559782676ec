import { optionsOf } from '../lint/settle.js'
import { severityOf } from '../lint/severity.js'
import { SEVERITIES, type Severity } from '../model/finding.js'
import { PRESETS, type KnownFinding, type Settings } from '../model/settings.js'
import { rules } from '../rules/index.js'
import type { Rule } from '../rules/rule.js'

/** A value that asks for less than before, by its key such as `approval.data`. */
export interface Weaker {
  readonly key: string
  readonly before: string
  readonly after: string
}

/**
 * What one policy asks for less than another. What cannot be told to be the same or more counts as less: another option of a rule,
 * another folder to look into, a newer PostgreSQL on which fewer things are dangerous.
 */
export function weakerIn(before: Settings, after: Settings): readonly Weaker[] {
  return [
    ...wholes(before, after),
    // Another preset is one value, and not one for each rule.
    ...rules.flatMap((rule) => ruleIn(rule, before, { ...after, preset: before.preset })),
    ...known(before.known, after.known),
    ...lists(before, after),
  ].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

function wholes(before: Settings, after: Settings): readonly Weaker[] {
  const said = (key: string, a: unknown, b: unknown, isWeaker: boolean): readonly Weaker[] =>
    isWeaker ? [{ key, before: shown(a), after: shown(b) }] : []
  const [is, was] = [after.rehearsal, before.rehearsal]
  const [asks, asked] = [after.approval, before.approval]
  return [
    ...said('preset', before.preset, after.preset, PRESETS.indexOf(after.preset) < PRESETS.indexOf(before.preset)),
    ...said('postgres', before.postgres, after.postgres, after.postgres > before.postgres),
    ...said(
      'baseline',
      before.baseline,
      after.baseline,
      before.baseline !== null && after.baseline !== before.baseline,
    ),
    ...said('migrations', foldersOf(before), foldersOf(after), !isMore(before, after)),
    ...said('rehearsal.required', was.required, is.required, was.required && !is.required),
    ...said('rehearsal.sandbox', was.sandbox, is.sandbox, was.sandbox !== 'none' && is.sandbox === 'none'),
    ...said('rehearsal.rows', was.rows, is.rows, is.rows < was.rows),
    ...said('approval.require-issue', asked.requireIssue, asks.requireIssue, asked.requireIssue && !asks.requireIssue),
    ...said(
      'approval.require-backup',
      asked.requireBackup,
      asks.requireBackup,
      asked.requireBackup && !asks.requireBackup,
    ),
    // Nobody being named means that nobody is asked.
    ...said('approval.schema', asked.schema, asks.schema, asked.schema.length > 0 && asks.schema.length === 0),
  ]
}

function foldersOf({ migrations }: Settings): readonly string[] {
  return migrations.map(({ path, framework }) => (framework === null ? path : `${path} (${framework})`))
}

/** Whether all that was looked into still is: where no folder is named, each that is recognised is. */
function isMore(before: Settings, after: Settings): boolean {
  const [was, is] = [foldersOf(before), foldersOf(after)]
  return was.length === 0 ? is.length === 0 : was.every((folder) => is.includes(folder))
}

/** Lists in which something more, or something less, makes the policy weaker. */
function lists(before: Settings, after: Settings): readonly Weaker[] {
  const grown = (a: readonly string[], b: readonly string[]): boolean => b.some((name) => !a.includes(name))
  const { approval: asked, tables: had } = before
  const { approval: asks, tables: has } = after
  const said = (key: string, a: readonly string[], b: readonly string[], isWeaker: boolean): readonly Weaker[] =>
    isWeaker ? [{ key, before: shown(a), after: shown(b) }] : []
  return [
    ...said('approval.data', asked.data, asks.data, grown(asked.data, asks.data)),
    ...said('approval.schema', asked.schema, asks.schema, asked.schema.length > 0 && grown(asked.schema, asks.schema)),
    ...said('tables.large', had.large, has.large, grown(has.large, had.large)),
    ...said('tables.small', had.small, has.small, grown(had.small, has.small)),
    ...said(
      'tables.statistics',
      sizesIn(had.measured),
      sizesIn(has.measured),
      grown(has.measured.large, had.measured.large) || grown(had.measured.small, has.measured.small),
    ),
  ]
}

function sizesIn({ large, small }: Settings['tables']['measured']): readonly string[] {
  return [...large.map((name) => `${name} large`), ...small.map((name) => `${name} small`)]
}

/** What is the file of known findings, where it knows of more than before. */
export const KNOWN_KEY = 'known findings'

function known(before: readonly KnownFinding[], after: readonly KnownFinding[]): readonly Weaker[] {
  const old = new Set(before.map(({ fingerprint }) => fingerprint))
  const fresh = after.filter(({ fingerprint }) => !old.has(fingerprint))
  if (fresh.length === 0) return []
  const named = fresh.slice(0, MOST_NAMED).map(({ rule, path }) => `${rule} in ${path}`)
  const more = fresh.length > MOST_NAMED ? [`${fresh.length - MOST_NAMED} more`] : []
  return [{ key: KNOWN_KEY, before: `${before.length} of them`, after: `also ${[...named, ...more].join(', ')}` }]
}

const MOST_NAMED = 5

const LEVELS: readonly (Severity | 'off')[] = ['off', ...SEVERITIES]

function ruleIn(rule: Rule, before: Settings, after: Settings): readonly Weaker[] {
  const { meta } = rule
  const key = `rules.${meta.id}`
  const [was, is] = [before, after].map((settings) => levelsOf(rule, settings))
  const lower = was?.some((level, i) => LEVELS.indexOf(is?.[i] ?? 'off') < LEVELS.indexOf(level)) === true
  if (lower) return [{ key, before: levelWords(rule, before), after: levelWords(rule, after) }]
  const options = [before, after].map((settings) => JSON.stringify(ordered(optionsOf(rule, settings))))
  // Of a rule that is off, and stays so, nothing is asked.
  if (options[0] === options[1] || was?.every((level) => level === 'off') === true) return []
  return [{ key: `${key}.options`, before: options[0] ?? '', after: options[1] ?? '' }]
}

/** What findings of a rule are, of a table that is large, of no known size, and small. Which tables those are is no matter of the rule. */
function levelsOf({ meta }: Rule, settings: Settings): readonly (Severity | 'off')[] {
  const table = { schema: '', name: 't' }
  return [
    { large: ['t'], small: [] },
    { large: [], small: [] },
    { large: [], small: ['t'] },
  ].map((sizes) => {
    const tables = { ...settings.tables, ...sizes, measured: { large: [], small: [] } }
    return severityOf(meta, table, { ...settings, tables })
  })
}

function levelWords(rule: Rule, settings: Settings): string {
  return [...new Set(levelsOf(rule, settings))].join(', ')
}

function ordered(options: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.join(', ')
  return value === null ? 'nothing' : String(value)
}
