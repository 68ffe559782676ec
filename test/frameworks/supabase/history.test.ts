import { describe, expect, test } from '@jest/globals'
import { readAll, sketch, tree } from '../tree.js'

function told(files: Readonly<Record<string, string>>) {
  const all = Object.entries(files).map(([name, text]) => [`supabase/migrations/${name}`, text])
  const [read] = readAll(tree({ 'supabase/config.toml': '', ...Object.fromEntries(all) }))
  if (read === undefined) throw new Error('no project')
  return {
    ids: read.history.revisions.map(({ id }) => id),
    strays: read.history.strays.map(({ path, reason }) => `${path.slice(20)}: ${reason}`),
    runs: read.migrations.map(({ up, down }) => `${sketch(up)} => ${sketch(down)}`),
  }
}

const alone = 'CREATE INDEX CONCURRENTLY i ON a (b);'

describe('Supabase', () => {
  test('orders names as text, and 1 is not 01', () => {
    const { ids } = told({ '9_b.sql': '', '10_a.sql': '', '01_c.sql': '', '1_d.sql': '' })
    expect(ids).toEqual(['01', '10', '1', '9'])
  })

  test.each([
    ['a file is one batch, and a transaction', 'CREATE TABLE a (); CREATE TABLE b ();', /^one: CREATE TABLE a/],
    ['what refuses a transaction may stand alone', alone, /^none: CREATE INDEX/],
    ['or first', `${alone} CREATE TABLE b ();`, /^none: CREATE INDEX CONCURRENTLY i ON a \(b\) \| CREATE TABLE b \(\)/],
    [
      'several may',
      `${alone} VACUUM; CREATE TABLE b (); CREATE TABLE c ();`,
      /^none: CREATE INDEX .* \| VACUUM \| BEGIN \| .* \| COMMIT =>/,
    ],
    [
      'later, what is before it is committed',
      `CREATE TABLE b (); SET lock_timeout = 1; ${alone}`,
      /^none: BEGIN \| CREATE TABLE b \(\) \| SET lock_timeout = 1 \| COMMIT \| CREATE INDEX .*\ngap: Supabase commits what stands before line 1/,
    ],
    ['several alone', `${alone} VACUUM;`, /^none: [^\n]* => absent$/],
    ['not in a block', `BEGIN; ${alone} COMMIT;`, /^none: BEGIN \| CREATE INDEX/],
    ['a block of its own', 'BEGIN; CREATE TABLE a (); COMMIT;', /^none: BEGIN \|/],
  ])('%s', (_, text, expected) => expect(told({ '1_a.sql': text }).runs[0]).toMatch(expected))

  test('passes over what has no such name, and an init from before December 2021', () => {
    const names = { '20211001000000_init.sql': '', '20230101000000_a.sql': '', 'b.sql': '', '3-c.sql': '' }
    expect(told(names)).toMatchObject({
      ids: ['20230101000000'],
      strays: [
        '20211001000000_init.sql: Supabase passes over a first migration that is called init and older than 2021-12-09',
        '3-c.sql: Supabase passes over it, because it reads only TIMESTAMP_name.sql',
        'b.sql: Supabase passes over it, because it reads only TIMESTAMP_name.sql',
      ],
    })
    expect(told({ '20211001000000_a.sql': '', '20211101000000_init.sql': '' }).strays).toEqual([])
  })
})
