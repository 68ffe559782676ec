import { expect } from '@jest/globals'
import { withTool } from './fetching.js'
import { sqlx } from './programs.js'
import { behaves, ran, type Place, type Run } from './scene.js'

const A = { 'Cargo.toml': '', 'migrations/0001_a.sql': 'CREATE TABLE a (id int);' }
const B = { 'migrations/0003_b.sql': 'CREATE TABLE b (id int);' }

await withTool(sqlx, async (program) => {
  const up = (place: Place): Promise<Run> => ran(program, ['up', place.root, place.url], place.folder)
  await behaves(
    { id: 'sqlx', up },
    ['sqlx-simple', 'sqlx-reversible', 'sqlx-mixed'],
    [
      {
        name: 'it stops at an edited migration',
        base: { ...A, ...B },
        pull: { 'migrations/0001_a.sql': 'CREATE TABLE c (id int);' },
        stops: /VersionMismatch\(1\)/,
        tables: 'a b',
        finding: 'sqlx compares checksums, and stops on every database that ran the old text',
      },
      {
        name: 'it stops at an edited comment',
        base: { ...A, ...B },
        pull: { 'migrations/0001_a.sql': '-- The letter.\nCREATE TABLE a (id int);' },
        stops: /VersionMismatch\(1\)/,
        tables: 'a b',
        finding: 'edited-applied-migration-comments-only',
      },
      {
        name: 'it stops when a migration is gone',
        base: { ...A, ...B },
        pull: { 'migrations/0001_a.sql': null },
        stops: /VersionMissing\(1\)/,
        tables: 'a b',
        finding: 'sqlx stops on every database that ran it',
      },
      {
        name: 'a late migration is run',
        base: { ...A, ...B },
        pull: { 'migrations/0002_c.sql': 'CREATE TABLE c (id int);' },
        stops: null,
        tables: 'a b c',
        finding: null,
      },
      {
        name: 'a second file of an applied version has another checksum',
        base: { ...A, ...B },
        pull: { 'migrations/0003_c.sql': 'CREATE TABLE c (id int);' },
        stops: /VersionMismatch\(3\)/,
        tables: 'a b',
        finding: 'sqlx stops: it cannot write one version into its books twice, or finds another checksum there',
      },
      {
        name: 'of two new files of one version the second fails',
        base: { ...A, ...B },
        pull: { 'migrations/0004_c.sql': 'CREATE TABLE c (id int);', 'migrations/0004_d.sql': 'SELECT 1;' },
        stops: /duplicate key value/,
        tables: expect.stringMatching(/^a b( c)?$/) as unknown as string,
        finding: 'sqlx stops: it cannot write one version into its books twice, or finds another checksum there',
      },
      {
        name: 'it stops at a file whose name has no number',
        base: { ...A, ...B },
        pull: { 'migrations/add_c.sql': 'CREATE TABLE c (id int);' },
        stops: /expected integer version prefix/,
        tables: 'a b',
        finding: 'sqlx stops at migrations/add_c.sql and applies nothing',
      },
      {
        name: 'a name without underscore is passed over',
        base: { ...A, ...B },
        pull: { 'migrations/0004-c.sql': 'CREATE TABLE c (id int);' },
        stops: null,
        tables: 'a b',
        finding: 'migrations/0004-c.sql is never applied',
      },
    ],
  )
})
