import { Ajv } from 'ajv'
import { type Document, LineCounter, parseDocument } from 'yaml'
import type { Commands, RuleSetting, Settings } from '../model/settings.js'
import { nearest } from '../source/nearest.js'
import { type ApprovalConfig, approvalOf, strangeApprovers } from './approvers.js'
import { type ConfigProblem, describeError, lineOf, meant } from './problem.js'
import { CONFIG_SCHEMA, DEFAULTS } from './schema.js'

/** The policy of a file with the defaults filled in, or everything that is wrong with the file. */
export type Loaded = { readonly settings: Settings } | { readonly problems: readonly ConfigProblem[] }

/** The form that the schema has proven. */
interface Config {
  readonly postgres?: number
  readonly preset?: Settings['preset']
  readonly migrations?: readonly { readonly path: string; readonly framework?: string }[]
  readonly baseline?: string
  readonly rules?: Readonly<Record<string, RuleSetting>>
  readonly tables?: TablesConfig
  readonly rehearsal?: Partial<Settings['rehearsal']>
  readonly commands?: Commands
  readonly approval?: ApprovalConfig
  readonly comment?: Settings['comment']
}

interface TablesConfig {
  readonly large?: readonly string[]
  readonly small?: readonly string[]
  readonly statistics?: string
  readonly thresholds?: { readonly [Key in `${'large' | 'small'}-${'rows' | 'bytes'}` | 'busy-writes']?: number }
}

/** The largest configuration that is read. */
const MOST_BYTES = 64 * 1024
/** Aliases are for saying a list twice, not for growing a file a thousandfold. */
const MOST_ALIASES = 10
const MOST_PROBLEMS = 20

const validate = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true }).compile<Config>(CONFIG_SCHEMA)

/**
 * Reads a configuration; undefined means that there is none. `rules` are the ids that exist, `owner` is whose repository it is
 * where that is known. A key, a level or a rule that is not known is a problem: passed over, it would quietly switch off what
 * it was meant to require.
 */
export function loadConfig(
  text: string | undefined,
  path: string,
  rules: readonly string[],
  owner: string | null = null,
): Loaded {
  if (text === undefined) return { settings: DEFAULTS }
  if (Buffer.byteLength(text) > MOST_BYTES) {
    return { problems: [{ message: `${path} is larger than ${MOST_BYTES} bytes`, line: 1 }] }
  }
  const lines = new LineCounter()
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    stringKeys: true,
    prettyErrors: false,
    logLevel: 'error',
    lineCounter: lines,
  })
  // A warning is a tag or directive that was not understood: what it was meant to do is not known.
  const unread = [...document.errors, ...document.warnings]
  if (unread.length > 0)
    return problems(unread.map(({ message, pos }) => ({ message, line: lines.linePos(pos[0]).line })))
  const read = valueOf(document)
  if ('message' in read) return problems([read])
  if (read.value === null) return { settings: DEFAULTS }

  const config = read.value
  const at = (keys: readonly string[]): number => lineOf(document, keys, lines)
  if (!validate(config)) return problems((validate.errors ?? []).flatMap((error) => describeError(error, at)))
  const wrong = [
    ...unknownRules(config, rules, at),
    ...straying(config, at),
    ...contradictions(config, at),
    ...strangeApprovers(config.approval ?? {}, owner, at),
  ]
  return wrong.length > 0 ? problems(wrong) : { settings: settingsOf(config) }
}

function problems(found: readonly ConfigProblem[]): Loaded {
  return { problems: [...found].sort((a, b) => a.line - b.line).slice(0, MOST_PROBLEMS) }
}

function valueOf(document: Document): { readonly value: unknown } | ConfigProblem {
  try {
    return { value: document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown }
  } catch (error) {
    // What the library throws here is about aliases: too many, or one that stands for nothing.
    return { message: (error as Error).message, line: 1 }
  }
}

type LineAt = (keys: readonly string[]) => number

