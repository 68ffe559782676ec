import type { Effect, LockMode } from '../../src/model/effect.js'
import type { Rehearsal } from '../../src/model/evidence.js'
import type { Finding } from '../../src/model/finding.js'
import type { Project, Revision, Script, Statement } from '../../src/model/migration.js'
import { GATES, type Gate, type Review, type ReviewedMigration, type ReviewedScript } from '../../src/model/review.js'
import type { Lookups } from '../../src/report/lookups.js'
import { sourceText, type SourceText } from '../../src/source/source-text.js'
import type { Span } from '../../src/source/span.js'

const BASE = '9f8e7d6c5b4a39281706f5e4d3c2b1a098765432'
const HEAD = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d'

/** Texts of rules, as the door hands them in. */
export const RULES: Readonly<Record<string, { summary: string; why: string; instead: string }>> = {
  'drop-column': {
    summary: 'A column that existed before this pull request is dropped',
    why: 'The values are gone; a down script can only add the column again, empty. Code that is still deployed names the column in its queries and fails.',
    instead: 'Release code that neither reads nor writes the column, and drop it in a later release.',
  },
  'create-index-non-concurrently': {
    summary: 'An index is built while writers wait',
    why: '`CREATE INDEX` holds a SHARE lock until the index is built; every write to the table waits that long.',
    instead: 'Build it with `CONCURRENTLY`, outside a transaction.',
  },
}

const ups = sourceText(
  'db/migrations/000007_orders.up.sql',
  `-- The total moves to invoices.
ALTER TABLE orders DROP COLUMN total;
CREATE INDEX orders_customer_idx ON orders (customer_id);
`,
)
const downs = sourceText('db/migrations/000007_orders.down.sql', 'DROP INDEX orders_customer_idx;\n')

/** The span of the first place where `text` stands. */
export function at(file: SourceText, text: string): Span {
  const start = file.text.indexOf(text)
  if (start < 0) throw new Error(`${text} is not in ${file.path}`)
  return file.spanOfUnits(start, start + text.length)
}

/** Lookups over some files and the rules above. */
export function lookups(...files: readonly SourceText[]): Lookups {
  return {
    describe: (rule) => (Object.hasOwn(RULES, rule) ? RULES[rule] : undefined),
    excerpt: ({ path, start, end }) => {
      const file = files.find((candidate) => candidate.path === path)
      if (file === undefined) return undefined
      return Array.from({ length: end.line - start.line + 1 }, (_, i) => file.line(start.line + i)).join('\n')
    },
  }
}
export const LOOKUPS = lookups(ups, downs)

/** A script of the statements of a file, one a line; each locks `orders` in the given mode. */
function script(file: SourceText, locks: readonly LockMode[]): ReviewedScript {
  const lines = file.text.split('\n').filter((line) => line !== '' && !line.startsWith('--'))
  const statements = lines.map((sql, index): Statement => ({
    index,
    span: at(file, sql),
    sql: sql.replace(';', ''),
    origin: 'written',
    operations: [],
    bytes: null,
  }))
  const effects = statements.map((_, i): Effect => ({
    locks: locks[i] === undefined ? [] : [{ table: { schema: '', name: 'orders' }, mode: locks[i] }],
    rewrites: [],
    scans: [],
  }))
  return { script: { kind: 'script', statements, transaction: 'one', gaps: [], comments: [] }, effects }
}

export const revision: Revision = {
  id: '000007',
  parents: ['000006'],
  path: ups.path,
  downPath: downs.path,
  title: 'orders',
  repeatable: false,
}
const migration: ReviewedMigration = {
  revision,
  framework: 'golang-migrate',
  change: 'added',
  up: script(ups, ['ACCESS EXCLUSIVE', 'SHARE']),
  down: script(downs, ['ACCESS EXCLUSIVE']),
}

