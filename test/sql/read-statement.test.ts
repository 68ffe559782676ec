import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Operation } from '../../src/model/operation.js'
import { ACTIONS } from '../../src/sql/read/alter-table-action.js'
import { every } from '../../src/sql/read/tree.js'
import { loadParsers, parse } from '../../src/sql/parse.js'
import { processorTime } from '../support/processor-time.js'
import { linesOf, operationsOf } from './operations-of.js'

/** Files of statements, each followed by what is read from it as `--> kind fields | underlined text`; UPDATE=1 writes them anew. */
const FOLDER = join('test', 'sql', 'read')
const MARK = '--> '

const cases = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.sql'))
  .flatMap((name) => readCases(readFileSync(join(FOLDER, name), 'utf8')).map((each) => ({ name, ...each })))

const updating = process.env.UPDATE !== undefined

test.each(cases)('$name: $sql', async ({ sql, expected }) => {
  const actual = await linesOf(sql)
  expect(updating ? expected : actual).toEqual(expected)
})

afterAll(async () => {
  if (!updating) return
  for (const name of new Set(cases.map((each) => each.name))) {
    const pieces = cases
      .filter((each) => each.name === name)
      .map(
        async ({ sql, remark }) =>
          `${remark}${sql}\n${(await linesOf(sql)).map((line) => `${MARK}${line}\n`).join('')}`,
      )
    writeFileSync(join(FOLDER, name), (await Promise.all(pieces)).join(''))
  }
})

function readCases(text: string): readonly { sql: string; remark: string; expected: readonly string[] }[] {
  const found: { sql: string; remark: string; expected: string[] }[] = []
  let remark = ''
  let sql: string[] = []
  for (const line of text.split('\n')) {
    if (line.startsWith(MARK)) found.at(-1)?.expected.push(line.slice(MARK.length))
    else if (line.startsWith('--') && sql.length === 0) remark += `${line}\n`
    else if (line !== '' || sql.length > 0) sql.push(line)
    if (sql.length === 0 || !endsStatement(sql.join('\n'))) continue
    found.push({ sql: sql.join('\n'), remark, expected: [] })
    sql = []
    remark = ''
  }
  return found
}

/** A line that ends a statement, and not one of a body in dollars or an ATOMIC one. */
function endsStatement(sql: string): boolean {
  const atomic = /BEGIN ATOMIC/.test(sql) && !sql.endsWith('END;')
  return sql.endsWith(';') && !atomic && (sql.match(/\$body\$/g)?.length ?? 0) % 2 === 0
}

test('every action that the grammar makes of ALTER TABLE is read', async () => {
  await loadParsers()
  const seen = new Set<string>()
  for (const { sql } of cases) {
    const outcome = parse(sql)
    for (const { subtype } of outcome.kind === 'parsed' ? every('AlterTableCmd', outcome.statements) : [])
      seen.add(subtype ?? '')
  }
  // These are made of others after parsing, by PostgreSQL itself.
  const internal = Object.entries(ACTIONS).flatMap(([name, action]) => (action === null ? [name] : []))
  expect(internal.filter((name) => name !== 'AT_ChangeOwner')).toEqual([
    'AT_AddColumnToView',
    'AT_CookedColumnDefault',
    'AT_AddIndex',
    'AT_ReAddIndex',
    'AT_ReAddConstraint',
    'AT_ReAddDomainConstraint',
    'AT_AddIndexConstraint',
    'AT_ReAddComment',
    'AT_ReplaceRelOptions',
    'AT_ReAddStatistics',
  ])
  expect([...seen].sort()).toEqual(
    Object.keys(ACTIONS)
      .filter((name) => name === 'AT_ChangeOwner' || !internal.includes(name))
      .sort(),
  )
})

