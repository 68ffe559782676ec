import { withTool } from './fetching.js'
import { golangMigrate } from './programs.js'
import { behaves, ran } from './scene.js'

const A = { 'go.mod': '', 'db/migrations/000001_a.up.sql': 'CREATE TABLE a (id int);' }
const B = { 'db/migrations/000003_b.up.sql': 'CREATE TABLE b (id int);' }

await withTool(golangMigrate, async (program) => {
  await behaves(
    {
      id: 'golang-migrate',
      up: (place) => ran(program, ['-path', place.root, '-database', place.url, 'up'], place.folder),
    },
    ['golang-migrate-basic', 'golang-migrate-timestamps-no-down'],
    [
      {
        name: 'an edited migration is not run again',
        base: { ...A, ...B },
        pull: { 'db/migrations/000001_a.up.sql': 'CREATE TABLE c (id int);' },
        stops: null,
        tables: 'a b',
        finding: 'edited-applied-migration: Applied',
      },
      {
        name: 'it stops when the newest migration is gone',
        base: { ...A, ...B },
        pull: { 'db/migrations/000003_b.up.sql': null },
        stops: /no migration found for version 3/,
        tables: 'a b',
        finding: 'golang-migrate stops on a database whose newest version it is',
      },
      {
        name: 'it says nothing when an older migration is gone',
        base: { ...A, ...B },
        pull: { 'db/migrations/000001_a.up.sql': null, 'db/migrations/000004_c.up.sql': 'CREATE TABLE c (id int);' },
        stops: null,
        tables: 'a b c',
        finding: 'and otherwise says nothing',
      },
      {
        name: 'a late migration is skipped silently',
        base: { ...A, ...B },
        pull: { 'db/migrations/000002_c.up.sql': 'CREATE TABLE c (id int);' },
        stops: null,
        tables: 'a b',
        finding: 'golang-migrate skips it silently on every database that is past it',
      },
      {
        name: 'it stops at two files of one version',
        base: { ...A, ...B },
        pull: { 'db/migrations/000003_c.up.sql': 'CREATE TABLE c (id int);' },
        stops: /duplicate migration file/,
        tables: 'a b',
        finding: 'golang-migrate stops before it runs anything',
      },
    ],
  )
})
