import { beforeAll, expect, test } from '@jest/globals'
import { analyse } from '../../src/review/analyse.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'

beforeAll(() => loadParsers({ majors: [18], second: true }))

const UNREAD = "DO $$ BEGIN EXECUTE 'CREATE TABLE ' || current_user; END $$;"
const READ_IN_PIECES = '-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1; SELECT 2;\nSELECT 3;'

/** The notes of a pull request that adds a table to the folder `shop`. */
function notesBeside(earlier: Readonly<Record<string, string>>): readonly string[] {
  const base = new Map(Object.entries(earlier).map(([path, text]) => [path, { text }]))
  const head = new Map([
    ...base,
    [
      'shop/migrations/00009_items.sql',
      { text: '-- +goose Up\nCREATE TABLE items ();\n-- +goose Down\nDROP TABLE items;' },
    ],
  ])
  const { notes } = analyse({ base, head, settings: DEFAULTS, today: '2026-01-15', mode: 'pull' })
  return notes.map(({ message }) => message)
}

test.each([
  ['one that was read', 'shop/migrations/00001_base.sql', '-- +goose Up\nSELECT 1;', []],
  ['one that was read and has its peculiarities', 'shop/migrations/00001_base.sql', READ_IN_PIECES, []],
  [
    'one that was not read',
    'shop/migrations/00001_base.sql',
    `-- +goose Up\n-- +goose StatementBegin\n${UNREAD}\n-- +goose StatementEnd`,
    ['one earlier migration is not fully understood, so the schema before this change is known in part'],
  ],
  ['one of a project that the change does not touch', 'crm/migrations/0001_base.up.sql', UNREAD, []],
])('an earlier migration: %s', (_, path, text, expected) => {
  expect(notesBeside({ [path]: text })).toEqual(expected)
})
