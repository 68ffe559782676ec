import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { dba } from '../support/dba.js'
import { scratch, type Scratch } from '../support/scratch.js'

/** Six applied migrations on main, and a branch to change things on. */
const HISTORY: Readonly<Record<string, string>> = {
  '000001_users.up.sql':
    'CREATE TABLE users (\n    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n    email text NOT NULL\n);\n',
  '000001_users.down.sql': 'DROP TABLE users;\n',
  '000002_posts.up.sql':
    '-- What people write.\nCREATE TABLE posts (\n    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n    user_id bigint NOT NULL REFERENCES users (id),\n    title text NOT NULL\n);\n',
  '000002_posts.down.sql': 'DROP TABLE posts;\n',
  '000003_posts_idx.up.sql': 'CREATE INDEX CONCURRENTLY posts_user_idx ON posts (user_id);\n',
  '000003_posts_idx.down.sql': 'DROP INDEX CONCURRENTLY posts_user_idx;\n',
  '000004_tags.up.sql': 'CREATE TABLE tags (id bigint PRIMARY KEY, label text NOT NULL);\n',
  '000004_tags.down.sql': 'DROP TABLE tags;\n',
  '000005_seen.up.sql': "SET lock_timeout = '2s';\nALTER TABLE users ADD COLUMN seen_at timestamptz;\n",
  '000005_seen.down.sql': 'ALTER TABLE users DROP COLUMN seen_at;\n',
  '000006_mood.up.sql': "CREATE TYPE mood AS ENUM ('calm', 'wild');\n",
  '000006_mood.down.sql': 'DROP TYPE mood;\n',
}

let repository: Scratch
beforeEach(() => {
  repository = scratch()
  repository.write('go.mod', 'module example.com/blog\n')
  for (const [name, text] of Object.entries(HISTORY)) repository.write(`migrations/${name}`, text)
  repository.git('add', '-A')
  repository.git('commit', '-qm', 'six migrations')
  repository.git('checkout', '-qb', 'change')
})
afterEach(() => repository.dispose())

interface Json {
  readonly verdict: string
  readonly findings: readonly {
    rule: string
    severity: string
    path: string
    line: number
    column: number
    endLine: number
  }[]
  readonly rehearsals: readonly {
    migration: string
    verdict: string
    reason: string | null
    residue: readonly string[]
    steps: readonly {
      phase: string
      ok: boolean
      error: { message: string; path: string; line: number; column: number } | null
    }[]
  }[]
}

async function reviewed(...args: readonly string[]): Promise<{ code: number | null; json: Json }> {
  const { code, out, err } = await dba(repository.folder, ['review', '--format', 'json', ...args])
  expect(err).toBe('')
  return { code, json: JSON.parse(out) as Json }
}

test('the policy is that of the base branch as it is now, not as it was when the branch left it', async () => {
  repository.write('migrations/000007_idx.up.sql', 'CREATE INDEX tags_label_idx ON tags (label);\n')
  repository.write('migrations/000007_idx.down.sql', 'DROP INDEX CONCURRENTLY tags_label_idx;\n')
  repository.git('add', '-A')
  repository.git('commit', '-qm', 'an index')
  const severities = async (): Promise<readonly string[]> =>
    (await reviewed('--sandbox', 'none')).json.findings
      .filter(({ rule }) => rule === 'create-index-non-concurrently')
      .map(({ severity }) => severity)
  expect(await severities()).toEqual(['warning'])
  repository.git('checkout', '-q', 'main')
  repository.write('.github/dba.yml', 'rules: { create-index-non-concurrently: error }\n')
  repository.git('add', '-A')
  repository.git('commit', '-qm', 'a stricter policy')
  repository.git('checkout', '-q', 'change')
  expect(await severities()).toEqual(['error'])
})
const rulesOf = ({ findings }: Json): readonly string[] => findings.map(({ rule }) => rule)

describe('history', () => {
  test('another SQL in an applied migration', async () => {
    repository.write(
      'migrations/000002_posts.up.sql',
      (HISTORY['000002_posts.up.sql'] ?? '').replace('title text', 'title varchar(80)'),
    )
    const { code, json } = await reviewed('--sandbox', 'none')
    expect(code).toBe(1)
    expect(json.findings).toContainEqual(
      expect.objectContaining({
        rule: 'edited-applied-migration',
        severity: 'error',
        path: 'migrations/000002_posts.up.sql',
        line: 5,
        column: 1,
      }),
    )
  })

  test('another comment in an applied migration', async () => {
    repository.write(
      'migrations/000002_posts.up.sql',
      (HISTORY['000002_posts.up.sql'] ?? '').replace('write.', 'publish.'),
    )
    const { json } = await reviewed()
    expect(rulesOf(json)).toEqual(['edited-applied-migration-comments-only'])
    expect(json.findings[0]).toMatchObject({ path: 'migrations/000002_posts.up.sql', line: 1, column: 1 })
  })

  test('a deleted applied migration', async () => {
    repository.remove('migrations/000004_tags.up.sql')
    repository.remove('migrations/000004_tags.down.sql')
    const { code, json } = await reviewed()
    expect(code).toBe(1)
    expect(rulesOf(json)).toContain('deleted-applied-migration')
    expect(json.verdict).toBe('block')
  })

  test('a renamed applied migration', async () => {
    repository.git('mv', 'migrations/000006_mood.up.sql', 'migrations/000007_mood.up.sql')
    repository.git('mv', 'migrations/000006_mood.down.sql', 'migrations/000007_mood.down.sql')
    const { json } = await reviewed()
    expect(rulesOf(json)).toContain('renamed-applied-migration')
    expect(rulesOf(json)).not.toContain('deleted-applied-migration')
    expect(json.verdict).toBe('block')
  })

  test('a second file of one number', async () => {
    repository.write('migrations/000006_more.up.sql', 'CREATE TABLE more (id bigint PRIMARY KEY);\n')
    repository.write('migrations/000006_more.down.sql', 'DROP TABLE more;\n')
    const { json } = await reviewed()
    expect(rulesOf(json)).toContain('duplicate-migration-version')
    expect(json.verdict).toBe('block')
  })
})

