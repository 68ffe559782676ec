import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { findConfig, iniFor } from '../../src/native/ini.js'

const PLACE = { host: 'h', port: '1', user: 'u', password: 'p', database: 'd', scheme: 'postgresql' }

/** Where files lie, where the scripts are, and from where and with which section the tool is started. */
test.each([
  ['beside the scripts', { 'a/alembic.ini': 'script_location = alembic' }, 'a/alembic', 'a', 'alembic'],
  ['in the folder of the scripts', { 'm/alembic.ini': 'script_location = %(here)s' }, 'm', 'm', 'alembic'],
  ['spelled out from where it lies', { 'a/alembic.ini': 'script_location=%(here)s/db/m' }, 'a/db/m', 'a', 'alembic'],
  ['from the top', { 'a/alembic.ini': 'script_location: a/m' }, 'a/m', '', 'alembic'],
  ['in a package', { 'alembic.ini': 'script_location = shop.db:migrations' }, 'shop/db/migrations', '', 'alembic'],
  ['another file', { 'alembic.ini': 'script_location = x', 'other.ini': 'script_location = y' }, 'y', '', 'alembic'],
  ['another section', { 'alembic.ini': 'script_location = x\n[second]\nscript_location = y' }, 'y', '', 'second'],
  ['none', { 'a/pyproject.toml': '' }, 'a/b/m', 'a', 'alembic'],
  ['none at all', {}, 'a/b/m', '', 'alembic'],
] as const)('%s', async (_, files, scripts, folder, section) => {
  const top = mkdtempSync(join(tmpdir(), 'dba-ini-'))
  try {
    mkdirSync(join(top, scripts), { recursive: true })
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(top, path)), { recursive: true })
      writeFileSync(join(top, path), path.endsWith('.ini') ? `[alembic]\n${text}\n` : text)
    }
    const config = await findConfig(join(top, scripts), top)
    expect({ folder: config.folder, section: config.section }).toEqual({ folder: join(top, folder), section })
    expect(config.text).not.toContain('%(here)s')
  } finally {
    rmSync(top, { recursive: true })
  }
})

test('every database that it names is the sandbox', () => {
  const text = `[alembic]
script_location = m
sqlalchemy.url = driver://user:pass@localhost/dbname

[engine1]
sqlalchemy.url = postgresql+psycopg2://real:one@db/prod
other = mysql://x/y

[logger_root]
level = WARN`
  expect(iniFor({ text, section: 'alembic', folder: '/' }, PLACE)).toBe(`[alembic]
sqlalchemy.url = postgresql://u:p@h:1/d
script_location = m

[engine1]
sqlalchemy.url = postgresql+psycopg2://u:p@h:1/d
other = mysql://x/y

[logger_root]
level = WARN`)
})
