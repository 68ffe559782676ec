import { expect, test } from '@jest/globals'
import { readAll, tree } from '../tree.js'
import { withTool } from './fetching.js'
import { goose } from './programs.js'
import { behaves, ran, tablesOf } from './scene.js'

const sql = (table: string): string =>
  `-- +goose Up\nCREATE TABLE ${table} (id int);\n-- +goose Down\nDROP TABLE ${table};\n`
const A = { 'go.mod': '', 'goose/00001_a.sql': sql('a') }
const B = { 'goose/00003_b.sql': sql('b') }

await withTool(goose, async (program) => {
  await behaves(
    {
      id: 'goose',
      up: (place) => ran(program, ['-dir', place.root, 'postgres', place.url, 'up'], place.folder),
    },
    ['goose-basic', 'goose-quirks'],
    [
      {
        name: 'an edited migration is not run again',
        base: { ...A, ...B },
        pull: { 'goose/00001_a.sql': sql('c') },
        stops: null,
        tables: 'a b',
        finding: 'goose does not run it again',
      },
      {
        name: 'it says nothing when a migration is gone',
        base: { ...A, ...B },
        pull: { 'goose/00003_b.sql': null },
        stops: null,
        tables: 'a b',
        finding: 'goose says nothing on the way up, and cannot go down past it',
      },
      {
        name: 'it cannot go down when the newest migration is gone',
        base: { ...A, ...B },
        pull: { 'goose/00003_b.sql': null },
        then: (place) => ran(program, ['-dir', place.root, 'postgres', place.url, 'down'], place.folder),
        stops: /goose run: migration 3/,
        tables: 'a b',
        finding: 'goose says nothing on the way up, and cannot go down past it',
      },
      {
        name: 'a late migration is refused',
        base: { ...A, ...B },
        pull: { 'goose/00002_c.sql': sql('c') },
        stops: /found 1 missing migrations before current version 3/,
        tables: 'a b',
        finding: 'goose refuses to run on every database that is past it',
      },
      {
        name: 'it stops at two files of one version',
        base: { ...A, ...B },
        pull: { 'goose/00003_c.sql': sql('c') },
        stops: /duplicate version 3 detected/,
        tables: 'a b',
        finding: 'goose stops before it runs anything',
      },
      {
        name: 'it stops at an SQL file without a number',
        base: { ...A, ...B },
        pull: { 'goose/schema.sql': 'SELECT 1;' },
        stops: /could not parse SQL migration file "goose\/schema.sql"/,
        tables: 'a b',
        finding: 'goose stops at goose/schema.sql and applies nothing',
      },
      {
        name: 'a file of Go is run by no goose but the team’s own',
        base: { ...A, ...B },
        pull: { 'goose/00004_c.go': 'package goose\n' },
        stops: /00004/,
        tables: 'a b',
        finding: null,
      },
    ],
    (scene) => {
      const begin = '-- +goose StatementBegin'
      const end = '-- +goose StatementEnd'
      test.each([
        ['a blank line and a comment at the end', '-- +goose Up\nCREATE TABLE a ();\n \n-- the end\n', false, ''],
        ['an empty line and a comment at the end', '-- +goose Up\nCREATE TABLE a ();\n\n-- the end\n', true, 'a'],
        ['an empty block', `-- +goose Up\n${begin}\n${end}\nCREATE TABLE a ();\nCREATE TABLE b ();\n`, true, 'b'],
        ['an empty block at the end', `-- +goose Up\nCREATE TABLE a ();\n${begin}\n${end}\n`, true, 'a'],
        ['a block that begins within a statement', `-- +goose Up\nCREATE TABLE a\n${begin}\n();\n${end}\n`, true, 'a'],
        ['an annotation that is indented', '-- +goose Up\n  -- +goose Down\nCREATE TABLE a ();\n', false, ''],
        ['a semicolon before a comment', '-- +goose Up\nCREATE TABLE a (); -- b\nCREATE TABLE b ();\n', true, 'a b'],
        ['a comment that touches the semicolon', '-- +goose Up\nCREATE TABLE a ();--b\n', false, ''],
        ['a text without semicolon', '-- +goose Up\nCREATE TABLE a ()\n', false, ''],
      ])('%s', async (_, text, done, tables) => {
        const files = { 'go.mod': '', 'goose/1_a.sql': text }
        const { run, schema } = await scene.applied(files)
        expect({ done: run.done, tables: tablesOf(schema) }).toEqual({ done, tables })
        const [up] = readAll(tree(files)).flatMap(({ migrations }) => migrations.map(({ up }) => up))
        expect(up?.kind).toBe(done && tables !== 'b' ? 'script' : 'refused')
      })
    },
  )
})