function unknownRules({ rules = {} }: Config, known: readonly string[], at: LineAt): readonly ConfigProblem[] {
  return Object.keys(rules)
    .filter((id) => !known.includes(id))
    .map((id) => ({ message: `there is no rule ${id}${meant(nearest(id, known))}`, line: at(['rules', id]) }))
}

function straying({ migrations = [], baseline, tables = {} }: Config, at: LineAt): readonly ConfigProblem[] {
  const files = [
    { keys: ['baseline'], path: baseline },
    { keys: ['tables', 'statistics'], path: tables.statistics },
  ].flatMap(({ keys, path }) =>
    path === undefined || folderOf(path)
      ? []
      : [{ message: `${keys.join('.')}: ${path} is not a file of the repository`, line: at(keys) }],
  )
  const folders = migrations.flatMap(({ path }, i) =>
    folderOf(path) === null
      ? [
          {
            message: `migrations: ${path} is not a folder of the repository`,
            line: at(['migrations', String(i), 'path']),
          },
        ]
      : [],
  )
  return [...folders, ...files]
}

/** A table cannot be large and small: one of the two lists is a mistake, and which one decides what blocks. */
function contradictions({ tables = {} }: Config, at: LineAt): readonly ConfigProblem[] {
  const { large = [], small = [] } = tables
  const names = new Set(large.map(tableKey))
  const { thresholds } = tablesOf(tables)
  const crossed = (['rows', 'bytes'] as const)
    .filter((unit) => {
      const [most, least] =
        unit === 'rows' ? (['smallRows', 'largeRows'] as const) : (['smallBytes', 'largeBytes'] as const)
      return thresholds[most] >= thresholds[least]
    })
    .map((unit) => ({
      message: `tables.thresholds: a table of small-${unit} would be large, by large-${unit}`,
      line: at(['tables', 'thresholds']),
    }))
  const twice = small.flatMap((name, i) =>
    names.has(tableKey(name))
      ? [{ message: `tables: ${name} is listed as large and as small`, line: at(['tables', 'small', String(i)]) }]
      : [],
  )
  return [...twice, ...crossed]
}

function settingsOf(config: Config): Settings {
  const { postgres, preset, migrations, baseline, rules, tables, rehearsal, commands, approval, comment } = config
  return {
    postgres: postgres ?? DEFAULTS.postgres,
    preset: preset ?? DEFAULTS.preset,
    migrations: (migrations ?? []).map(({ path, framework }) => ({
      path: folderOf(path) ?? '',
      framework: framework ?? null,
    })),
    baseline: baseline === undefined ? null : folderOf(baseline),
    rules: { ...rules },
    known: DEFAULTS.known,
    tables: tablesOf(tables ?? {}),
    rehearsal: { ...DEFAULTS.rehearsal, ...rehearsal },
    commands: commands ?? DEFAULTS.commands,
    approval: approvalOf(approval),
    comment: comment ?? DEFAULTS.comment,
  }
}

function tablesOf({ large = [], small = [], statistics, thresholds = {} }: TablesConfig): Settings['tables'] {
  const usual = DEFAULTS.tables.thresholds
  return {
    large: large.map(tableKey),
    small: small.map(tableKey),
    statistics: statistics === undefined ? null : folderOf(statistics),
    thresholds: {
      largeRows: thresholds['large-rows'] ?? usual.largeRows,
      largeBytes: thresholds['large-bytes'] ?? usual.largeBytes,
      busyWrites: thresholds['busy-writes'] ?? usual.busyWrites,
      smallRows: thresholds['small-rows'] ?? usual.smallRows,
      smallBytes: thresholds['small-bytes'] ?? usual.smallBytes,
    },
    measured: DEFAULTS.tables.measured,
  }
}

/** A folder or file as repository paths have it, '' for the top; null when it leads elsewhere. */
function folderOf(path: string): string | null {
  if (path.startsWith('/') || path.includes('\\')) return null
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  return parts.includes('..') ? null : parts.join('/')
}

/** A table under the name by which the model knows it, where `public` goes without saying. */
function tableKey(name: string): string {
  return name.replace(/^public\./, '')
}
