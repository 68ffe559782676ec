import { describe, expect, test } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { loadConfig } from '../../src/config/load.js'
import { CONFIG_SCHEMA, DEFAULTS } from '../../src/config/schema.js'

const RULES = ['drop-column', 'drop-table', 'create-index-non-concurrently', 'missing-lock-timeout']
const PATH = '.github/dba.yml'

function load(text: string | undefined): ReturnType<typeof loadConfig> {
  return loadConfig(text, PATH, RULES)
}
/** Problems as `line: message`. */
function problemsOf(text: string): readonly string[] {
  const loaded = load(text)
  return 'problems' in loaded ? loaded.problems.map(({ message, line }) => `${line}: ${message}`) : []
}

test('the published schema is the schema', () => {
  const path = fileURLToPath(new URL('../../schema/config.schema.json', import.meta.url))
  const text = `${JSON.stringify(CONFIG_SCHEMA, null, 2)}\n`
  if (process.env['UPDATE'] === '1' && !process.env['CI']) writeFileSync(path, text)
  expect(readFileSync(path, 'utf8')).toBe(text)
})

describe('what is not there has its default', () => {
  test.each([
    ['no file', undefined],
    ['an empty file', ''],
    ['only comments', '# nothing yet\n'],
    ['an empty mapping', '{}'],
    ['three dashes', '---\n'],
  ])('%s', (_, text) => expect(load(text)).toEqual({ settings: DEFAULTS }))

  test('a part of a part', () => {
    expect(load('rehearsal:\n  seconds: 5\n')).toEqual({
      settings: { ...DEFAULTS, rehearsal: { required: true, sandbox: 'auto', seconds: 5, rows: 5 } },
    })
  })
})

test('a team of another organisation is nobody here', () => {
  const text = 'approval:\n  data: ["@acme/dba", "@Other/dba", "@somebody"]'
  expect(loadConfig(text, PATH, RULES, 'Acme')).toEqual({
    problems: [{ message: 'approval.data: @Other/dba is a team of another organisation than Acme', line: 2 }],
  })
})

test('a whole configuration', () => {
  const text = `
postgres: 16
preset: strict
migrations:
  - path: ./backend/alembic/
    framework: alembic
  - path: .
baseline: ./db/schema.sql
rules:
  drop-table: off
  drop-column: error
  missing-lock-timeout: { severity: notice, options: { milliseconds: 500, tables: [a, b], strict: true } }
tables:
  large: [events, public.orders, audit.log]
  small: [feature_flags]
  statistics: ./db/stats.json
  thresholds: { large-rows: 5e6, small-bytes: 0 }
rehearsal: { required: false, sandbox: pglite, seconds: 90, rows: 0 }
commands: { up: "db to {version}", down: db back, version: db where }
approval:
  data: ["@Acme/DBA", "@acme/dba", "@Ada-L", "role:Data Owner"]
  schema: ["role:write"]
  require-issue: true
  require-backup: true
comment: always
`
  expect(load(text)).toEqual({
    settings: {
      postgres: 16,
      preset: 'strict',
      migrations: [
        { path: 'backend/alembic', framework: 'alembic' },
        { path: '', framework: null },
      ],
      baseline: 'db/schema.sql',
      rules: {
        'drop-table': 'off',
        'drop-column': 'error',
        'missing-lock-timeout': {
          severity: 'notice',
          options: { milliseconds: 500, tables: ['a', 'b'], strict: true },
        },
      },
      known: [],
      tables: {
        large: ['events', 'orders', 'audit.log'],
        small: ['feature_flags'],
        statistics: 'db/stats.json',
        thresholds: { ...DEFAULTS.tables.thresholds, largeRows: 5_000_000, smallBytes: 0 },
        measured: { large: [], small: [] },
      },
      rehearsal: { required: false, sandbox: 'pglite', seconds: 90, rows: 0 },
      commands: { up: 'db to {version}', down: 'db back', version: 'db where' },
      approval: {
        data: ['@acme/dba', '@ada-l', 'role:data owner'],
        schema: ['role:write'],
        requireIssue: true,
        requireBackup: true,
      },
      comment: 'always',
    },
  })
})

