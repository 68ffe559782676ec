import { SEVERITIES } from '../model/finding.js'
import { PRESETS, type Settings } from '../model/settings.js'

/** The policy where nothing is configured. */
export const DEFAULTS: Settings = {
  postgres: 18,
  preset: 'recommended',
  migrations: [],
  baseline: null,
  rules: {},
  known: [],
  tables: {
    large: [],
    small: [],
    statistics: null,
    thresholds: {
      largeRows: 1_000_000,
      largeBytes: 1024 ** 3,
      busyWrites: 100,
      smallRows: 10_000,
      smallBytes: 16 * 1024 ** 2,
    },
    measured: { large: [], small: [] },
  },
  rehearsal: { required: true, sandbox: 'auto', seconds: 60, rows: 5 },
  commands: null,
  approval: { data: ['role:maintain'], schema: [], requireIssue: false, requireBackup: false },
  comment: 'on-findings',
}

/** What a team may set for a rule. */
export const LEVELS = ['off', ...SEVERITIES] as const

const level = { enum: LEVELS, description: 'error blocks, approval waits for a named approver, the others inform' }

const tableNames = (description: string): object => ({
  type: 'array',
  description,
  items: { type: 'string', minLength: 1, maxLength: 200 },
  maxItems: 1000,
  uniqueItems: true,
  default: [],
})

const command = (description: string): object => ({ type: 'string', minLength: 1, maxLength: 1000, description })

const threshold = (key: keyof Settings['tables']['thresholds'], description: string): object => ({
  type: 'number',
  minimum: 0,
  default: DEFAULTS.tables.thresholds[key],
  description,
})

/** How approvers are named: logins and team names as GitHub has them, or a role. */
const APPROVER =
  '^(@[A-Za-z0-9][A-Za-z0-9_-]{0,99}(/[A-Za-z0-9_][A-Za-z0-9._-]{0,99})?|role:[A-Za-z0-9]([A-Za-z0-9 _.-]{0,98}[A-Za-z0-9])?)$'

const approvers = (description: string, most: object): object => ({
  type: 'array',
  description,
  items: { type: 'string', pattern: APPROVER, description: '@user, @organisation/team or role:NAME' },
  maxItems: 100,
  ...most,
})

/** The form of `.github/dba.yml` as JSON Schema (draft 7); the published file is this object. */
export const CONFIG_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'dba configuration',
  description: 'Policy for the review of migrations, read from .github/dba.yml on the base branch.',
  type: 'object',
  additionalProperties: false,
  properties: {
    postgres: {
      type: 'integer',
      minimum: 10,
      maximum: 30,
      default: DEFAULTS.postgres,
      description: 'major version of the PostgreSQL that the migrations will run on',
    },
    preset: {
      enum: PRESETS,
      default: DEFAULTS.preset,
      description:
        'severities of the rules that are not set below: relaxed notes what recommended warns of, strict takes a table of unknown size for a large one, blocks on missing timeouts and turns the standards on',
    },
    migrations: {
      type: 'array',
      description: 'folders of migrations; where none is named they are detected',
      maxItems: 100,
      default: DEFAULTS.migrations,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['path'],
        properties: {
          path: { type: 'string', minLength: 1, maxLength: 1000, description: 'from the top of the repository' },
          framework: { type: 'string', minLength: 1, maxLength: 100, description: 'detected when not named' },
        },
      },
    },
    baseline: {
      type: 'string',
      minLength: 1,
      maxLength: 1000,
      description:
        'a dump of the schema (pg_dump, or what the tool keeps), from the top of the repository, with which the replay of the history begins; read from the base branch',
    },
    rules: {
      type: 'object',
      description: 'rules by name, with another level or other options than by default',
      default: DEFAULTS.rules,
      additionalProperties: {
        if: { type: 'object' },
        then: {
          type: 'object',
          additionalProperties: false,
          minProperties: 1,
          properties: {
            severity: level,
            options: {
              type: 'object',
              propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9-]*$' },
              additionalProperties: {
                type: ['string', 'number', 'boolean', 'array'],
                items: { type: ['string', 'number', 'boolean'] },
              },
            },
          },
        },
        else: level,
      },
    },
    tables: {
      type: 'object',
      additionalProperties: false,
      description: 'what is known of the size of tables; an unknown size is never taken for a small one',
      properties: {
        large: tableNames('locks and rewrites of these block the pull request'),
        small: tableNames('locks and rewrites of these are only noted'),
        statistics: {
          type: 'string',
          minLength: 1,
          maxLength: 1000,
          description:
            'a file of table sizes that `dba stats` has written, from the top of the repository; read from the base branch; large and small win over it',
        },
        thresholds: {
          type: 'object',
          additionalProperties: false,
          description:
            'from where on a table of the statistics is large, by any, or small, by all; between them its size counts as unknown',
          properties: {
            'large-rows': threshold('largeRows', 'rows of a large table'),
            'large-bytes': threshold('largeBytes', 'bytes of a large table, with its indexes'),
            'busy-writes': threshold('busyWrites', 'rows written in a second to a table that counts as large'),
            'small-rows': threshold('smallRows', 'rows of a small table, at most'),
            'small-bytes': threshold('smallBytes', 'bytes of a small table with its indexes, at most'),
          },
        },
      },
    },
    rehearsal: {
      type: 'object',
      additionalProperties: false,
      description: 'up, down and up again on a throw-away PostgreSQL',
      properties: {
        required: {
          type: 'boolean',
          default: DEFAULTS.rehearsal.required,
          description: 'whether a review without rehearsal cannot pass',
        },
        sandbox: {
          enum: ['auto', 'pglite', 'local', 'service', 'docker', 'none'],
          default: DEFAULTS.rehearsal.sandbox,
        },
        seconds: {
          type: 'integer',
          minimum: 1,
          maximum: 3600,
          default: DEFAULTS.rehearsal.seconds,
          description: 'time for all rehearsals of a review',
        },
        rows: {
          type: 'integer',
          minimum: 0,
          maximum: 100,
          default: DEFAULTS.rehearsal.rows,
          description: 'generated rows a table; 0 rehearses on empty tables',
        },
      },
    },
    commands: {
      type: 'object',
      additionalProperties: false,
      required: ['up', 'down', 'version'],
      description:
        'how a migration tool other than Alembic is started where `native` asks for it, from the top of the checkout and without a shell; {url}, {host}, {port}, {user}, {password} and {database} stand for the sandbox',
      properties: {
        up: command('applies everything up to {version}'),
        down: command('undoes {version} and nothing else, which leaves {parent}'),
        version: command('says which version is applied, and changes nothing'),
      },
    },
    approval: {
      type: 'object',
      additionalProperties: false,
      description: 'whose agreement a change needs; never its author, who committed or pushed to it, or a bot',
      properties: {
        data: approvers('who may agree to what destroys data; by default whoever has the role maintain or admin', {
          minItems: 1,
          default: DEFAULTS.approval.data,
        }),
        schema: approvers('who has to agree to changed tables; where nobody is named, nobody has to', {
          default: DEFAULTS.approval.schema,
        }),
        'require-issue': {
          type: 'boolean',
          default: DEFAULTS.approval.requireIssue,
          description: 'whether what needs agreement needs a linked issue as well',
        },
        'require-backup': {
          type: 'boolean',
          default: DEFAULTS.approval.requireBackup,
          description: 'whether agreement to what destroys data has to say where the backup is',
        },
      },
    },
    comment: {
      enum: ['always', 'on-findings', 'never'],
      default: DEFAULTS.comment,
      description: 'when the report is written to the pull request as a comment; the check has it in any case',
    },
  },
} as const
