import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Migration } from '../../../src/model/migration.js'
import { sameTokens } from '../../../src/sql/same-tokens.js'
import { readTree, xml } from '../liquibase/changelog.js'
import { withTool } from './fetching.js'
import { CHANGES, FILES, SAME_SUMS } from './liquibase-changes.js'
import { DEFAULTS, TYPES, VALUES } from './liquibase-scope.js'
import { brief } from './maven.js'
import { liquibase } from './programs.js'
import { ran } from './scene.js'

/** What we say that we do not follow, or that PostgreSQL cannot read. */
const GAPS: readonly RegExp[] = [
  /^<loadUpdateData/,
  /forIndexName/,
  // A block that looks the name up.
  /^<dropPrimaryKey tableName="t"\/>/,
  // Sent as other numbers.
  /^<addDefaultValue .*defaultValueNumeric="(1e3|\d{20})"/,
  // Sent as SQL that is none, or by the time zone of the machine.
  /"interval[( ]/,
  /\)\[\]"/,
  /:05(Z|\+02:00)"/,
]

const escaped = (text: string): string => text.replaceAll('"', '&quot;')
const TABLES = {
  'a change': CHANGES,
  'the type of a column': TYPES.map(
    (type) => `<addColumn tableName="t"><column name="c" type="${escaped(type)}"/></addColumn>`,
  ),
  'a default': DEFAULTS.map((given) => `<createTable tableName="t"><column name="c" ${given}/></createTable>`),
  'a value': VALUES.map((given) => `<insert tableName="t"><column name="c" ${given}/></insert>`),
  'a checksum': SAME_SUMS.flat(),
}
const ALL = Object.values(TABLES).flat()
const LOG = 'db.changelog-master.xml'
/** Liquibase itself wants to know by which schema a changelog is read. */
const SCHEMA =
  ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">'
const TREE = {
  [LOG]: xml(ALL.map((body, i) => `<changeSet id="${i}" author="a">${body}</changeSet>`).join('\n')).replace(
    /(?<=<databaseChangeLog [^>]*)>/,
    SCHEMA,
  ),
  ...FILES,
}

/** What Liquibase prints of a changeSet. */
interface Printed {
  readonly sql: string
  readonly sum: string
}

/** All changeSets by their ids, from the one run that prints what it would send. */
async function printed(program: string): Promise<ReadonlyMap<string, Printed>> {
  const folder = mkdtempSync(join(tmpdir(), 'dba-liquibase-'))
  try {
    for (const [path, text] of Object.entries(TREE)) writeFileSync(join(folder, path), text)
    const given = {
      'search-path': '.',
      'changelog-file': LOG,
      url: 'offline:postgresql?version=16&outputLiquibaseSql=all&changeLogFile=history.csv',
      'analytics-enabled': 'false',
      'output-file': 'all.sql',
    }
    const args = Object.entries(given).map(([name, value]) => `--${name}=${value}`)
    const options = { JAVA_TOOL_OPTIONS: brief(program) }
    const run = await ran(program, [...args, 'update-sql'], folder, options)
    if (!run.done) throw new Error(run.said)
    return partsOf(readFileSync(join(folder, 'all.sql'), 'utf8'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function partsOf(text: string): ReadonlyMap<string, Printed> {
  const parts = text.split(/^-- Changeset .*?::(\d+)::a$/m).slice(1)
  const found = new Map<string, Printed>()
  for (let i = 0; i < parts.length; i += 2) {
    const [sql = '', books = ''] = (parts[i + 1] ?? '').split(/^INSERT INTO databasechangelog /m)
    found.set(parts[i] ?? '', { sql, sum: /'(9:[0-9a-f]{32})'/.exec(books)?.[1] ?? '' })
  }
  return found
}

/** What we say is sent; null where we say that we do not know. */
function sentBy({ up }: Migration): string | null {
  if (up.kind !== 'script' || up.gaps.some(({ bearing }) => bearing === 'withholds')) return null
  return up.statements.map(({ sql }) => `${sql};`).join('\n')
}

/** Without empty statements, which only one side may print. */
function comparable(sql: string): string {
  return sql
    .replace(/;(\s*;)+/g, ';')
    .replace(/\bDEFAULT null\b/g, 'DEFAULT NULL')
    .trim()
}

await withTool(liquibase, async (program) => {
  const theirs = await printed(program)
  const { history, migrations } = readTree(TREE)
  const ours = new Map(migrations.map((migration) => [migration.revision.id.split('::')[1] ?? '', migration]))

  test('every changeSet is there on both sides', () => {
    expect(history.notes).toEqual([])
    expect([theirs.size, ours.size]).toEqual([ALL.length, ALL.length])
  })

  let next = 0
  describe.each(Object.entries(TABLES))('%s is sent as Liquibase sends it', (_, bodies) => {
    test.each(bodies.map((body) => [body, String(next++)] as const))('%s', (body, id) => {
      const migration = ours.get(id)
      const sent = migration === undefined ? '' : sentBy(migration)
      if (GAPS.some((gap) => gap.test(body))) return expect(sent).toBeNull()
      const sql = theirs.get(id)?.sql ?? ''
      if (sent !== null && sameTokens(comparable(sent), comparable(sql))) return undefined
      return expect(comparable(sent ?? 'not followed')).toBe(comparable(sql))
    })
  })

  test('checksums are the same where we say so, and only there', () => {
    const first = ALL.length - SAME_SUMS.flat().length
    const classes = (sumOf: (id: string) => string): readonly string[] => {
      const sums = SAME_SUMS.flat().map((_, i) => sumOf(String(first + i)))
      return SAME_SUMS.flat().map((body, i) => `${body} as ${SAME_SUMS.flat()[sums.indexOf(sums[i] ?? '')]}`)
    }
    const expected = SAME_SUMS.flatMap((group) => group.map((body) => `${body} as ${group[0]}`))
    expect(classes((id) => theirs.get(id)?.sum ?? '')).toEqual(expected)
    expect(classes((id) => ours.get(id)?.revision.hashed ?? '')).toEqual(expected)
  })
})
