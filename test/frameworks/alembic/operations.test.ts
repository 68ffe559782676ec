import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { revision } from './revision.js'

/** Calls, and below `=>` what `alembic upgrade --sql` prints for them (Alembic 1.13, SQLAlchemy 2.0). */
const table = readFileSync(new URL('./operations.txt', import.meta.url), 'utf8')
const cases = table
  .trim()
  .split('\n\n')
  .map((block) => block.split('\n=>\n'))

describe('the SQL of Alembic itself', () => {
  test.each(cases)('%s', (calls = '', sql = '') => {
    const { up } = revision(calls)
    if (up.kind !== 'script') throw new Error(JSON.stringify(up))
    expect(up.gaps).toEqual([])
    const plain = up.statements.map(({ sql }) => sql.replace(/\s+/g, ' ').replaceAll('( ', '(').replaceAll(' )', ')'))
    expect(plain).toEqual(sql.split('\n'))
  })
})
