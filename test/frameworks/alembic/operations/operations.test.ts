import { describe, expect, test } from '@jest/globals'
import { said } from './said.js'
import { caseTables, writeTable } from './table.js'

for (const table of caseTables()) {
  describe(table.name, () => {
    const now = table.cases.map(({ calls }) => said(table.preface, calls))
    if (process.env['UPDATE'] === '1') writeTable(table, now)
    test.each(table.cases.map((entry, index) => ({ ...entry, now: now[index] })))('$calls', ({ expected, now }) => {
      expect(now).toBe(process.env['UPDATE'] === '1' ? now : expected)
    })
  })
}