describe('problems are told with their line', () => {
  test.each<readonly [text: string, ...problems: readonly string[]]>([
    ['postgres: 16\nrule:\n  drop-table: off', '2: there is no key rule; did you mean rules?'],
    [
      'zebra: 1',
      '1: there is no key zebra; known are postgres, preset, migrations, baseline, rules, tables, rehearsal, commands, approval, comment',
    ],
    ['rehearsal:\n  second: 5', '2: there is no key second in rehearsal; did you mean seconds?'],
    ['rules:\n  drop-tabel: off', '2: there is no rule drop-tabel; did you mean drop-table?'],
    ['rules:\n  zebra: off', '2: there is no rule zebra'],
    ['rules:\n  drop-table: fatal', '2: rules.drop-table must be off, notice, warning, approval or error, not "fatal"'],
    [
      'rules:\n  drop-table: eror',
      '2: rules.drop-table must be off, notice, warning, approval or error, not "eror"; did you mean error?',
    ],
    ['rules:\n  drop-table: false', '2: rules.drop-table must be off, notice, warning, approval or error, not false'],
    [
      'rules:\n  drop-table:\n    sevrity: off',
      '3: there is no key sevrity in rules.drop-table; did you mean severity?',
    ],
    ['rules:\n  drop-table: {}', '2: rules.drop-table is empty; give it one of severity, options'],
    ['rules:', '1: rules has no value; give it one or take the key away'],
    ['rules: []', '1: rules must be a mapping of keys to values, not a list'],
    ['postgres: "16"', '1: postgres must be a whole number, not "16"'],
    ['postgres: 16.4', '1: postgres must be a whole number, not 16.4'],
    ['postgres: 9', '1: postgres must be at least 10'],
    ['rehearsal: { seconds: 4000 }', '1: rehearsal.seconds must be at most 3600'],
    ['migrations:\n  - framework: alembic', '2: migrations.0 lacks the key path'],
    ['migrations:\n  - path: a\n  - path: ../b', '3: migrations: ../b is not a folder of the repository'],
    ['migrations:\n  - path: /etc', '2: migrations: /etc is not a folder of the repository'],
    ['migrations:\n  - path: C:\\x', '2: migrations: C:\\x is not a folder of the repository'],
    ['tables:\n  large: [a]\n  small:\n    - b\n    - public.a', '5: tables: public.a is listed as large and as small'],
    ['baseline: ../dump.sql', '1: baseline: ../dump.sql is not a file of the repository'],
    ['tables: { statistics: ../s.json }', '1: tables.statistics: ../s.json is not a file of the repository'],
    [
      'tables:\n  thresholds:\n    large-rows: 10000',
      '2: tables.thresholds: a table of small-rows would be large, by large-rows',
    ],
    [
      'tables: { thresholds: { rows: 5 } }',
      '1: there is no key rows in tables.thresholds; did you mean large-rows or small-rows?',
    ],
    ['preset: strikt', '1: preset must be relaxed, recommended or strict, not "strikt"; did you mean strict?'],
    ['baseline: .', '1: baseline: . is not a file of the repository'],
    ['rehearsal: { required: yes }', '1: rehearsal.required must be true or false, not "yes"'],
    [
      'rehearsal:\n  sandbox: podman',
      '2: rehearsal.sandbox must be auto, pglite, local, service, docker or none, not "podman"',
    ],
    ['- postgres: 16', '1: the configuration must be a mapping of keys to values, not a list'],
    ['just text', '1: the configuration must be a mapping of keys to values, not "just text"'],
    ['approval:\n  data: []', '2: approval.data is empty: name somebody, or take the key away for the default'],
    ['approval:\n  data:', '2: approval.data has no value; give it one or take the key away'],
    ['approval:\n  data: "@ada"', '2: approval.data must be a list, not "@ada"'],
    [
      'approval:\n  data:\n    - "@ada"\n    - "@everyone"',
      '4: approval.data: @everyone is nobody in particular; name users, teams or a role',
    ],
    [
      'approval: { schema: ["@Here"] }',
      '1: approval.schema: @Here is nobody in particular; name users, teams or a role',
    ],
    [
      'approval: { data: ["role:read"] }',
      '1: approval.data: role:read is too low a role to agree; name write, maintain, admin or a role of your own',
    ],
    ['approval: { data: [0] }', '1: approval.data.0 must be text, not 0'],
    ...['ada', '@', '@acme/', '@a b', '@acme/dba/x', '@dependabot[bot]', '@-a', 'role:', '@ада', '*'].map(
      (name) =>
        [
          `approval:\n  data:\n  - ${JSON.stringify(name)}`,
          `3: approval.data.0 must be @user, @organisation/team or role:NAME, not ${JSON.stringify(name)}`,
        ] as const,
    ),
    ['approval: { require-isue: true }', '1: there is no key require-isue in approval; did you mean require-issue?'],
    ['comment: sometimes', '1: comment must be always, on-findings or never, not "sometimes"'],
    [
      'postgres: 1\nrehearsal:\n  seconds: 0',
      '1: postgres must be at least 10',
      '3: rehearsal.seconds must be at least 1',
    ],
  ])('%j', (text, ...problems) => expect(problemsOf(text)).toEqual(problems))
})

