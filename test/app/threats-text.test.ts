import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { stage, type AppProcess, type Stage } from '../support/app-under-test.js'
import type { FileChanges } from '../support/github/index.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { expectNoViolation, ROLES, scene, SHOP, UNREHEARSED } from './scene.js'

interface Node {
  readonly type: string
  readonly value?: string
  readonly url?: string
  readonly children?: readonly Node[]
}

/** The folds of the templates, and the marks by which the App knows what it wrote. */
const OURS = /<\/?(?:details|summary)>|<!-- dba:[a-z]+(?: [0-9a-f]+)? -->/g

/** What a text has, read as GitHub reads it, beside words, code and what the templates hold. */
function alive(markdown: string): readonly string[] {
  const walk = ({ type, value = '', url = '', children = [] }: Node): readonly string[] => {
    const inner = children.flatMap(walk)
    const is = (what: boolean): readonly string[] => (what ? [`${type}: ${value}${url}`] : [])
    // What GitHub makes of plain words: who is told, what is closed, what is referred to.
    if (type === 'text') return is(/(?:^|[^\w`])@\w|(?:^|\W)#\d|\bGH-\d|\w\/[\w.-]+#\d|:\/\/|\bwww\./.test(value))
    if (type === 'html') return is(value.replace(OURS, '').trim() !== '' && /[<@#]/.test(value.replace(OURS, '')))
    return [...is(/^(?:link|image|footnote|definition)/.test(type)), ...inner]
  }
  return walk(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as Node)
}

/** Texts that would be more than text: in a name of PostgreSQL's, 63 bytes at most. */
const NAMES = [
  '`|<br>@org/team #1 ',
  '</details><img src=//evil.example/x>',
  '[x](javascript:alert(1)) ![i](//evil.example)',
  '@acme/dba closes #1 GH-2 acme/shop#3',
  'https://evil.example www.evil.example',
  '```\n# Passed\n```',
  '<!-- dba:review -->::add-mask::x',
  '{{constructor}}{{{x}}}{{> finding}}',
]
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

await withPostgres(18, (programs) => {
  let at: Stage
  let app: AppProcess
  beforeAll(async () => {
    at = await stage(programs)
    app = await at.start()
  }, 60_000)
  afterAll(() => at.stop())

  /** Every text of Markdown that the App wrote since so many requests. */
  function written(since: number): readonly string[] {
    return at.github.requests.slice(since).flatMap(({ method, body }) => {
      if (method === 'GET' || typeof body !== 'object' || body === null) return []
      const {
        output,
        body: comment,
        comments,
      } = body as {
        output?: { title?: string; summary?: string; text?: string }
        body?: string
        comments?: readonly { body: string }[]
      }
      const all = [output?.title, output?.summary, output?.text, comment, ...(comments ?? []).map((each) => each.body)]
      return all.filter((text) => typeof text === 'string')
    })
  }

  describe('T27: names that would be more than names', () => {
    test('T27: the watchdog of this test sees what it should', () => {
      for (const text of [
        '@acme',
        'a #1',
        '[x](y)',
        '![i](j)',
        '<img src=x>',
        'https://evil.example',
        'GH-1',
        'a/b#1',
      ]) {
        expect([text, alive(text).length > 0]).toEqual([text, true])
      }
      expect(alive('`@acme` and <details><summary>x</summary>\n\ny\n\n</details>')).toEqual([])
    })

    test('T27: of tables, columns, files and branches are text in all that is published', async () => {
      const since = at.github.requests.length
      const tables = NAMES.map(
        (name) => `CREATE TABLE ${quoted(name)} (id bigint PRIMARY KEY, ${quoted(`c${name}`)} text);`,
      )
      const { repository, judged, replies, said, code } = scene(at, app, {
        ...SHOP,
        'migrations/000002_odd.up.sql': `${tables.join('\n')}\n`,
        'migrations/000002_odd.down.sql': `${NAMES.map((name) => `DROP TABLE ${quoted(name)};`).join('\n')}\n`,
      })
      const file = 'migrations/000003_`@org_team`<img src=x>[x](y)|#1::error::'
      const up = NAMES.flatMap((name) => [
        `ALTER TABLE ${quoted(name)} DROP COLUMN ${quoted(`c${name}`)}; -- ${name.replaceAll('\n', ' ')}`,
        `CREATE INDEX ${quoted(`i${name}`)} ON ${quoted(name)} (id);`,
        `UPDATE ${quoted(name)} SET id = 1 WHERE false OR 'x' <> ${quoted(name)}::text;`,
      ])
      const files: FileChanges = {
        [`${file}.up.sql`]: `${up.join('\n')}\n`,
        [`${file}.down.sql`]: 'SELECT 1;\n',
        'migrations/\u202e@acme/dba\n<img src=x>.sql': 'DROP TABLE users;\n',
        'migrations/000004_plain.up.sql': `${up.join('\n')}\n`,
        'migrations/000004_plain.down.sql': 'SELECT 1;\n',
        'migrations/000005_bidi.up.sql': 'ALTER TABLE users DROP COLUMN "\u202egnp.exe\u200b";\n',
        'migrations/000005_bidi.down.sql': 'SELECT 1;\n',
      }
      const pull = repository.openPull({ by: 'ann', head: 'zzz";echo${IFS}x;#1@org/team', files })
      const run = await judged(pull)
      expect(run.conclusion).toBe('failure')
      for (const command of [
        'explain',
        `describe ${quoted(NAMES[0] ?? '')}`,
        `describe "users"`,
        'plan',
        'locks',
        'diff',
        'status',
        'config',
        'erd',
        `explain ${NAMES[1]}`,
        `approve ${code(pull)} reason="@org/team <img src=x>"`,
      ]) {
        await said(pull, 'dora', `/dba ${command.replaceAll('\n', ' ')}`)
      }
      expect(replies(pull).length).toBeGreaterThan(8)
      const texts = written(since)
      // It is about these very names, and shows them.
      expect(texts.join('\n')).toMatch(/evil\.example/)
      expect(texts.join('\n')).toMatch(/org_team/)
      expect(texts.flatMap((text) => alive(text))).toEqual([])
      const plain = JSON.stringify(run.output.annotations)
      expect(run.output.annotations.length).toBeGreaterThan(0)
      expect(`${texts.join('\n')}${plain}`).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
      expect(texts.filter((text) => /^::/m.test(text))).toEqual([])
    }, 120_000)
  })

  test('T28: thousands of findings are one comment, one review and a few requests, push after push', async () => {
    const many = Array.from({ length: 1_250 }, (_, i) => `t${i}`)
    const base = many.map((name) => `CREATE TABLE ${name} (id bigint PRIMARY KEY, note text);\n`).join('')
    const { repository, judged } = scene(at, app, {
      ...SHOP,
      'migrations/000001_users.up.sql': base,
      'migrations/000001_users.down.sql': many.map((name) => `DROP TABLE ${name};\n`).join(''),
    })
    const change = (names: readonly string[]): FileChanges => ({
      'migrations/000002_all.up.sql': names
        .map((name) =>
          [
            `ALTER TABLE ${name} DROP COLUMN note;`,
            `CREATE INDEX ${name}_i ON ${name} (id);`,
            `CREATE INDEX ${name}_j ON ${name} (id DESC);`,
            `ALTER TABLE ${name} ADD CONSTRAINT ${name}_c CHECK (id > 0);\n`,
          ].join('\n'),
        )
        .join(''),
      'migrations/000002_all.down.sql': 'SELECT 1;\n',
    })
    const since = at.github.requests.length
    const pull = repository.openPull({ by: 'ann', files: change(many) })
    const run = await judged(pull)
    expect(run.conclusion).toBe('failure')
    const title = run.output.title ?? ''
    const counts = [...title.matchAll(/[\d,]+(?= (?:finding|remark))/g)].map(([text]) =>
      Number(text.replaceAll(',', '')),
    )
    expect([title, counts.reduce((sum, count) => sum + count, 0) >= 5_000]).toEqual([title, true])
    const sent = (method: string, route: RegExp, from = since): number =>
      at.github.requests.slice(from).filter((request) => request.method === method && route.test(request.route ?? ''))
        .length
    expect(sent('POST', /\/issues\/\{issue_number\}\/comments$/)).toBe(1)
    expect(sent('PATCH', /\/check-runs\//)).toBeLessThanOrEqual(4)
    expect(sent('POST', /\/pulls\/\{pull_number\}\/reviews$/)).toBeLessThanOrEqual(1)
    expect(run.output.annotations.length).toBeLessThanOrEqual(200)
    expect(repository.reviewComments(pull).length).toBeLessThanOrEqual(10)

    const again = at.github.requests.length
    pull.push(change(many.slice(0, 100)))
    expect((await judged(pull)).conclusion).toBe('failure')
    expect(sent('POST', /\/issues\/\{issue_number\}\/comments$/, again)).toBe(0)
    expect(sent('PATCH', /\/check-runs\//, again)).toBeLessThanOrEqual(4)
    expect(repository.comments(pull)).toHaveLength(1)
  }, 180_000)

  test('T28: what bots write is not answered', async () => {
    const { repository, judged, replies } = scene(at, app, { ...SHOP, ...UNREHEARSED })
    const pull = repository.openPull({ by: 'ann', files: { 'migrations/000002_x.up.sql': 'DROP TABLE users;\n' } })
    await judged(pull)
    const before = replies(pull).length
    const bot = at.github.people.bot('chatty')
    repository.grant(bot, ROLES.dora)
    const comment = repository.conversation.comment(pull.issue, bot, '/dba explain')
    const own = repository.conversation.comment(pull.issue, at.github.app.bot, '/dba explain', at.github.app)
    await at.github.quiet({ milliseconds: 4_000 })
    expect([comment, own].flatMap(({ reactions }) => reactions)).toEqual([])
    // What was told to be the App's by the fake is one more.
    expect(replies(pull)).toHaveLength(before + 1)
  }, 60_000)

  test('nothing was asked of GitHub that it does not describe', () => expectNoViolation(at))
})