/** Each kind of operation, and the words that its underlined text may begin with; others begin with an object's name. */
const FIRST_WORDS: Readonly<Record<Operation['kind'], RegExp | null>> = {
  'create-table': /^(create|select)/i,
  'drop-table': null,
  'rename-table': /^alter/i,
  'add-column': /^add/i,
  'drop-column': /^drop/i,
  'rename-column': /^alter/i,
  'set-column-type': /^alter/i,
  'set-default': /^alter/i,
  'drop-default': /^alter/i,
  'set-not-null': /^alter/i,
  'drop-not-null': /^alter/i,
  'alter-column-source': /^alter/i,
  'alter-column-storage': /^alter/i,
  'add-constraint': /^add/i,
  'drop-constraint': /^drop/i,
  'validate-constraint': /^validate/i,
  'alter-constraint': /^alter/i,
  'rename-constraint': /^alter/i,
  'attach-partition': /^attach/i,
  'detach-partition': /^detach/i,
  'toggle-trigger': /^(enable|disable)/i,
  'set-row-security': /^(enable|disable|force|no force)/i,
  'alter-table': /^(set|reset|cluster|replica|inherit|no inherit|of|not of|options)/i,
  'create-index': /^create/i,
  'drop-index': null,
  'alter-index': /^(set|reset|attach|alter)/i,
  reindex: /^reindex/i,
  'create-view': /^create/i,
  'refresh-materialized-view': /^refresh/i,
  'create-enum': /^create/i,
  'add-enum-value': /^alter/i,
  'rename-enum-value': /^alter/i,
  'create-type': /^create/i,
  'alter-type': /^(add|drop|alter)/i,
  'create-domain': /^create/i,
  'alter-domain': /^alter/i,
  'create-sequence': /^create/i,
  'alter-sequence': /^(alter|set)/i,
  'create-function': /^create/i,
  'alter-function': /^alter/i,
  'create-trigger': /^create/i,
  'create-policy': /^create/i,
  'alter-policy': /^alter/i,
  'create-rule': /^create/i,
  'create-schema': /^create/i,
  'drop-schema': null,
  'create-extension': /^create/i,
  'alter-extension': /^alter/i,
  'drop-object': null,
  'rename-object': /^alter/i,
  'set-schema': /^alter/i,
  'change-owner': /^(alter|owner)/i,
  comment: /^comment/i,
  'change-privileges': /^(grant|revoke|alter)/i,
  'change-role': null,
  'change-database': /^(create|alter|drop)/i,
  'change-publication': /^(create|alter)/i,
  insert: /^insert/i,
  update: /^update/i,
  delete: /^delete/i,
  merge: /^merge/i,
  truncate: null,
  copy: /^copy/i,
  select: /^(select|values|table|declare|explain)/i,
  do: /^do/i,
  call: /^call/i,
  set: /^(set|reset)/i,
  'lock-table': null,
  transaction: /^(begin|start|commit|end|rollback|abort|savepoint|release|prepare)/i,
  vacuum: null,
  analyze: null,
  cluster: /^cluster/i,
  unmodelled: /^\w/,
}
const NAME = /^("[^"]+"|\w+|[@#]+)(\.("[^"]+"|\w+))*( *\(.*\))?$/

test('operations of every kind are read, and each underlines text that begins with its keyword or is its name', async () => {
  const kinds = new Set<string>()
  for (const { sql } of cases) {
    for (const { operation, underlined } of await operationsOf(sql)) {
      kinds.add(operation.kind)
      const words = FIRST_WORDS[operation.kind]
      if (words !== null) expect([sql, underlined]).toEqual([sql, expect.stringMatching(words)])
      else if (underlined !== sql.replace(/;$/, ''))
        expect([sql, underlined]).toEqual([sql, expect.stringMatching(NAME)])
    }
  }
  expect([...kinds].sort()).toEqual(Object.keys(FIRST_WORDS).sort())
})

test('each action of ALTER TABLE underlines itself, whatever stands between the actions', async () => {
  const action = fc.constantFrom(
    'DROP COLUMN "ä,b"',
    'ADD COLUMN c numeric(10, 2) DEFAULT (ARRAY[1, 2])[1] CHECK (c IN (1, 2))',
    'ADD CONSTRAINT "🚀" CHECK (x <> \'),(\' || $q$,$q$)',
    'ALTER c TYPE int USING CASE WHEN a THEN f(1, 2) END',
    'SET (fillfactor = 70, toast.autovacuum_enabled = off)',
    "ALTER c SET DEFAULT 'é'",
    'FORCE ROW LEVEL SECURITY',
    'OWNER TO joe',
  )
  const blank = fc.constantFrom(' ', '\n', ' /* , ( ü */ ', ' -- , ) 🚀\n', '\t')
  const table = fc.constantFrom('t', 's.t', 'ONLY "ü.,(".t', 'IF EXISTS "größe"', 'ONLY (t)', 't *')
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.array(fc.tuple(blank, action, blank), { minLength: 1, maxLength: 6 }),
      async (name, actions) => {
        const sql = `SELECT 'ü'; ALTER TABLE ${name}${actions.map((parts) => parts.join('')).join(',')};`
        const read = (await operationsOf(sql)).slice(1)
        expect(read.map(({ underlined }) => underlined)).toEqual(actions.map(([, text]) => text))
      },
    ),
    { numRuns: 200 },
  )
})

test.each([
  ['a chain of operators', `SELECT ${'1+'.repeat(1_500)}1`],
  ['a chain of negations', `DELETE FROM t WHERE ${'NOT '.repeat(1_500)}true`],
])('%s that is too deep to read is said', async (_title, sql) => {
  const operations = await operationsOf(sql)
  expect(operations).toEqual([
    expect.objectContaining({ operation: expect.objectContaining({ kind: 'unmodelled' }), underlined: sql }),
  ])
})

test('wide statements are read in linear time', async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => `(${i}, 'x')`).join(', ')
  const columns = Array.from({ length: 1_500 }, (_, i) => `c${i} int DEFAULT ${i} CHECK (c${i} > 0)`).join(', ')
  const start = processorTime()
  const block = `DO $$ BEGIN ${'UPDATE t SET a = 1; '.repeat(2_000)} END $$`
  const [insert, create, run] = await operationsOf(
    `INSERT INTO t VALUES ${rows}; CREATE TABLE t (${columns}); ${block}`,
  )
  expect(processorTime() - start).toBeLessThan(5_000)
  expect(insert?.operation).toMatchObject({ kind: 'insert', rows: 20_000 })
  expect(create?.operation).toMatchObject({ kind: 'create-table' })
  expect(run?.operation).toMatchObject({ kind: 'do', inner: { length: 2_000 } })
})
