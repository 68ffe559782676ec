import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { rowsOf } from '../../src/commands/help.js'
import { commands } from '../../src/commands/index.js'
import { openTemplates } from '../../src/report/render.js'

const PATH = 'docs/commands.md'
const MARKERS = /(<!-- commands -->\n)[^]*?(<!-- \/commands -->)/

test('the documentation lists the commands that there are', () => {
  const table = openTemplates().render('commands', { commands: rowsOf(commands) })
  const text = readFileSync(PATH, 'utf8')
  expect(text).toMatch(MARKERS)
  const expected = text.replace(MARKERS, (_, before: string, after: string) => `${before}\n${table}\n${after}`)
  if (process.env['UPDATE'] === '1' && !process.env['CI']) writeFileSync(PATH, expected)
  expect(readFileSync(PATH, 'utf8')).toBe(expected)
})

test('names are short words, and no two are alike', () => {
  const names = commands.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const { name, usage, summary } of commands) {
    expect(name).toMatch(/^[a-z]+$/)
    expect(usage.split(' ')[0]).toBe(name)
    expect(summary).not.toMatch(/\.$/)
  }
})
