import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { examplesOf } from '../../src/cli/examples.js'
import { rowsOf } from '../../src/report/answered.js'
import { PEERS, peersOf } from '../../src/report/peers.js'
import { ruleDocs } from '../../src/report/rule-docs.js'
import { named, rules } from '../../src/rules/index.js'

const FOLDER = 'docs/rules'
const pages = ruleDocs(
  named.map(({ meta, defaults }) => ({ ...meta, options: defaults })),
  examplesOf,
)

describe('the pages on rules are what `npm run docs` makes of them', () => {
  test('none is missing, and none is left of a rule that is no more', () => {
    expect(readdirSync(FOLDER).sort()).toEqual([...pages.keys()].sort())
  })
  test.each([...pages])('%s', (name, text) => expect(readFileSync(`${FOLDER}/${name}`, 'utf8')).toBe(text))
})

test.each(rules.map(({ meta }) => [meta.id, meta] as const))('%s says why, what instead, and shows it', (id, meta) => {
  const page = pages.get(`${id}.md`) ?? ''
  for (const heading of ['## Why', '## Instead', '## What is said']) expect(page).toContain(`\n${heading}\n`)
  for (const { title, ids } of peersOf(rowsOf(meta)))
    expect(page.replaceAll('\\', '')).toContain(`- ${title}: ${ids.join(', ')}`)
})

describe('the rules of other tools', () => {
  test.each<readonly [tool: string, theirs: string, ours: string]>([
    ['squawk', 'ban-drop-table', 'drop-table'],
    ['squawk', 'require-concurrent-index-creation', 'create-index-non-concurrently'],
    ['Atlas', 'DS103', 'drop-column'],
    ['strong_migrations', 'add_foreign_key', 'add-foreign-key-validating'],
    ['eugene', 'E6', 'create-index-non-concurrently'],
    ['MigrationPilot', 'MP026', 'drop-table'],
    ['pgfence', 'vacuum-full', 'vacuum-full'],
    ['pg-migration-lint', 'PGM201', 'drop-table'],
  ])('%s: %s is %s here', (tool, theirs, ours) => {
    const plain = (pages.get('moving.md') ?? '').replaceAll('\\', '').replaceAll('&#95;', '_')
    const section = plain.split(`## ${tool}\n`)[1] ?? ''
    const row = section.split('\n').find((line) => line.startsWith(`| ${theirs} |`))
    expect(row).toContain(`(${ours}.md)`)
  })

  test('every one answers to a row of the catalogue', () => {
    const codes = PEERS.flatMap((peer) => [...peer.codes.values()].flat())
    expect(codes.filter((code) => !/^[A-L]\d{1,3}$/.test(code))).toEqual([])
    expect(PEERS.map(({ codes: ids }) => ids.size > 10)).toEqual(PEERS.map(() => true))
  })
})
