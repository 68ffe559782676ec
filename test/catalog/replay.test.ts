import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { PGlite } from '@electric-sql/pglite'
import { readdirSync, readFileSync } from 'node:fs'
import { createCatalog, type CatalogStore } from '../../src/catalog/store.js'
import type { Script, Statement } from '../../src/model/migration.js'
import { loadParsers } from '../../src/sql/parse.js'
import { PROJECTS, readAll, repository } from '../frameworks/tree.js'
import { incompleteTables, normalForm } from './normal-form.js'
import { postgresCatalog } from './postgres-catalog.js'
import { statementsIn } from './statements.js'

const HISTORIES = 'fixtures/catalog'
/** It stands on tables that no migration makes: what a rehearsal of it says is in test/frameworks/supabase. */
const ON_A_PLATFORM = 'supabase-provided'

let db: PGlite
beforeAll(async () => {
  ;[db] = await Promise.all([PGlite.create(), loadParsers()])
})
afterAll(async () => {
  await db.close()
})

describe('after every statement the replayed schema is the one PostgreSQL has', () => {
  for (const file of readdirSync(HISTORIES).filter((name) => name.endsWith('.sql'))) {
    test(file, async () => {
      await emptyDatabase()
      const catalog = createCatalog({ complete: true })
      const path = `${HISTORIES}/${file}`
      await runBoth(statementsIn(readFileSync(path, 'utf8'), path), catalog)
      expect(catalog.complete).toBe(!file.startsWith('incomplete-'))
    })
  }
})

describe('so it is for the migrations of each project, up and down again', () => {
  test.each(PROJECTS.filter((name) => name !== ON_A_PLATFORM))('%s', async (name) => {
    for (const { migrations } of readAll(repository(name))) {
      await emptyDatabase()
      const catalog = createCatalog({ complete: true })
      const first = migrations.findLastIndex(({ revision }) => revision.baseline === true)
      const run = migrations.slice(Math.max(0, first))
      for (const { up } of run) await runScript(up, catalog)
      for (const { down } of run.toReversed()) await runScript(down, catalog)
    }
  })
})

async function runScript(script: Script, catalog: CatalogStore): Promise<void> {
  if (script.kind !== 'script') return
  if (script.transaction === 'one') {
    await db.exec('begin')
    catalog.begin()
  }
  await runBoth(script.statements, catalog)
  if (script.transaction === 'one') await db.exec('commit')
  catalog.endFile()
}

async function runBoth(statements: readonly Statement[], catalog: CatalogStore): Promise<void> {
  for (const statement of statements) {
    await db.exec(statement.sql)
    for (const operation of statement.operations) catalog.apply(operation, 'base')
    await expectSame(statement, catalog)
  }
}

async function expectSame(statement: Statement, catalog: CatalogStore): Promise<void> {
  const replayed = normalForm(catalog)
  const expected = await postgresCatalog(db, incompleteTables(catalog), new Set(replayed))
  const at = `${statement.span.path}:${statement.span.start.line}: ${statement.sql}`
  expect([at, ...replayed]).toEqual([at, ...expected])
}

async function emptyDatabase(): Promise<void> {
  // What failed in one test is nothing to the next.
  await db.exec('rollback; reset all')
  const { rows } = await db.query<{ name: string }>(
    `select quote_ident(nspname) as name from pg_namespace
     where nspname !~ '^pg_' and nspname <> 'information_schema'`,
  )
  for (const { name } of rows) await db.exec(`drop schema ${name} cascade`)
  await db.exec('create schema public')
}