const dropped: Finding = {
  rule: 'drop-column',
  severity: 'approval',
  confidence: 'certain',
  message: 'Drops column total of orders with its values; a rollback brings back an empty column at best',
  at: at(ups, 'DROP COLUMN total'),
  related: [],
  direction: 'up',
  migration: '000007',
  place: 'in-diff',
  allowed: null,
  fingerprint: '00112233445566aa',
  fix: null,
}
const index: Finding = {
  ...dropped,
  rule: 'create-index-non-concurrently',
  severity: 'error',
  confidence: 'likely',
  message: 'Builds index orders_customer_idx on orders while writers wait',
  at: at(ups, 'CREATE INDEX orders_customer_idx ON orders (customer_id)'),
  fingerprint: '00112233445566bb',
  fix: 'CREATE INDEX CONCURRENTLY orders_customer_idx ON orders (customer_id);',
}
const remark: Finding = {
  ...dropped,
  rule: 'missing-lock-timeout',
  severity: 'warning',
  message: 'Takes a lock on orders without a lock_timeout',
  at: at(ups, 'ALTER TABLE orders'),
  fingerprint: '00112233445566cc',
}
const allowed: Finding = {
  ...dropped,
  rule: 'missing-down',
  severity: 'warning',
  message: 'Has no way back',
  allowed: { by: 'comment', reason: 'the table is empty' },
  fingerprint: '00112233445566dd',
}

const rehearsal: Rehearsal = {
  revision,
  sandbox: 'pglite',
  postgres: '18.1',
  verdict: 'loses-data',
  reason: 'after down, values that were there before up are gone',
  steps: [
    {
      phase: 'up',
      sql: 'ALTER TABLE orders DROP COLUMN total',
      at: migration.up.script.kind === 'script' ? at(ups, 'ALTER TABLE orders DROP COLUMN total;') : at(ups, 'ALTER'),
      milliseconds: 3,
      locks: [{ mode: 'ACCESS EXCLUSIVE', object: 'public.orders' }],
      rewrites: [],
      scans: ['public.orders'],
      created: [],
      partitions: [],
      error: null,
    },
    {
      phase: 'down',
      sql: 'DROP INDEX orders_customer_idx',
      at: at(downs, 'DROP INDEX'),
      milliseconds: 1,
      locks: [],
      rewrites: [],
      scans: [],
      created: [],
      partitions: [],
      error: null,
    },
  ],
  residue: ['column public.orders.total is missing'],
  schema: {
    changes: [
      { kind: 'column', name: 'total', table: 'public.orders', before: 'numeric(10,2) NOT NULL', after: null },
      { kind: 'column', name: 'note', table: 'public.orders', before: 'text', after: 'text NOT NULL' },
      {
        kind: 'index',
        name: 'public.orders_customer_idx',
        table: 'public.orders',
        before: null,
        after: 'CREATE INDEX orders_customer_idx ON public.orders USING btree (customer_id)',
      },
      {
        kind: 'function',
        name: 'public.twice(n integer)',
        table: null,
        before: 'CREATE OR REPLACE FUNCTION public.twice(n integer)\n RETURNS integer\nAS $$ select 2 $$',
        after: 'CREATE OR REPLACE FUNCTION public.twice(n integer)\n RETURNS integer\nAS $$ select 2 * n $$',
      },
    ],
    more: 3,
  },
  picture: {
    tables: [
      {
        name: 'public.orders',
        change: 'altered',
        columns: [
          { name: 'id', type: 'bigint', keys: ['PK'], change: null },
          { name: 'customer_id', type: 'bigint', keys: ['FK'], change: null },
          { name: 'note', type: 'character varying(40)', keys: [], change: 'altered' },
          { name: 'total', type: 'numeric(10,2)', keys: [], change: 'dropped' },
        ],
        more: 2,
        parts: [
          ...(['id bigint NOT NULL', 'customer_id bigint NOT NULL'] as const).map((column) => {
            const [name = '', ...rest] = column.split(' ')
            const definition = rest.join(' ')
            return { kind: 'column', name, table: 'public.orders', before: definition, after: definition }
          }),
          { kind: 'column', name: 'note', table: 'public.orders', before: 'text', after: 'text NOT NULL' },
          { kind: 'column', name: 'total', table: 'public.orders', before: 'numeric(10,2) NOT NULL', after: null },
          {
            kind: 'constraint',
            name: 'orders_pkey',
            table: 'public.orders',
            before: 'PRIMARY KEY (id)',
            after: 'PRIMARY KEY (id)',
          },
        ],
      },
      {
        name: 'public.customers',
        change: null,
        columns: [{ name: 'id', type: 'bigint', keys: ['PK'], change: null }],
        more: 1,
        parts: [],
      },
    ],
    relations: [
      {
        from: 'public.orders',
        columns: ['customer_id'],
        to: 'public.customers',
        optional: false,
        unique: false,
        change: null,
      },
    ],
    more: 1,
    partitions: 4,
  },
  rows: 10,
  unfilled: [{ table: 'audit', reason: 'no values were found for which (n > n)' }],
  lost: [{ table: 'orders', column: 'total', rows: 5 }],
  filled: [],
  changed: [],
  between: null,
  violations: [
    {
      constraint: 'orders_customer_fk',
      table: 'orders',
      rows: 2,
      query: 'SELECT * FROM orders c WHERE NOT EXISTS (SELECT FROM customers p WHERE p.id = c.customer_id)',
      since: 'up',
    },
  ],
  dataDependent: {
    sql: 'ALTER TABLE orders ALTER COLUMN note SET NOT NULL',
    at: at(ups, 'ALTER TABLE orders'),
    sqlstate: '23502',
    message: 'column "note" of relation "orders" contains null values',
    query: 'SELECT * FROM orders WHERE note IS NULL',
    diagnosis: {
      cause: '2 rows of orders have no value in note',
      remedy: 'give these rows a value in a migration before it',
      rows: [
        [
          { column: 'id', value: '3' },
          { column: 'note', value: null },
        ],
      ],
      total: 2,
      query: 'SELECT * FROM orders WHERE note IS NULL',
      cleanup: 'UPDATE orders SET note = <value> WHERE note IS NULL',
      nearest: [],
      dependents: [],
    },
  },
  unfinished: [],
  brokenFunctions: [],
  unreadFunctions: [],
  recovery: null,
  window: null,
  skipped: [{ sql: 'CREATE EXTENSION postgis', at: at(ups, 'ALTER'), reason: 'not available' }],
}

