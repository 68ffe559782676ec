import type { Project, SessionSetting } from '../../model/migration.js'
import type { FileIndex } from '../framework.js'
import type { SourceText } from '../../source/source-text.js'
import type { Span } from '../../source/span.js'
import { join } from '../folders.js'
import { callsIn, type Call, type Given } from './env-calls.js'
import { settingsIn } from './env-settings.js'
import { envTransaction, type EnvTransaction } from './env-transaction.js'
import { followMetadata } from './metadata.js'
import { moduleOf } from './revision-file.js'
import type { Value } from './python/value.js'

/** What `env.py` is known to do; `unknown` says why it cannot be told without running it. */
export type Fact<Known> =
  { readonly value: Known; readonly at: Span | null } | { readonly unknown: string; readonly at: Span | null }

/** What `env.py` says of how migrations run, read and not run. `at` is null where it is Alembic's own default. */
export interface AlembicEnvironment extends EnvTransaction {
  /** Settings of the session that it makes before any revision runs. */
  readonly settings: readonly (SessionSetting & { readonly at: Span })[]
  readonly versionTable: Fact<string>
  readonly versionTableSchema: Fact<string | null>
  readonly includeSchemas: Fact<boolean>
  /** How the metadata names constraints, by kind: https://docs.sqlalchemy.org/en/20/core/metadata.html#sqlalchemy.schema.MetaData.params.naming_convention */
  readonly naming: Fact<ReadonlyMap<string, string>>
  /** The modules between `env.py` and the metadata: what they say is only known when they are read. */
  readonly modules: readonly string[]
}

const cache = new WeakMap<SourceText, { readonly files: FileIndex; readonly environment: AlembicEnvironment }>()

/**
 * Reads `env.py` of a project: what it gives to `context.configure` when it runs against a database
 * (https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.environment.EnvironmentContext.configure).
 */
export function environmentOf(project: Project, files: FileIndex): AlembicEnvironment {
  const source = files.read?.(join(project.root, 'env.py'))
  if (source === undefined) return nothingKnown('there is no env.py that could be read')
  const known = cache.get(source)
  if (known?.files === files) return known.environment
  const environment = read(source, project, files)
  cache.set(source, { files, environment })
  return environment
}

function read(source: SourceText, project: Project, files: FileIndex): AlembicEnvironment {
  const module = moduleOf(source)
  const calls = callsIn(module, source.path)
  const configures = calls.filter(({ path }) => path === 'alembic.context.configure')
  // With a URL alone Alembic writes SQL to a file, and meets no database.
  const online = configures.filter(({ keywords }) => !keywords.has('url'))
  const spanOf = ({ at }: Pick<Given, 'at'>): Span => source.spanOfUnits(at.from, at.to)
  const textOf = ({ at }: Given): string => module.file.text.slice(at.from, at.to)
  if (online.length === 0)
    return {
      ...nothingKnown('env.py does not call context.configure itself'),
      settings: settingsIn(source, module, calls),
    }

  const fact = <Known>(name: string, byDefault: Known, known: (value: Value) => Known | undefined): Fact<Known> => {
    const facts = online.map((call): Fact<Known> => {
      const given = call.keywords.get(name)
      if (given === undefined) return byDefaultOf(call, name, byDefault, spanOf)
      const told = given.value.kind === 'none' ? byDefault : known(given.value)
      return told === undefined
        ? { unknown: `${name} of context.configure cannot be told`, at: spanOf(given) }
        : { value: told, at: spanOf(given) }
    })
    return agreed(facts, name)
  }
  const boolean = (value: Value): boolean | undefined => (value.kind === 'boolean' ? value.is : undefined)
  const string = (value: Value): string | undefined => (value.kind === 'string' ? value.text : undefined)
  const perMigration = fact('transaction_per_migration', false, boolean)
  const transactional = fact('transactional_ddl', true, boolean)
  return {
    ...envTransaction(calls, online, { perMigration, transactional }, { spanOf, textOf }),
    settings: settingsIn(source, module, calls),
    versionTable: fact('version_table', 'alembic_version', string),
    versionTableSchema: fact<string | null>('version_table_schema', null, string),
    includeSchemas: fact('include_schemas', false, boolean),
    ...followMetadata(online, source, project, files),
  }
}

/** What was not given has Alembic's own value, unless more is given that is not written here. */
function byDefaultOf<Known>(call: Call, name: string, value: Known, spanOf: (call: Call) => Span): Fact<Known> {
  return call.more
    ? { unknown: `${name} may be among what context.configure is given with **`, at: spanOf(call) }
    : { value, at: null }
}

function agreed<Known>(facts: readonly Fact<Known>[], name: string): Fact<Known> {
  const [first] = facts
  if (first === undefined) return { unknown: `${name} is not told`, at: null }
  const differ = facts.some((fact) => 'unknown' in fact || 'unknown' in first || fact.value !== first.value)
  if (!differ || facts.length === 1) return first
  return {
    unknown: `context.configure is called with more than one ${name}`,
    at: facts.find(({ at }) => at !== null)?.at ?? null,
  }
}

function nothingKnown(reason: string): AlembicEnvironment {
  const unknown = { unknown: reason, at: null }
  return {
    transaction: unknown,
    outer: unknown,
    settings: [],
    versionTable: unknown,
    versionTableSchema: unknown,
    includeSchemas: unknown,
    naming: unknown,
    modules: [],
  }
}
