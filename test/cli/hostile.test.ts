import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { dba } from '../support/dba.js'
import { scratch, type Scratch } from '../support/scratch.js'

/** What nobody would write by accident, and some things that they would. */
const HOSTILE: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
  ['an empty file', '', /empty-migration|no statement/],
  ['a comment only', '-- nothing yet\n', /empty-migration|no statement/],
  ['a NUL byte', 'SELECT 1;\u0000 DROP TABLE users;', /NUL byte/],
  ['UTF-16', Buffer.from('\ufeffDROP TABLE users;', 'utf16le'), /UTF-16/],
  ['a byte order mark', '\ufeffSELECT 1;', /byte order mark/],
  ['invalid UTF-8', Buffer.from([0x53, 0x45, 0x4c, 0xff, 0x0a]), /not valid UTF-8/],
  ['an unterminated quote', "INSERT INTO users VALUES ('o'brien');\n", /syntax-error/],
  ['400 kB of nested comments', '/*'.repeat(100_000) + '*/'.repeat(100_000), /comments nest 100000 deep/],
  ['10,000 nested parentheses', `SELECT ${'('.repeat(10_000)}1${')'.repeat(10_000)};`, /nested|deep/],
  ['a 20 MB file', Buffer.alloc(20 << 20, 'SELECT 1;\n'), /the most that is read/],
  ['a million statements', 'select 1;'.repeat(100_000), /statements/],
  ['a sum of 100,000 terms', `SELECT 1${'+1'.repeat(100_000)};`, /terms|deep|long/],
  [
    'quotes that change their meaning',
    "SET standard_conforming_strings = off;\nSELECT 'a\\', '; DROP TABLE users; --';\n",
    /standard_conforming_strings/,
  ],
  ['hidden characters', 'DROP TABLE us\u200bers;', /200b/i],
]

let repository: Scratch
beforeAll(() => {
  repository = scratch()
  repository.write('go.mod', 'module example.com/x\n')
  repository.write('migrations/000001_users.up.sql', 'CREATE TABLE users (id bigint PRIMARY KEY);\n')
  repository.write('migrations/000001_users.down.sql', 'DROP TABLE users;\n')
  // Without a rehearsal to miss, the verdict rests on the reading alone.
  repository.write('.github/dba.yml', 'rehearsal: { required: false }\n')
  repository.git('add', '-A')
  repository.git('commit', '-qm', 'start')
})
afterAll(() => repository.dispose())

describe('a hostile file is a finding or a refusal with a reason, soon, and never a pass', () => {
  test.each(HOSTILE)('%s', async (_, content, reason) => {
    repository.write('migrations/000002_hostile.up.sql', content)
    repository.write('migrations/000002_hostile.down.sql', 'SELECT 1;\n')
    const started = performance.now()
    const { code, out, err } = await dba(repository.folder, ['review', '--sandbox', 'none', '--format', 'json'])
    // Three seconds on a quiet machine; tests share theirs.
    expect(performance.now() - started).toBeLessThan(9_000)
    repository.remove('migrations/000002_hostile.up.sql')
    expect(err).toBe('')
    const { verdict, findings, notes } = JSON.parse(out) as { verdict: string; findings: object[]; notes: object[] }
    expect(JSON.stringify([findings, notes])).toMatch(reason)
    expect([code, verdict]).toEqual([1, 'block'])
  })

  test('a symlink in the migrations folder is refused, and what it points to is never shown', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'dba-outside-'))
    repository.write('../'.repeat(20) + join(outside, 'secret.sql').slice(1), 'SELECT CANARY;\n')
    symlinkSync(join(outside, 'secret.sql'), join(repository.folder, 'migrations/000002_hostile.up.sql'))
    const review = await dba(repository.folder, ['review', '--sandbox', 'none'])
    const lint = await dba(repository.folder, ['lint', 'migrations'])
    repository.remove('migrations/000002_hostile.up.sql')
    rmSync(outside, { recursive: true })
    for (const { code, out, err } of [review, lint]) {
      expect(out).toMatch(/symbolic link/)
      expect(out + err).not.toContain('CANARY')
      expect(code).toBe(1)
    }
  })
})