const project: Project = {
  framework: 'golang-migrate',
  root: 'db/migrations',
  conventions: {
    tool: 'golang-migrate',
    hashesFiles: false,
    lateVersion: 'skipped',
    reactions: {
      edited: 'golang-migrate does not run it again, so databases that ran the old text never get the change',
      deleted: 'golang-migrate misses it',
      late: 'golang-migrate skips it',
      duplicate: 'golang-migrate stops',
    },
    numbering: 'sequential',
    downs: 'expected',
    bookkeeping: [],
    withoutTransaction: null,
    rollback: 'migrate -path {root} -database "$DATABASE_URL" down 1',
    filePattern: '000001_name.up.sql',
  },
  config: {},
}

function gates(statuses: Partial<Record<Gate['gate'], readonly [Gate['status'], string]>>): readonly Gate[] {
  return GATES.map((gate) => {
    const [status, detail] = statuses[gate] ?? ['pass', 'nothing found']
    return { gate, status, detail }
  })
}

/** Nothing to say at all. */
export const empty: Review = {
  pull: { repository: 'acme/shop', number: 7, base: BASE, head: HEAD },
  projects: [],
  migrations: [],
  findings: [],
  rehearsals: [],
  notes: [],
  clashes: null,
  approval: {
    code: null,
    needed: [],
    given: [],
    approvers: { data: ['role:maintain'], schema: [] },
    backup: false,
  },
  gates: gates({}),
  verdict: 'pass',
  conclusion: 'success',
}

/** One of everything. */
export const blocked: Review = {
  ...empty,
  approval: { ...empty.approval, needed: ['data'] },
  projects: [project],
  migrations: [migration],
  findings: [remark, dropped, index, allowed],
  rehearsals: [
    {
      ...rehearsal,
      changed: [{ table: 'orders', column: 'status', rows: 3 }],
      between: {
        rows: 5,
        outcome: 'lost',
        reason: null,
        failure: null,
        lost: [{ table: 'orders', column: null, rows: 1 }],
        gone: [{ table: 'invoices', column: null, rows: 5 }],
      },
    },
  ],
  notes: [
    { message: 'the base has a file that sorts late', at: null, bearing: 'informs' },
    {
      message: 'line could not be translated: the table name is computed',
      at: at(ups, 'CREATE INDEX'),
      bearing: 'withholds',
    },
  ],
  gates: gates({
    destructive: ['needs-approval', 'drops orders.total'],
    availability: ['fail', 'SHARE on orders while an index is built'],
    rollback: ['fail', 'after down the column orders.total is missing'],
    data: ['fail', '5 values of orders.total are lost'],
    forward: ['inconclusive', 'a statement of the history could not run here'],
    standards: ['not-applicable', 'none are turned on'],
  }),
  verdict: 'block',
  conclusion: 'failure',
}

