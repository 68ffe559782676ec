import { describe, expect, test } from '@jest/globals'
import { detectProjects } from '../../../src/frameworks/index.js'
import { planOf } from '../../../src/frameworks/sqitch/plan.js'
import { sourceText } from '../../../src/source/source-text.js'
import { processorTime } from '../../support/processor-time.js'
import { findingsOf, type Files } from '../findings.js'
import { readAll, repository, sketch, tree } from '../tree.js'

const files = repository('sqitch-basic')
const BASE = Object.fromEntries(files.paths.map((path) => [path, files.read(path)?.text ?? '']))
const PLAN = 'db/sqitch.plan'
const WHO = '2024-03-01T09:00:00Z Ann Example <ann@example.com> # Why'

describe('plans', () => {
  const read = (...lines: readonly string[]) => {
    const { changes, problem } = planOf(sourceText('sqitch.plan', ['%project=x', ...lines].join('\n')))
    const names = changes.map(({ name, requires, reworkTags }) => [
      name,
      ...requires,
      ...reworkTags.map((t) => `@${t}`),
    ])
    return [...names.map((words) => words.join(' ')), ...(problem === null ? [] : [`stops: ${problem.reason}`])]
  }
  test.each([
    ['in order', [`a ${WHO}`, `b [a] ${WHO}`], ['a', 'b a']],
    ['comments and blank lines', ['# a', '', `a ${WHO}`], ['a']],
    ['conflicts are no needs', [`a [!b] ${WHO}`, `b ${WHO}`], ['a', 'b']],
    [
      'a conflict with nothing',
      [`a ${WHO}`, `b [a !c] ${WHO}`],
      ['a', 'b a', 'stops: it names c, which the plan does not have'],
    ],
    ['needs of another project', [`a [other:b] ${WHO}`], ['a other:b']],
    ['a reworked change', [`a ${WHO}`, `@v1 ${WHO}`, `a [a@v1] ${WHO}`], ['a @v1', 'a a@v1']],
    [
      'what it needs comes later',
      [`a [b] ${WHO}`, `b ${WHO}`],
      ['stops: a needs b, which the plan does not have before it'],
    ],
    ['a circle', [`a [a] ${WHO}`], ['stops: a needs a, which the plan does not have before it']],
    ['twice', [`a ${WHO}`, `a ${WHO}`], ['a', 'stops: change a stands in the plan twice without a tag in between']],
    ['a tag twice', [`@v1 ${WHO}`, `@v1 ${WHO}`], ['stops: tag @v1 stands in the plan twice']],
    [
      'a tag that is not there',
      [`a ${WHO}`, `b [a@v1] ${WHO}`],
      ['a', 'stops: b needs a@v1, which the plan does not have before it'],
    ],
    ['out of the repository', [`../../etc/passwd ${WHO}`], ['stops: this line is no change, tag or pragma']],
    ['what is merged', ['<<<<<<< HEAD'], ['stops: this line is no change, tag or pragma']],
    ['reverted', [`a ${WHO}`, `-a ${WHO}`], ['a', 'stops: the line reverts a, which is not followed here']],
  ])('%s', (_, lines, expected) => expect(read(...lines)).toEqual(expected))

  test('a plan of nonsense is done with at once', () => {
    const begun = processorTime()
    for (const line of [
      'a'.repeat(500),
      '[[[[ '.repeat(100),
      `a ${' '.repeat(500)}`,
      '@'.repeat(500),
      '% '.repeat(100),
    ])
      planOf(sourceText('sqitch.plan', `${line}\n`.repeat(2_000)))
    expect(processorTime() - begun).toBeLessThan(3_000)
  })
})

