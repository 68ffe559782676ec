import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { ADD_ONS, withAlembic } from '../../../support/alembic.js'
import { caseTables, flat, type CaseTable } from './table.js'

/** What the real Alembic makes of a call. */
type Answer = { readonly sql: readonly string[] } | { readonly error: string }

const tables = caseTables()
const OFFLINE = fileURLToPath(new URL('../../../support/offline.py', import.meta.url))

/** Asks Alembic about every case of every table, in one run of Python. */
function ask(python: string): Promise<readonly (readonly Answer[])[]> {
  return new Promise((resolve, reject) => {
    const child = execFile(python, [OFFLINE], { maxBuffer: 1 << 27 }, (error, out, complaint) => {
      if (error === null) resolve(JSON.parse(out) as readonly (readonly Answer[])[])
      else reject(new Error(complaint, { cause: error }))
    })
    child.stdin?.end(
      JSON.stringify(tables.map(({ preface, cases }) => ({ preface, calls: cases.map(({ calls }) => calls) }))),
    )
  })
}

/** Statements in one line: a text may hold several of them. */
function inOneLine(statements: readonly string[]): string {
  return statements.map(flat).join('; ')
}

await withAlembic(async (programs) => {
  const answers = await ask(join(programs, 'python'))
  const rows = (table: CaseTable, index: number) =>
    table.cases.map((entry, place) => ({ ...entry, answer: answers[index]?.[place] ?? { error: 'no answer' } }))
  tables.forEach((table, index) => {
    describe(`Alembic itself: ${table.name}`, () => {
      test.each(rows(table, index))('$calls', ({ mark, expected, answer }) => {
        if (mark === '=!') expect(answer).toEqual({ error: expect.any(String) })
        else if (mark === '=?')
          expect('error' in answer || inOneLine(answer.sql) !== inOneLine(expected.split('\n'))).toBe(true)
        else expect('error' in answer ? answer : inOneLine(answer.sql)).toEqual(inOneLine(expected.split('\n')))
      })
    })
  })
}, ADD_ONS)