/** Held by what nobody has agreed to, and by a policy that asks about tables and backups too. */
export const waiting: Review = {
  ...blocked,
  findings: [remark, dropped, allowed],
  notes: [],
  clashes: [
    {
      pull: 12,
      kind: 'version',
      message: 'both take the version 000007: the one that is merged later has to be renumbered',
    },
    { pull: 12, kind: 'table', message: 'both change orders' },
    { pull: 15, kind: 'table', message: 'both change orders' },
  ],
  approval: {
    code: '3f9c1a2b4d5e',
    needed: ['data', 'schema'],
    given: [],
    approvers: { data: ['@acme/dba', 'role:admin'], schema: ['@ada'] },
    backup: true,
  },
  gates: gates({ destructive: ['needs-approval', 'drops orders.total'], approval: ['needs-approval', '1 finding'] }),
  verdict: 'approval',
  conclusion: 'action_required',
}

/** The same with the agreement that it needed. */
export const agreed: Review = {
  ...waiting,
  approval: {
    ...waiting.approval,
    given: [
      {
        kinds: ['data', 'schema'],
        by: { id: 4711, login: 'ada' },
        at: '2026-05-04T10:11:12Z',
        comment: 99,
        code: '3f9c1a2b4d5e',
        backup: 's3, of 4 May',
      },
    ],
  },
  gates: gates({ destructive: ['pass', 'drops orders.total; agreed to by @ada'] }),
  verdict: 'pass',
  conclusion: 'success',
}

/** A script of each kind, nothing run. */
export const unread: Review = {
  ...empty,
  migrations: [
    {
      ...migration,
      up: {
        script: { kind: 'refused', cause: 'refused', reason: 'file is a symbolic link', at: at(ups, '--') },
        effects: [],
      },
      down: { script: { kind: 'absent' }, effects: [] },
    },
    {
      ...migration,
      change: 'edited',
      down: { script: { kind: 'irreversible', reason: null, at: at(downs, 'DROP') } satisfies Script, effects: [] },
    },
  ],
  rehearsals: [
    {
      ...rehearsal,
      sandbox: null,
      postgres: null,
      verdict: 'not-run',
      reason: 'no sandbox was there',
      steps: [],
      residue: [],
      schema: null,
      picture: null,
      rows: 0,
      unfilled: [],
      lost: [],
      filled: [],
      violations: [],
      dataDependent: null,
      skipped: [],
    },
  ],
  notes: [{ message: 'the list of files is cut off', at: null, bearing: 'withholds' }],
  gates: gates({ syntax: ['inconclusive', 'a file could not be read'] }),
  verdict: 'block',
  conclusion: 'failure',
}

/** As much as a hostile or a very large pull request can bring. */
export const huge: Review = {
  ...blocked,
  migrations: Array.from({ length: 500 }, () => migration),
  rehearsals: Array.from({ length: 500 }, () => rehearsal),
  notes: Array.from({ length: 5_000 }, () => blocked.notes).flat(),
  findings: Array.from({ length: 10_000 }, (_, i) => ({
    ...(i % 3 === 0 ? index : i % 3 === 1 ? dropped : remark),
    message: `finding ${i} ${'with a long message '.repeat(40)}`,
    fix: 'SELECT 1;\n'.repeat(50),
    fingerprint: i.toString(16).padStart(16, '0'),
  })),
}