describe('where a project is', () => {
  const found = (entries: Files) =>
    detectProjects(tree(entries as Readonly<Record<string, string>>)).map(({ root, config }) => [root, config['plan']])
  test.each([
    ['a plan alone', { 'x/sqitch.plan': '' }, [['x', 'x/sqitch.plan']]],
    ['a top folder', { 'sqitch.conf': '[core]\n\ttop_dir = db', 'db/sqitch.plan': '' }, [['db', 'db/sqitch.plan']]],
    [
      'folders and a plan of other names',
      { 'sqitch.conf': '[core]\nengine=pg\n[engine "pg"]\nplan_file=a.plan\ndeploy_dir=s/up', 'a.plan': '' },
      [['s', 'a.plan']],
    ],
    ['another engine', { 'sqitch.conf': '[core]\n\tengine = mysql', 'sqitch.plan': '' }, []],
    ['out of the repository', { 'sqitch.conf': '[core]\n\ttop_dir = ../..', 'sqitch.plan': '' }, [['', 'sqitch.plan']]],
  ])('%s', (_, entries, expected) => expect(found(entries as Files)).toEqual(expected))
})

test('a change is deployed and verified at once, in transactions of its own', () => {
  const [read] = readAll(files)
  const [schema, , first, second] = read?.migrations ?? []
  expect(sketch(schema?.up ?? { kind: 'absent' })).toBe(
    "none: BEGIN | CREATE SCHEMA shop | COMMIT | BEGIN | SELECT pg_catalog.has_schema_privilege('shop', 'usage') | ROLLBACK",
  )
  expect([first, second].map((migration) => [migration?.revision.id, migration?.revision.path])).toEqual([
    ['shop/open_orders', 'db/deploy/shop/open_orders@v1.sql'],
    ['shop/open_orders (2)', 'db/deploy/shop/open_orders.sql'],
  ])
})

test('psql’s commands are named with their line', () => {
  const [read] = readAll(tree({ ...BASE, 'db/deploy/schema.sql': '\\set x 1\nCREATE SCHEMA shop;\n' }))
  expect(sketch(read?.migrations[0]?.up ?? { kind: 'absent' })).toMatch(/gap: /)
})

describe('what a pull request does', () => {
  const says = (pull: Files): readonly string[] =>
    findingsOf(BASE, { ...BASE, ...pull }).filter((line) =>
      /^(edited|deleted|out-of|duplicate|renamed|missing-down|invalid)/.test(line),
    )
  const plan = BASE[PLAN] ?? ''
  const ADDED = { 'db/deploy/x.sql': 'CREATE TABLE shop.x ();', 'db/revert/x.sql': 'DROP TABLE shop.x;' }
  test.each<[string, Files, readonly string[]]>([
    ['adds a change', { ...ADDED, [PLAN]: `${plan}x ${WHO}\n` }, []],
    [
      'reworks one',
      {
        [PLAN]: `${plan}@v2 ${WHO}\nshop/open_orders ${WHO}\n`,
        'db/deploy/shop/open_orders@v2.sql': BASE['db/deploy/shop/open_orders.sql'] ?? '',
        'db/revert/shop/open_orders@v2.sql': BASE['db/revert/shop/open_orders.sql'] ?? '',
        'db/deploy/shop/open_orders.sql':
          'CREATE OR REPLACE VIEW shop.open_orders AS SELECT note, id, 1 AS one FROM shop.orders;',
      },
      [],
    ],
    [
      'edits one',
      { 'db/deploy/schema.sql': 'CREATE SCHEMA stall;' },
      ['edited-applied-migration: Applied migration db/deploy/schema.sql gets other SQL: Sqitch does not run it again'],
    ],
    [
      'adds one in between',
      { ...ADDED, [PLAN]: plan.replace('@v1 ', `x ${WHO}\n@v1 `) },
      ['out-of-order-migration: New migration db/deploy/x.sql sorts before'],
    ],
    [
      'forgets the way back',
      { 'db/deploy/x.sql': 'CREATE TABLE shop.x ();', [PLAN]: `${plan}x ${WHO}\n` },
      ['missing-down'],
    ],
    [
      'forgets the plan',
      ADDED,
      ['invalid-migration-filename: db/deploy/x.sql', 'invalid-migration-filename: db/revert/x.sql'],
    ],
  ])('%s', (_, pull, expected) => {
    const said = says(pull)
    expect(said).toHaveLength(expected.length)
    expected.forEach((part, index) => expect(said[index]).toContain(part))
  })
})