describe('what YAML can do beyond data is refused', () => {
  const nested = `x: ${'['.repeat(10_000)}`
  test.each([
    ['a key twice', 'rules: { drop-table: error }\nrules: { drop-table: off }', /^2: .*unique/],
    ['a rule twice', 'rules:\n  drop-table: error\n  drop-table: off', /^3: .*unique/],
    ['two documents', 'postgres: 16\n---\npostgres: 17', /multiple documents/],
    ['a tag', 'postgres: !!js/function "x"', /^1: Unresolved tag/],
    ['an alias bomb', `a: &a [x]\n${Array.from({ length: 20 }, (_, i) => `b${i}: [*a, *a, *a]`).join('\n')}`, /alias/],
    ['an alias of nothing', 'postgres: *x', /alias/i],
    ['a merge key', 'rehearsal:\n  <<: { required: false }', /^2: there is no key << in rehearsal/],
    ['deep nesting', nested, /./],
    ['an open quote', 'postgres: "16', /quote/],
    ['a key that is a list', '? [a]\n: b', /keys must be strings/],
    ['the prototype as a key', '__proto__:\n  postgres: 10', /^1: there is no key __proto__/],
    ['the prototype as a rule', 'rules:\n  __proto__: off', /^2: there is no rule __proto__/],
    ['the constructor as a key', 'constructor: { prototype: { polluted: 1 } }', /^1: there is no key constructor/],
    ['the prototype as an option', 'rules:\n  drop-table: { options: { __proto__: 1 } }', /__proto__/],
    ['more than 64 kB', `# ${'x'.repeat(64 * 1024)}`, /larger than 65536 bytes/],
  ])('%s', (_, text, problem) => {
    const found = problemsOf(text)
    expect(found.join('\n')).toMatch(problem)
    expect(found.length).toBeLessThanOrEqual(20)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(({} as Record<string, unknown>)['postgres']).toBeUndefined()
  })

  test('any text is settings or problems, never an exception', () => {
    const piece = fc.constantFrom(
      'postgres',
      'rules',
      ': ',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '*a',
      '&a ',
      '!!x ',
      '"',
      "'",
      '#',
      '|',
      '>',
      '16',
      '<<',
      '\0',
      '\t',
      '%YAML',
      '---',
      '?',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const loaded = load(pieces.join(''))
        expect('settings' in loaded || loaded.problems.length > 0).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})