/** The review `blocked` with one text in every place that a pull request can fill. */
export function hostile(text: string): Review {
  const file = sourceText(`db/${text}.sql`, `ALTER TABLE orders DROP COLUMN total; -- ${text}\n`)
  const span = at(file, 'DROP COLUMN total')
  const soiled = script(file, ['ACCESS EXCLUSIVE'])
  const dirty: Revision = { ...revision, id: text, path: file.path, downPath: null, title: text, parents: [text] }
  return {
    ...blocked,
    pull: { repository: text, number: null, base: text, head: text },
    projects: [{ ...project, root: 'db' }],
    migrations: [
      {
        ...migration,
        revision: dirty,
        up: {
          ...soiled,
          effects: [{ locks: [{ table: { schema: text, name: text }, mode: 'SHARE' }], rewrites: [], scans: [] }],
        },
        down: { script: { kind: 'refused', cause: 'syntax', reason: text, at: span }, effects: [] },
      },
    ],
    findings: [dropped, index, remark, allowed].map((finding) => ({
      ...finding,
      rule: finding === remark ? text : finding.rule,
      message: `Drops ${text}`,
      at: span,
      fix: text,
      migration: text,
      allowed: finding.allowed === null ? null : { by: 'comment', reason: text },
    })),
    rehearsals: [
      {
        ...rehearsal,
        revision: dirty,
        reason: text,
        residue: [text],
        lost: [{ table: text, column: text, rows: 1 }],
        schema: {
          changes: ['table', 'column', 'index', 'function', text].map((kind) => ({
            kind,
            name: text,
            table: kind === 'function' ? null : text,
            before: kind === 'index' ? null : text,
            after: `${text}, then`,
          })),
          more: 1,
        },
        picture: {
          tables: [
            {
              name: text,
              change: 'added',
              columns: [{ name: text, type: text, keys: ['PK', 'FK'], change: 'added' }],
              more: 0,
              parts: [{ kind: 'index', name: text, table: text, before: text, after: text }],
            },
          ],
          relations: [{ from: text, columns: [text], to: text, optional: true, unique: true, change: 'added' }],
          more: 0,
          partitions: 0,
        },
        violations: [{ constraint: text, table: text, rows: 1, query: text, since: 'up' }],
        changed: [{ table: text, column: text, rows: 1 }],
        between: {
          rows: 1,
          outcome: 'down-fails',
          reason: text,
          failure: { sqlstate: '23502', message: text, detail: text, hint: text, at: span, diagnosis: null },
          lost: [],
          gone: [{ table: text, column: text, rows: 1 }],
        },
        steps: rehearsal.steps.map((step) => ({
          ...step,
          sql: text,
          error: {
            sqlstate: '42P01',
            message: text,
            detail: text,
            hint: text,
            at: span,
            diagnosis: {
              cause: text,
              remedy: text,
              rows: [[{ column: text, value: text }]],
              total: 1,
              query: text,
              cleanup: text,
              nearest: [text],
              dependents: [text],
            },
          },
        })),
      },
    ],
    notes: [{ message: text, at: span, bearing: 'withholds' }],
    clashes: [{ pull: 12, kind: 'table', message: text }],
    approval: {
      ...agreed.approval,
      approvers: { data: [text], schema: [text] },
      given: [
        { kinds: ['schema'], by: { id: 1, login: text }, at: text, comment: 1, code: '0123456789ab', backup: text },
      ],
    },
    gates: gates({ history: ['fail', text], syntax: ['inconclusive', text] }),
  }
}

/** Texts that try to be more than text. */
export const HOSTILE: Readonly<Record<string, string>> = {
  mention: 'x @acme/dba @all x',
  reference: 'closes #1 GH-1 acme/shop#12',
  link: '[click](https://evil.example/x) https://evil.example www.evil.example',
  image: '![x](https://evil.example/x.png)',
  html: '<img src=https://evil.example><script>alert(1)</script></details></summary><!-- x -->',
  table: 'a | b || c \\| d',
  backTicks: '```sql\n`` ` ```` '.concat('`'.repeat(50)),
  emphasis: '**bold** _em_ ~~gone~~ snake_case __init__',
  heading: '# Passed\n## ✅ Pass\n---\n===',
  escapes: '\u001b[2J\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007\u009b31m\u0008\u0000',
  bidi: 'safe\u202eelbat pord\u2066\u200b\u061c\ufeff\u{e0041}',
  lines: 'a\r\nb\rc\u2028d\u2029e\u0085f',
  command: '::error::forged\n::add-mask::x\n ##[error]forged\n::set-output name=a::b',
  surrogate: 'half \ud800 pair',
  prototype: '__proto__',
  long: 'x'.repeat(100_000),
  template: '{{constructor}} {{{x}}} {{> finding}} {0}',
  shell: 'zzz";echo${IFS}x;#',
}
