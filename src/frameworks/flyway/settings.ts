/** What a project's configuration tells Flyway, with its defaults (https://documentation.red-gate.com/fd/parameters-184127474.html). */
export interface Settings {
  readonly prefixes: Readonly<Record<'versioned' | 'undo' | 'repeatable' | 'baseline', string>>
  readonly separator: string
  readonly suffixes: readonly string[]
  readonly placeholders: {
    readonly replaced: boolean
    readonly prefix: string
    readonly suffix: string
    readonly separator: string
    /** By name in lower case; null: it is set to what is not written in the configuration. */
    readonly values: ReadonlyMap<string, string | null>
  }
  readonly table: string
  /** The schemas that Flyway manages; the first is that of its connection. Empty: it takes the connection's own. */
  readonly schemas: readonly string[]
  readonly createsSchemas: boolean
  /** What is sent on every connection before anything else. */
  readonly initSql: string
  readonly outOfOrder: boolean
  readonly validates: boolean
  readonly validatesNames: boolean
  readonly group: boolean
  readonly mixed: boolean
  readonly inTransaction: boolean
  /** Whether Flyway keeps others out by a lock of a transaction that stays open meanwhile. */
  readonly locksInTransaction: boolean
  /** Such as `*:future`. */
  readonly ignored: readonly string[]
}

/**
 * What one or more configuration files say: by the name of the setting without `flyway.`, such as `outOfOrder` or
 * `placeholders.name`; lists are joined by commas.
 */
export type Told = ReadonlyMap<string, string>

/** The settings that a configuration tells. */
export function settingsOf(told: Told): Settings {
  const text = (name: string, otherwise: string): string => told.get(name) ?? otherwise
  const flag = (name: string, otherwise: boolean): boolean => {
    const value = told.get(name)?.trim().toLowerCase()
    return value === 'true' ? true : value === 'false' ? false : otherwise
  }
  const list = (name: string, otherwise: readonly string[]): readonly string[] => {
    const value = told.get(name)
    return value === undefined ? otherwise : listed(value)
  }
  const schemas = list('schemas', [])
  const first = told.get('defaultSchema')
  return {
    prefixes: {
      versioned: text('sqlMigrationPrefix', 'V'),
      undo: text('undoSqlMigrationPrefix', 'U'),
      repeatable: text('repeatableSqlMigrationPrefix', 'R'),
      baseline: text('baselineMigrationPrefix', 'B'),
    },
    separator: text('sqlMigrationSeparator', '__'),
    suffixes: list('sqlMigrationSuffixes', ['.sql']),
    placeholders: {
      replaced: flag('placeholderReplacement', true),
      prefix: text('placeholderPrefix', '${'),
      suffix: text('placeholderSuffix', '}'),
      separator: text('placeholderSeparator', ':'),
      values: new Map(
        [...told].flatMap(([name, value]) =>
          name.startsWith('placeholders.')
            ? [[name.slice('placeholders.'.length).toLowerCase(), isKnown(value) ? value : null]]
            : [],
        ),
      ),
    },
    table: text('table', 'flyway_schema_history'),
    schemas: first === undefined ? schemas : [first, ...schemas.filter((schema) => schema !== first)],
    createsSchemas: flag('createSchemas', true),
    initSql: text('initSql', ''),
    outOfOrder: flag('outOfOrder', false),
    validates: flag('validateOnMigrate', true),
    validatesNames: flag('validateMigrationNaming', false),
    group: flag('group', false),
    mixed: flag('mixed', false),
    inTransaction: flag('executeInTransaction', true),
    locksInTransaction:
      flag('postgresql.transactional.lock', true) &&
      flag('postgresql.transactionalLock', true) &&
      flag('postgresqlTransactionalLock', true),
    ignored: list('ignoreMigrationPatterns', ['*:future']),
  }
}

/** The entries of a list as configuration files write it. */
export function listed(value: string): readonly string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

/** Whether a value is what it says, and no reference to what is set elsewhere (`${env.X}`, `@x@`). */
export function isKnown(value: string): boolean {
  return !/\$\{[^}]*\}|\$\([^)]*\)|^@[\w.-]+@$|\$\w/.test(value)
}
