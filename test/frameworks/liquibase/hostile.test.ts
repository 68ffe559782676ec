import { describe, expect, test } from '@jest/globals'
import { processorTime } from '../../support/processor-time.js'
import { readTree, xml } from './changelog.js'

const deep = (open: string, close: string, levels = 10_000): string => open.repeat(levels) + close.repeat(levels)
const lol = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')
const aliases = `a: &a [x, x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 9 }, (_, i) => {
  const name = String.fromCharCode(98 + i)
  return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${String.fromCharCode(97 + i)}`).join(', ')}]`
}).join('\n')}\n`
const include = (file: string): string => xml(`<include file="${file}" relativeToChangelogFile="true"/>`)

describe('is refused with a reason, and soon', () => {
  test.each<readonly [string, Readonly<Record<string, string>>, RegExp]>([
    [
      'an entity bomb',
      {
        'db.changelog-master.xml': `<!DOCTYPE databaseChangeLog [<!ENTITY l0 "ha">${lol}]>\n<databaseChangeLog>&l9;</databaseChangeLog>`,
      },
      /well-formed|DOCTYPE/,
    ],
    [
      'an external entity',
      {
        'db.changelog-master.xml':
          '<!DOCTYPE databaseChangeLog [<!ENTITY x SYSTEM "file:///etc/passwd">]><databaseChangeLog/>',
      },
      /DOCTYPE/,
    ],
    [
      'XML of 10,000 levels',
      { 'db.changelog-master.xml': `<databaseChangeLog>${deep('<a>', '</a>')}</databaseChangeLog>` },
      /levels deep/,
    ],
    ['YAML of 10,000 levels', { 'db.changelog-master.yaml': `databaseChangeLog: ${deep('[', ']')}\n` }, /levels deep/],
    [
      'YAML of 10,000 mappings',
      { 'db.changelog-master.yaml': `databaseChangeLog: ${deep('{a: ', '}')}\n` },
      /levels deep/,
    ],
    [
      'YAML of 5,000 dashes',
      { 'db.changelog-master.yaml': `databaseChangeLog:\n  ${'- '.repeat(5_000)}a\n` },
      /levels deep/,
    ],
    [
      'YAML of 700 indented lines',
      {
        'db.changelog-master.yaml': `databaseChangeLog:\n${Array.from({ length: 700 }, (_, i) => `${' '.repeat(i + 1)}a:`).join('\n')}\n`,
      },
      /levels deep/,
    ],
    [
      'JSON of 10,000 levels',
      { 'db.changelog-master.json': `{"databaseChangeLog": ${deep('[', ']')}}` },
      /levels deep/,
    ],
    ['an alias bomb', { 'db.changelog-master.yaml': `${aliases}databaseChangeLog: *j\n` }, /aliases/],
    [
      'a merge that names itself',
      { 'db.changelog-master.yaml': 'databaseChangeLog: &a\n  - changeSet:\n      <<: *a\n' },
      /levels deep|aliases/,
    ],
    [
      'an include that leads out',
      { 'db.changelog-master.xml': include('../../../../etc/passwd.xml') },
      /leads out of the repository/,
    ],
    [
      'an includeAll that leads out',
      { 'a/db.changelog-master.xml': xml('<includeAll path="../../.." relativeToChangelogFile="true"/>') },
      /leads out of the repository/,
    ],
    [
      'a changelog that includes itself',
      { 'db.changelog-master.xml': include('db.changelog-master.xml') },
      /includes itself/,
    ],
    [
      'a cycle',
      { 'db.changelog-master.xml': include('b.xml'), 'b.xml': include('c.xml'), 'c.xml': include('b.xml') },
      /includes itself/,
    ],
    [
      'an include bomb',
      Object.fromEntries([
        ['db.changelog-master.xml', xml('<include file="0.xml"/>'.repeat(10))],
        ...Array.from({ length: 20 }, (_, i) => [`${i}.xml`, xml(`<include file="${i + 1}.xml"/>`.repeat(10))]),
        ['20.xml', xml('')],
      ]) as Record<string, string>,
      /more than 5000 changelogs/,
    ],
    [
      'an sqlFile that leads out',
      { 'db.changelog-master.xml': xml('<changeSet id="1" author="a"><sqlFile path="../../etc/passwd"/></changeSet>') },
      /leads out of the repository/,
    ],
    ['no changelog', { 'db.changelog-master.xml': '<!-- <databaseChangeLog> --><a/>' }, /no databaseChangeLog/],
    [
      'a property that grows',
      {
        'db.changelog-master.xml': xml(
          `${Array.from({ length: 20 }, (_, i) => `<property name="p${i}" value="${`\${p${i + 1}}`.repeat(20)}"/>`).join('')}<property name="p20" value="xxxxxxxxxx"/><changeSet id="1" author="a"><sql>SELECT '\${p0}'</sql></changeSet>`,
        ),
      },
      /without end/,
    ],
    [
      'a property that names itself',
      {
        'db.changelog-master.xml': xml(
          '<property name="p" value="${p}"/><changeSet id="1" author="a"><sql>SELECT ${p}</sql></changeSet>',
        ),
      },
      /placeholder|syntax/,
    ],
  ])('%s', (_, files, reason) => {
    const before = processorTime()
    const { history, migrations } = readTree(files)
    expect(processorTime() - before).toBeLessThan(3_000)
    const said = [
      ...history.notes.filter(({ bearing }) => bearing === 'withholds').map(({ message }) => message),
      ...migrations.flatMap(({ up }) =>
        up.kind === 'script' ? up.gaps.map(({ message }) => message) : up.kind === 'refused' ? [up.reason] : [],
      ),
    ]
    expect(said).toContainEqual(expect.stringMatching(reason))
  })
})