describe('rehearsal', () => {
  test('a down that forgets an index leaves it, by name', async () => {
    repository.write(
      'migrations/000007_notes.up.sql',
      'CREATE TABLE notes (id bigint PRIMARY KEY);\nCREATE INDEX users_email_idx ON users (email);\n',
    )
    repository.write('migrations/000007_notes.down.sql', 'DROP TABLE notes;\n')
    const { code, json } = await reviewed()
    expect(code).toBe(1)
    expect(json.rehearsals).toHaveLength(1)
    expect(json.rehearsals[0]).toMatchObject({ verdict: 'leaves-residue' })
    expect(json.rehearsals[0]?.residue).toEqual([expect.stringContaining('users_email_idx')])
  })

  test("a down that fails says so in PostgreSQL's words, at its place", async () => {
    repository.write(
      'migrations/000007_bio.up.sql',
      "SET lock_timeout = '2s';\nALTER TABLE users ADD COLUMN bio text;\n",
    )
    repository.write(
      'migrations/000007_bio.down.sql',
      '-- né à Zürich 🦉\nSELECT 1;\nALTER TABLE users DROP COLUMN biography;\n',
    )
    const { code, json } = await reviewed()
    expect(code).toBe(1)
    const [rehearsal] = json.rehearsals
    expect(rehearsal?.verdict).toBe('down-fails')
    const failed = rehearsal?.steps.find(({ ok }) => !ok)
    expect(failed).toMatchObject({
      phase: 'down',
      error: {
        message: 'column "biography" of relation "users" does not exist',
        path: 'migrations/000007_bio.down.sql',
        line: 3,
        column: 1,
      },
    })
  })

  test('a clean migration passes', async () => {
    repository.write(
      'migrations/000007_bio.up.sql',
      "SET lock_timeout = '2s';\nALTER TABLE users ADD COLUMN bio text;\n",
    )
    repository.write('migrations/000007_bio.down.sql', 'ALTER TABLE users DROP COLUMN bio;\n')
    const { code, json } = await reviewed()
    expect(json.findings).toEqual([])
    expect(json.rehearsals.map(({ verdict }) => verdict)).toEqual(['reversible'])
    expect([code, json.verdict]).toEqual([0, 'pass'])
  })
})

describe('what was not looked at is no pass', () => {
  test('without a sandbox', async () => {
    repository.write('migrations/000007_bio.up.sql', 'CREATE TABLE bio (id bigint PRIMARY KEY);\n')
    repository.write('migrations/000007_bio.down.sql', 'DROP TABLE bio;\n')
    const { code, json } = await reviewed('--sandbox', 'none')
    expect([code, json.verdict]).toEqual([1, 'block'])
  })

  test('an edit of a migration that no reader knows', async () => {
    repository.git('checkout', '-q', 'main')
    repository.write(
      'shop/db/migrate/20240101000000_add_name.rb',
      'class AddName < ActiveRecord::Migration[7.1]\nend\n',
    )
    repository.git('add', '-A')
    repository.git('commit', '-qm', 'another tool')
    repository.git('checkout', '-q', 'change')
    repository.git('merge', '-q', 'main')
    expect((await reviewed()).json.verdict).toBe('pass')
    repository.write(
      'shop/db/migrate/20240101000000_add_name.rb',
      'class AddName < ActiveRecord::Migration[7.1]\n  # more\nend\n',
    )
    const { code, json } = await reviewed()
    expect([code, json.verdict]).toEqual([1, 'block'])
    expect(JSON.stringify(json)).toMatch(/looks like a migration of Rails, which is not read/)
    repository.remove('shop/db/migrate/20240101000000_add_name.rb')
    expect((await reviewed()).json.verdict).toBe('block')
  })

  test('a change without migrations passes at once', async () => {
    repository.write('main.go', 'package main\n')
    const { code, json } = await reviewed()
    expect([code, json.verdict]).toEqual([0, 'pass'])
  })
})
