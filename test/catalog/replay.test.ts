import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { PGlite } from '@electric-sql/pglite'
import { readdirSync, readFileSync } from 'node:fs'
import { createCatalog } from '../../src/catalog/store.js'
import type { Statement } from '../../src/model/migration.js'
import { sourceText } from '../../src/source/source-text.js'
import { loadParsers } from '../../src/sql/parse.js'
import { readScript } from '../../src/sql/script.js'
import { incompleteTables, normalForm } from './normal-form.js'
import { postgresCatalog } from './postgres-catalog.js'

const FOLDER = 'fixtures/catalog'

let db: PGlite
beforeAll(async () => {
  ;[db] = await Promise.all([PGlite.create(), loadParsers()])
})
afterAll(async () => {
  await db.close()
})

describe('after every statement the replayed schema is the one PostgreSQL has', () => {
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.sql'))) {
    test(file, async () => {
      await emptyDatabase()
      const catalog = createCatalog({ complete: true })
      for (const statement of statementsOf(`${FOLDER}/${file}`)) {
        await db.exec(statement.sql)
        for (const operation of statement.operations) catalog.apply(operation, 'base')
        await expectSame(statement, catalog)
      }
      expect(catalog.complete).toBe(!file.startsWith('incomplete-'))
    })
  }
})

async function expectSame(statement: Statement, catalog: ReturnType<typeof createCatalog>): Promise<void> {
  const replayed = normalForm(catalog)
  const expected = await postgresCatalog(db, incompleteTables(catalog), new Set(replayed))
  const at = `line ${statement.span.start.line}: ${statement.sql}`
  expect([at, ...replayed]).toEqual([at, ...expected])
}

function statementsOf(path: string): readonly Statement[] {
  const source = sourceText(path, readFileSync(path, 'utf8'))
  const script = readScript(source, { postgres: 18, thorough: false }, { transaction: 'none' })
  if (script.kind !== 'script') throw new Error(`${path}: ${JSON.stringify(script)}`)
  return script.statements
}

async function emptyDatabase(): Promise<void> {
  await db.exec('reset all')
  const { rows } = await db.query<{ name: string }>(
    `select quote_ident(nspname) as name from pg_namespace
     where nspname !~ '^pg_' and nspname <> 'information_schema'`,
  )
  for (const { name } of rows) await db.exec(`drop schema ${name} cascade`)
  await db.exec('create schema public')
}