describe('names that JavaScript knows are names', () => {
  test.each([
    [
      'XML',
      'db.changelog-master.xml',
      xml('<changeSet id="__proto__" author="constructor"><__proto__ a="1"><b/></__proto__></changeSet>'),
    ],
    [
      'YAML',
      'db.changelog-master.yaml',
      'databaseChangeLog:\n- changeSet:\n    id: __proto__\n    author: constructor\n    changes:\n    - __proto__:\n        a: {b: 1}\n',
    ],
    [
      'JSON',
      'db.changelog-master.json',
      '{"databaseChangeLog": [{"changeSet": {"id": "__proto__", "author": "constructor", "changes": [{"__proto__": {"a": {"b": 1}}}]}}]}',
    ],
  ])('%s', (_, name, text) => {
    const { history, migrations } = readTree({ [name]: text })
    expect(history.revisions.map(({ id }) => id)).toEqual([`${name}::__proto__::constructor`])
    const [migration] = migrations
    expect(migration?.up).toMatchObject({
      kind: 'script',
      gaps: [{ message: expect.stringMatching(/^__proto__ is no change/) }],
    })
  })
})

describe('a mebibyte is read within three seconds', () => {
  const fill = (part: string): string => part.repeat(Math.floor((1 << 20) / part.length) - 200)
  test.each([
    ['one line', fill('x')],
    ['spaces after a directive', `--changeset ${fill(' ')}`],
    ['colons after a directive', `--property ${fill(':')}`],
    ['quotes', `--changeset a:1\n${fill("'")}x`],
    ['backslashes', `--changeset a:1\n'${fill('\\')}`],
    ['comments that do not end', `--changeset a:1\n${fill('/*')}`],
    ['an open rollback', `--changeset a:1\nSELECT 1;\n/* liquibase rollback\n${fill('a \n')}`],
    ['begins', `--changeset a:1\n${fill('begin ')}`],
    ['dots', `--changeset a:1\n${fill('a.')}`],
    ['headers', fill('--changeset a:1\nSELECT 1;\n').slice(0, 200_000)],
  ])('of %s', (_, body) => {
    const before = processorTime()
    readTree({ 'db.changelog-master.sql': `--liquibase formatted sql\n${body}\n` })
    expect(processorTime() - before).toBeLessThan(3_000)
  })
})
